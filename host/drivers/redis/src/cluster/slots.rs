//! Which node has which of the 16,384 slots, and which slot a key is in.

use std::sync::LazyLock;

use redis::Value;

/// Host and port.
pub(crate) type Address = (String, u16);

const SLOTS: usize = 16_384;

/// The owner of each slot, by its place among the addresses.
#[derive(Default)]
pub(super) struct Slots {
    addresses: Vec<Address>,
    owners: Vec<Option<u16>>,
}

impl Slots {
    /// Of `CLUSTER SLOTS`, as the node at `from` answered it: a node without a host means itself.
    pub(super) fn read(answer: &Value, from: &Address) -> Option<Slots> {
        let Value::Array(ranges) = answer else { return None };
        let mut slots = Slots::default();
        for range in ranges {
            let Value::Array(range) = range else { return None };
            let [Value::Int(first), Value::Int(last), Value::Array(master), ..] = &range[..] else {
                return None;
            };
            let [host, Value::Int(port), ..] = &master[..] else { return None };
            let host = match host {
                Value::BulkString(host) if !host.is_empty() && host != b"?" => {
                    String::from_utf8(host.clone()).ok()?
                }
                _ => from.0.clone(),
            };
            let address = (host, u16::try_from(*port).ok()?);
            for slot in u16::try_from(*first).ok()?..=u16::try_from(*last).ok()? {
                slots.moved(slot, address.clone());
            }
        }
        Some(slots)
    }

    pub(super) fn owner(&self, slot: u16) -> Option<Address> {
        let owner = (*self.owners.get(usize::from(slot))?)?;
        self.addresses.get(usize::from(owner)).cloned()
    }

    pub(super) fn moved(&mut self, slot: u16, to: Address) {
        let known = self.addresses.iter().position(|address| *address == to);
        let place = known.unwrap_or_else(|| {
            self.addresses.push(to);
            self.addresses.len() - 1
        });
        self.owners.resize(SLOTS, None);
        if let Some(owner) = self.owners.get_mut(usize::from(slot)) {
            *owner = u16::try_from(place).ok();
        }
    }

    pub(super) fn addresses(&self) -> Vec<Address> {
        self.addresses.clone()
    }

    /// The first slot of each node, in order.
    pub(super) fn firsts(&self) -> Vec<u16> {
        let first =
            |place| self.owners.iter().position(|owner| *owner == u16::try_from(place).ok());
        let firsts = (0..self.addresses.len()).filter_map(first);
        let mut firsts: Vec<_> = firsts.filter_map(|slot| u16::try_from(slot).ok()).collect();
        firsts.sort_unstable();
        firsts
    }
}

/// The slot of a key: of what stands in its first braces, if anything does.
pub(crate) fn slot(key: &str) -> u16 {
    let tag = key.split_once('{').and_then(|(_, rest)| rest.split_once('}')).map(|(tag, _)| tag);
    let hashed = tag.filter(|tag| !tag.is_empty()).unwrap_or(key);
    crc16(hashed.as_bytes()) % 16_384
}

/// A short text that is in the slot: in braces, it brings a key there.
pub(crate) fn tag(slot: u16) -> u32 {
    static TAGS: LazyLock<Vec<u32>> = LazyLock::new(|| {
        let (mut tags, mut missing) = (vec![None; SLOTS], SLOTS);
        let mut numbers = 0u32..;
        while missing > 0 {
            let number = numbers.next().unwrap_or_default();
            let place = usize::from(crc16(number.to_string().as_bytes())) % SLOTS;
            if tags[place].is_none() {
                (tags[place], missing) = (Some(number), missing - 1);
            }
        }
        tags.into_iter().flatten().collect()
    });
    TAGS[usize::from(slot) % SLOTS]
}

/// CRC-16/XMODEM.
fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |crc, byte| {
        (0..8).fold(crc ^ (u16::from(*byte) << 8), |crc: u16, _| match crc & 0x8000 {
            0 => crc << 1,
            _ => (crc << 1) ^ 0x1021,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_the_slots_that_redis_gives_them() {
        assert_eq!(crc16(b"123456789"), 0x31c3);
        // redis-cli cluster keyslot KEY
        for (key, expected) in [("foo", 12182), ("{foo}bar", 12182), ("x{foo}{bar}", 12182)] {
            assert_eq!(slot(key), expected, "{key}");
        }
        assert_eq!(slot("{}foo"), crc16(b"{}foo") % 16_384);
        assert_eq!(slot("{foo"), crc16(b"{foo") % 16_384);
    }

    #[test]
    fn every_slot_has_a_tag() {
        for expected in 0..16_384 {
            assert_eq!(slot(&format!("any{{{}}}thing", tag(expected))), expected);
        }
    }

    #[test]
    fn a_slot_that_moves_has_a_new_owner() {
        let node = |host: &str, port| {
            let host = Value::BulkString(host.as_bytes().to_vec());
            Value::Array(vec![host, Value::Int(port), Value::BulkString(b"id".to_vec())])
        };
        let range =
            |first, last, node| Value::Array(vec![Value::Int(first), Value::Int(last), node]);
        let answer =
            Value::Array(vec![range(0, 99, node("a", 1)), range(100, 16_383, node("", 2))]);
        let mut slots = Slots::read(&answer, &("seed".to_owned(), 9)).expect("an answer");
        assert_eq!(slots.owner(99), Some(("a".to_owned(), 1)));
        assert_eq!(slots.owner(100), Some(("seed".to_owned(), 2)));
        assert_eq!(slots.firsts(), [0, 100]);
        slots.moved(0, ("b".to_owned(), 3));
        assert_eq!(slots.owner(0), Some(("b".to_owned(), 3)));
        assert_eq!(slots.firsts(), [0, 1, 100]);
    }
}
