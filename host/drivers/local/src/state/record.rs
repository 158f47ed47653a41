//! How a key's record is laid out in the file: a form, the version, the expiry, and a small value.
//!
//! A large value stands in a table of its own, so that listing keys does not read it.

use bytes::Bytes;
use ottavo_blocks::state::Key;
use ottavo_core::clock::UnixMillis;
use ottavo_core::{Error, Kind, Result};

/// The largest value that stands in its record. A few of them share a page of the file (4 KiB).
pub(super) const SMALL: usize = 1024;

const HEADER: usize = 17;
const FORM_SMALL: u8 = 1;
const FORM_LARGE: u8 = 2;
const NEVER: u64 = u64::MAX;

/// One key's record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Record<'a> {
    pub(super) version: u64,
    pub(super) expires: Option<UnixMillis>,
    /// None when the value stands in the table of large ones.
    pub(super) small: Option<&'a [u8]>,
}

impl<'a> Record<'a> {
    /// Reads a record back.
    ///
    /// # Errors
    /// `data-loss` when it is none.
    pub(super) fn decode(key: &Key, bytes: &'a [u8]) -> Result<Record<'a>> {
        let (Some((&form, rest)), true) = (bytes.split_first(), bytes.len() >= HEADER) else {
            return Err(lost(key));
        };
        let (version, rest) = number(rest).ok_or_else(|| lost(key))?;
        let (expires, data) = number(rest).ok_or_else(|| lost(key))?;
        let small = match form {
            FORM_SMALL => Some(data),
            FORM_LARGE if data.is_empty() => None,
            _ => return Err(lost(key)),
        };
        if version == 0 {
            return Err(lost(key));
        }
        Ok(Record { version, expires: (expires != NEVER).then_some(expires), small })
    }

    pub(super) fn lives(&self, now: UnixMillis) -> bool {
        self.expires.is_none_or(|at| now < at)
    }
}

/// The bytes of a record for a value, which stands in it when it is small.
pub(super) fn encode(version: u64, expires: Option<UnixMillis>, data: &Bytes) -> Vec<u8> {
    let small: &[u8] = if is_small(data) { data } else { &[] };
    let mut bytes = Vec::with_capacity(HEADER + small.len());
    bytes.push(if is_small(data) { FORM_SMALL } else { FORM_LARGE });
    bytes.extend_from_slice(&version.to_le_bytes());
    bytes.extend_from_slice(&expires.unwrap_or(NEVER).to_le_bytes());
    bytes.extend_from_slice(small);
    bytes
}

pub(super) fn is_small(data: &Bytes) -> bool {
    data.len() <= SMALL
}

/// The value of `key` is there but cannot be read.
pub(super) fn lost(key: &Key) -> Error {
    let key = key.as_str().escape_debug();
    Error::new(Kind::DataLoss, format!("the value of key `{key}` cannot be read back"))
}

fn number(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let (number, rest) = bytes.split_first_chunk()?;
    Some((u64::from_le_bytes(*number), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_reads_back() {
        let key = Key::parse("a").expect("valid");
        for (data, small) in [(vec![], true), (vec![7; SMALL], true), (vec![7; SMALL + 1], false)] {
            for expires in [None, Some(0), Some(1_700_000_000_000)] {
                let data = Bytes::from(data.clone());
                let bytes = encode(9, expires, &data);
                let small = small.then_some(&*data);
                let expected = Record { version: 9, expires, small };
                assert_eq!(Record::decode(&key, &bytes).expect("decode"), expected);
            }
        }
    }

    #[test]
    fn what_is_no_record_is_data_loss() {
        let key = Key::parse("a").expect("valid");
        let good = encode(9, None, &Bytes::from_static(b"data"));
        let mut unknown_form = good.clone();
        unknown_form[0] = 3;
        let mut large_with_data = good.clone();
        large_with_data[0] = FORM_LARGE;
        let no_version = encode(0, None, &Bytes::new());
        for bad in [&[][..], &good[..HEADER - 1], &unknown_form, &large_with_data, &no_version] {
            let error = Record::decode(&key, bad).expect_err("no record");
            assert_eq!(error.kind(), Kind::DataLoss);
        }
    }
}
