//! What happens to events and groups, inside a transaction and with the time as an argument.

use std::time::Duration;

use ottavo_blocks::pubsub::{Delivery, Receipt, Start};
use ottavo_core::{Error, Kind, Result};
use redb::{ReadableTable as _, StorageError};

use super::record;
use super::tables::{Counter, Tables};
use crate::commits::Failure;

/// What an event costs beside its record, about.
const OVERHEAD: u64 = 512;

/// What the store keeps at most.
#[derive(Clone, Copy)]
pub(super) struct Bounds {
    pub(super) events: u64,
    pub(super) bytes: u64,
    pub(super) retention: Duration,
}

/// An event to be added.
pub(super) struct New {
    pub(super) record: Vec<u8>,
    pub(super) key: Option<String>,
    pub(super) due: u64,
    pub(super) expires: u64,
}

/// One delivery of an event: a receipt names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Turn {
    pub(super) number: u64,
    pub(super) attempt: u32,
}

impl Turn {
    pub(super) fn parse(receipt: &Receipt) -> Result<Turn> {
        let parts = receipt.as_str().split_once('.');
        let turn = parts.and_then(|(number, attempt)| {
            Some(Turn { number: number.parse().ok()?, attempt: attempt.parse().ok()? })
        });
        turn.ok_or_else(|| receipt.unknown())
    }

    fn receipt(self) -> Receipt {
        Receipt::new(format!("{}.{}", self.number, self.attempt))
    }
}

/// What happens to a delivery.
#[derive(Clone, Copy)]
pub(super) enum Settling {
    Done,
    /// Not before then.
    Again(u64),
    /// Leased until then.
    Hold(u64),
}

/// What a consumer got, else when to look again.
pub(super) struct Taken {
    pub(super) deliveries: Vec<Delivery>,
    pub(super) due: Option<u64>,
}

impl Tables<'_> {
    /// The groups of a topic; none when nobody would get an event of it.
    pub(super) fn groups_of(&self, topic: &str) -> Result<Option<(u64, Vec<u64>)>, StorageError> {
        let Some(topic) = self.topics.get(topic)?.map(|number| number.value()) else {
            return Ok(None);
        };
        let groups = self.groups_in(topic)?;
        Ok(Some((topic, groups)))
    }

    fn groups_in(&self, topic: u64) -> Result<Vec<u64>, StorageError> {
        let mut groups = Vec::new();
        // no group comes before the empty name, and none has it
        for entry in self.groups.range((topic, "")..(topic + 1, ""))? {
            groups.push(entry?.1.value());
        }
        Ok(groups)
    }

    /// Whether there is room for one more event of the topic.
    pub(super) fn check_room(
        &self,
        topic: u64,
        name: &str,
        new: &New,
        bounds: Bounds,
    ) -> Result<(), Failure> {
        let count = self.counts.get(topic)?.map_or(0, |count| count.value());
        let bytes = self.counter(Counter::Bytes)? + OVERHEAD + new.record.len() as u64;
        let message = match () {
            () if count >= bounds.events => format!(
                "topic `{}` keeps {count} events that a group still waits for, the most \
                 (`max_events`): publish again later",
                name.escape_debug()
            ),
            () if bytes > bounds.bytes => format!(
                "the store keeps {} bytes of events, the most (`max_bytes`): publish again later",
                bounds.bytes
            ),
            () => return Ok(()),
        };
        Err(Error::new(Kind::Exhausted, message).into())
    }

    pub(super) fn add(
        &mut self,
        topic: u64,
        groups: &[u64],
        new: &New,
    ) -> Result<(), StorageError> {
        let number = self.next_number()?;
        let size = OVERHEAD + new.record.len() as u64;
        let key = new.key.as_deref();
        let row = (topic, new.due, new.expires, size, groups.len() as u64, key);
        self.kept.insert(number, row)?;
        self.events.insert(number, &*new.record)?;
        self.of_topic.insert((topic, number), ())?;
        self.expiry.insert((new.expires, number), ())?;
        self.count(topic, 1)?;
        self.set(Counter::Bytes, self.counter(Counter::Bytes)? + size)?;
        for group in groups {
            self.add_item(*group, number, new.due, key)?;
        }
        Ok(())
    }

    fn count(&mut self, topic: u64, by: i64) -> Result<(), StorageError> {
        let count = self.counts.get(topic)?.map_or(0, |count| count.value());
        self.counts.insert(topic, count.saturating_add_signed(by))?;
        Ok(())
    }

    fn add_item(
        &mut self,
        group: u64,
        number: u64,
        due: u64,
        key: Option<&str>,
    ) -> Result<(), StorageError> {
        self.items.insert((group, number), (due, 0, false))?;
        if let Some(key) = key {
            let first = self.first_of_key(group, key)?.is_none();
            self.keys.insert((group, key, number), ())?;
            if !first {
                return Ok(());
            }
        }
        self.line.insert((group, due, number), ())?;
        Ok(())
    }

    fn first_of_key(&self, group: u64, key: &str) -> Result<Option<u64>, StorageError> {
        let first = self.keys.range((group, key, 0)..=(group, key, u64::MAX))?.next();
        Ok(first.transpose()?.map(|(at, _)| at.value().2))
    }

    /// The group's number; it is made unless it is there.
    pub(super) fn subscribe(
        &mut self,
        topic: &str,
        group: &str,
        from: Start,
    ) -> Result<u64, StorageError> {
        let known = self.topics.get(topic)?.map(|number| number.value());
        let topic = match known {
            Some(number) => number,
            None => {
                let number = self.next_number()?;
                self.topics.insert(topic, number)?;
                number
            }
        };
        let number = self.next_number()?;
        self.groups.insert((topic, group), number)?;
        self.topic_of.insert(number, topic)?;
        if from == Start::Oldest {
            let mut kept = Vec::new();
            for entry in self.of_topic.range((topic, 0)..=(topic, u64::MAX))? {
                kept.push(entry?.0.value().1);
            }
            for event in kept {
                self.keep_for_one_more(number, event)?;
            }
        }
        Ok(number)
    }

    fn keep_for_one_more(&mut self, group: u64, number: u64) -> Result<(), StorageError> {
        let Some(row) = self.kept.get(number)?.map(|row| Row::of(row.value())) else {
            return Ok(());
        };
        let groups = row.groups + 1;
        self.put(number, &Row { groups, ..row.clone() })?;
        self.add_item(group, number, row.due, row.key.as_deref())
    }

    fn put(&mut self, number: u64, row: &Row) -> Result<(), StorageError> {
        let key = row.key.as_deref();
        self.kept.insert(number, (row.topic, row.due, row.expires, row.size, row.groups, key))?;
        Ok(())
    }

    pub(super) fn known(&self, topic: &str, group: &str) -> Result<Option<u64>, StorageError> {
        let Some(topic) = self.topics.get(topic)?.map(|number| number.value()) else {
            return Ok(None);
        };
        Ok(self.groups.get((topic, group))?.map(|number| number.value()))
    }

    pub(super) fn has_group(&self, group: u64) -> Result<bool, StorageError> {
        Ok(self.topic_of.get(group)?.is_some())
    }

    pub(super) fn unsubscribe(
        &mut self,
        topic: &str,
        name: &str,
        group: u64,
    ) -> Result<(), StorageError> {
        let Some(of) = self.topic_of.remove(group)?.map(|topic| topic.value()) else {
            return Ok(());
        };
        self.groups.remove((of, name))?;
        let mut waiting = Vec::new();
        for entry in self.items.range((group, 0)..=(group, u64::MAX))? {
            waiting.push(entry?.0.value().1);
        }
        for number in waiting {
            self.finish(group, number)?;
        }
        if self.groups_in(of)?.is_empty() {
            self.topics.remove(topic)?;
            self.counts.remove(of)?;
        }
        Ok(())
    }

    /// When the first in the group's line can be taken; none when nothing is in it.
    pub(super) fn first_due(&self, group: u64) -> Result<Option<u64>, StorageError> {
        let first = self.line.range((group, 0, 0)..=(group, u64::MAX, u64::MAX))?.next();
        Ok(first.transpose()?.map(|(at, _)| at.value().1))
    }

    /// Leases what is due.
    pub(super) fn take(
        &mut self,
        group: u64,
        max: usize,
        now: u64,
        until: u64,
    ) -> Result<Vec<Delivery>, StorageError> {
        let mut due = Vec::new();
        for entry in self.line.range((group, 0, 0)..=(group, now, u64::MAX))?.take(max) {
            let (_, at, number) = entry?.0.value();
            due.push((at, number));
        }
        let mut deliveries = Vec::with_capacity(due.len());
        for (at, number) in due {
            self.line.remove((group, at, number))?;
            let attempt = self.items.get((group, number))?.map_or(0, |item| item.value().1);
            let attempt = attempt.saturating_add(1);
            let Some(event) = self.event(number)? else {
                // it could never be delivered
                self.finish(group, number)?;
                continue;
            };
            self.items.insert((group, number), (until, attempt, true))?;
            self.line.insert((group, until, number), ())?;
            let receipt = Turn { number, attempt }.receipt();
            deliveries.push(Delivery { event, attempt, receipt });
        }
        Ok(deliveries)
    }

    fn event(&self, number: u64) -> Result<Option<ottavo_blocks::pubsub::Event>, StorageError> {
        let Some(record) = self.events.get(number)? else { return Ok(None) };
        match record::decode(record.value()) {
            Ok(event) => Ok(Some(event)),
            Err(error) => {
                tracing::error!(%error, number, "an event is lost");
                Ok(None)
            }
        }
    }

    pub(super) fn holds(&self, group: u64, turn: Turn) -> Result<bool, StorageError> {
        let item = self.items.get((group, turn.number))?.map(|item| item.value());
        Ok(item.is_some_and(|(_, attempt, held)| held && attempt == turn.attempt))
    }

    /// Settles a delivery that is held.
    pub(super) fn settle(
        &mut self,
        group: u64,
        turn: Turn,
        settling: Settling,
    ) -> Result<(), StorageError> {
        let (at, held) = match settling {
            Settling::Done => return self.finish(group, turn.number),
            Settling::Again(at) => (at, false),
            Settling::Hold(until) => (until, true),
        };
        let before = self.items.insert((group, turn.number), (at, turn.attempt, held))?;
        let before = before.map(|item| item.value().0);
        if let Some(due) = before {
            self.line.remove((group, due, turn.number))?;
        }
        self.line.insert((group, at, turn.number), ())?;
        Ok(())
    }

    /// The group waits no more for the event.
    fn finish(&mut self, group: u64, number: u64) -> Result<(), StorageError> {
        let Some(row) = self.kept.get(number)?.map(|row| Row::of(row.value())) else {
            return Ok(());
        };
        self.remove_item(group, number, row.key.as_deref())?;
        match row.groups {
            ..=1 => self.forget(number, &row),
            groups => self.put(number, &Row { groups: groups - 1, ..row }),
        }
    }

    fn remove_item(
        &mut self,
        group: u64,
        number: u64,
        key: Option<&str>,
    ) -> Result<(), StorageError> {
        let item = self.items.remove((group, number))?.map(|item| item.value().0);
        let Some(due) = item else { return Ok(()) };
        self.line.remove((group, due, number))?;
        let Some(key) = key else { return Ok(()) };
        self.keys.remove((group, key, number))?;
        let Some(next) = self.first_of_key(group, key)? else { return Ok(()) };
        let due = self.items.get((group, next))?.map(|item| item.value().0);
        if let Some(due) = due {
            // where it is already, when it was first before
            self.line.insert((group, due, next), ())?;
        }
        Ok(())
    }

    fn forget(&mut self, number: u64, row: &Row) -> Result<(), StorageError> {
        self.kept.remove(number)?;
        self.events.remove(number)?;
        self.of_topic.remove((row.topic, number))?;
        self.expiry.remove((row.expires, number))?;
        self.count(row.topic, -1)?;
        let bytes = self.counter(Counter::Bytes)?.saturating_sub(row.size);
        self.set(Counter::Bytes, bytes)
    }

    /// Whether an event has expired.
    pub(super) fn anything_expired(&self, now: u64) -> Result<bool, StorageError> {
        Ok(self.expiry.first()?.is_some_and(|(at, _)| at.value().0 <= now))
    }

    /// Removes events that have expired, at most `limit`, and returns how many.
    pub(super) fn collect(&mut self, now: u64, limit: usize) -> Result<usize, StorageError> {
        let mut expired = Vec::new();
        for entry in self.expiry.range(..=(now, u64::MAX))?.take(limit) {
            expired.push(entry?.0.value());
        }
        for (at, number) in &expired {
            self.expiry.remove((*at, *number))?;
            let row = self.kept.get(*number)?.map(|row| Row::of(row.value()));
            let Some(row) = row else { continue };
            for group in self.groups_in(row.topic)? {
                self.remove_item(group, *number, row.key.as_deref())?;
            }
            self.forget(*number, &row)?;
        }
        Ok(expired.len())
    }
}

#[derive(Clone)]
struct Row {
    topic: u64,
    due: u64,
    expires: u64,
    size: u64,
    groups: u64,
    key: Option<String>,
}

impl Row {
    fn of((topic, due, expires, size, groups, key): super::tables::KeptRow<'_>) -> Row {
        Row { topic, due, expires, size, groups, key: key.map(str::to_owned) }
    }
}
