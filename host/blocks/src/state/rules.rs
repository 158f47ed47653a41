//! What the words of a write mean, for drivers that evaluate them themselves.
//!
//! A driver whose backend evaluates them (in a script, say) does not need this; the suite holds it
//! to the same rules.

use bytes::Bytes;
use ottavo_core::clock::UnixMillis;
use ottavo_core::{Error, Kind, Result};

use super::{Etag, Expiry, Key, MAX_VALUE, Precondition};

impl Precondition {
    /// Compares with the version of what is there; none when the key is missing.
    ///
    /// # Errors
    /// `conflict` when it does not hold.
    pub fn check(&self, key: &Key, version: Option<u64>) -> Result<()> {
        let holds = match (self, version) {
            (Precondition::Any, _) | (Precondition::Absent, None) => true,
            (Precondition::Absent, Some(_)) | (Precondition::Match(_), None) => false,
            (Precondition::Match(etag), Some(version)) => *etag == Etag::from_version(version),
        };
        if holds {
            return Ok(());
        }
        let key = key.as_str().escape_debug();
        Err(Error::new(
            Kind::Conflict,
            match (self, version) {
                (Precondition::Match(etag), Some(_)) => {
                    let etag = etag.as_str().escape_debug();
                    format!("the etag of key `{key}` is no longer `{etag}`: read it again")
                }
                (Precondition::Match(_), None) => format!("key `{key}` does not exist"),
                _ => format!("key `{key}` exists already"),
            },
        ))
    }
}

impl Expiry {
    /// When a value written now goes away, `current` being the expiry of what is there.
    pub fn at(self, now: UnixMillis, current: Option<UnixMillis>) -> Option<UnixMillis> {
        match self {
            Expiry::Keep => current,
            Expiry::Never => None,
            Expiry::After(span) => {
                Some(now.saturating_add(u64::try_from(span.as_millis()).unwrap_or(u64::MAX)))
            }
        }
    }
}

/// Refuses a value over [`MAX_VALUE`].
///
/// # Errors
/// `too-large` with both sizes.
pub fn check_size(key: &Key, data: &Bytes) -> Result<()> {
    if data.len() <= MAX_VALUE {
        return Ok(());
    }
    let (key, size) = (key.as_str().escape_debug(), data.len());
    let message = format!("the value of key `{key}` has {size} bytes: use at most {MAX_VALUE}");
    Err(Error::new(Kind::TooLarge, message).with_detail("limit", MAX_VALUE.to_string()))
}

/// The sum of an increment, `current` being the bytes that are there.
///
/// Only the canonical text of an `i64` counts as an integer: `+5`, `05` and `-0` would come back
/// from an increment by 0 as other bytes.
///
/// # Errors
/// `failed-precondition` when they are no integer, or when the sum is beyond `i64`.
pub fn sum(key: &Key, current: Option<&[u8]>, delta: i64) -> Result<i64> {
    let refuse = |what: &str| {
        let key = key.as_str().escape_debug();
        Error::new(Kind::FailedPrecondition, format!("cannot add `{delta}` to key `{key}`: {what}"))
    };
    let start = match current {
        None => 0,
        Some(bytes) => {
            integer(bytes).ok_or_else(|| refuse("its value is not a decimal 64-bit integer"))?
        }
    };
    start.checked_add(delta).ok_or_else(|| refuse("the sum is beyond 64 bits"))
}

fn integer(bytes: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(bytes).ok()?;
    let number: i64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}
