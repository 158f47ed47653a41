//! Writes and removals, with their preconditions and expiry.

use std::borrow::Cow;
use std::time::Duration;

use crate::bindings::ottavo::runtime::state as wit;
#[cfg(feature = "json")]
use crate::{Error, Result};

/// A key with what to write there.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    key: Cow<'a, str>,
    data: Cow<'a, [u8]>,
    precondition: Precondition<'a>,
    expiry: Expiry,
    options: Vec<(&'a str, &'a str)>,
}

impl<'a> Entry<'a> {
    /// Writes bytes or text, whatever is there, and keeps the key's expiry.
    pub fn new(key: impl Into<Cow<'a, str>>, data: &'a (impl AsRef<[u8]> + ?Sized)) -> Entry<'a> {
        Entry::of(key.into(), Cow::Borrowed(data.as_ref()))
    }

    /// Writes a value as JSON.
    ///
    /// # Errors
    /// `internal` when the value has no JSON form.
    #[cfg(feature = "json")]
    pub fn json<T: serde::Serialize + ?Sized>(
        key: impl Into<Cow<'a, str>>,
        value: &T,
    ) -> Result<Entry<'a>> {
        let key = key.into();
        let data = serde_json::to_vec(value)
            .map_err(|error| Error::internal(format!("writing `{key}` as JSON: {error}")))?;
        Ok(Entry::of(key, Cow::Owned(data)))
    }

    fn of(key: Cow<'a, str>, data: Cow<'a, [u8]>) -> Entry<'a> {
        let (precondition, expiry) = (Precondition::Any, Expiry::Keep);
        Entry { key, data, precondition, expiry, options: Vec::new() }
    }

    /// Only when the key is missing.
    #[must_use]
    pub fn if_absent(mut self) -> Entry<'a> {
        self.precondition = Precondition::Absent;
        self
    }

    /// Only while the etag is this one.
    #[must_use]
    pub fn if_match(mut self, etag: impl Into<Cow<'a, str>>) -> Entry<'a> {
        self.precondition = Precondition::Match(etag.into());
        self
    }

    /// Gone after this time, in whole milliseconds.
    #[must_use]
    pub fn expires_in(self, time: Duration) -> Entry<'a> {
        self.expiry(Expiry::After(time))
    }

    /// Never gone by itself.
    #[must_use]
    pub fn never_expires(self) -> Entry<'a> {
        self.expiry(Expiry::Never)
    }

    /// Any expiry.
    #[must_use]
    pub fn expiry(mut self, expiry: Expiry) -> Entry<'a> {
        self.expiry = expiry;
        self
    }

    /// Adds an option for the driver.
    #[must_use]
    pub fn option(mut self, name: &'a str, value: &'a str) -> Entry<'a> {
        self.options.push((name, value));
        self
    }

    pub(super) fn lower(&self) -> wit::Entry<'_> {
        wit::Entry {
            key: &self.key,
            data: &self.data,
            precondition: self.precondition.lower(),
            expiry: self.expiry.lower(),
            options: &self.options,
        }
    }
}

/// A key to remove, or, in a transaction, to look at.
#[derive(Clone, Debug)]
pub struct Removal<'a> {
    key: Cow<'a, str>,
    precondition: Precondition<'a>,
}

impl<'a> Removal<'a> {
    /// Whatever is there.
    pub fn new(key: impl Into<Cow<'a, str>>) -> Removal<'a> {
        Removal { key: key.into(), precondition: Precondition::Any }
    }

    /// Only when the key is missing: for the checks of a transaction.
    #[must_use]
    pub fn if_absent(mut self) -> Removal<'a> {
        self.precondition = Precondition::Absent;
        self
    }

    /// Only while the etag is this one.
    #[must_use]
    pub fn if_match(mut self, etag: impl Into<Cow<'a, str>>) -> Removal<'a> {
        self.precondition = Precondition::Match(etag.into());
        self
    }

    pub(super) fn lower(&self) -> wit::Removal<'_> {
        wit::Removal { key: &self.key, precondition: self.precondition.lower() }
    }
}

impl<'a> From<&'a str> for Removal<'a> {
    fn from(key: &'a str) -> Removal<'a> {
        Removal::new(key)
    }
}

/// When a key goes by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Expiry {
    /// As it was; a new key never expires.
    #[default]
    Keep,
    /// Never.
    Never,
    /// After this time, in whole milliseconds.
    After(Duration),
}

impl Expiry {
    pub(super) fn lower(self) -> wit::Expiry {
        match self {
            Expiry::Keep => wit::Expiry::Keep,
            Expiry::Never => wit::Expiry::Never,
            Expiry::After(time) => {
                wit::Expiry::After(u64::try_from(time.as_millis()).unwrap_or(u64::MAX))
            }
        }
    }
}

#[derive(Clone, Debug)]
enum Precondition<'a> {
    Any,
    Absent,
    Match(Cow<'a, str>),
}

impl Precondition<'_> {
    fn lower(&self) -> wit::Precondition<'_> {
        match self {
            Precondition::Any => wit::Precondition::Any,
            Precondition::Absent => wit::Precondition::Absent,
            Precondition::Match(etag) => wit::Precondition::Match(etag),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_carries_everything_it_was_given() {
        let plain = Entry::new("k", "v");
        let lowered = plain.lower();
        assert_eq!((lowered.key, lowered.data), ("k", &b"v"[..]));
        assert!(matches!(lowered.precondition, wit::Precondition::Any));
        assert!(matches!(lowered.expiry, wit::Expiry::Keep));
        let full = Entry::new("k", &[1, 2])
            .if_match("7")
            .expires_in(Duration::from_millis(1500))
            .option("consistency", "strong");
        let lowered = full.lower();
        assert!(matches!(lowered.precondition, wit::Precondition::Match("7")));
        assert!(matches!(lowered.expiry, wit::Expiry::After(1500)));
        assert_eq!(lowered.options, [("consistency", "strong")]);
    }

    #[test]
    fn a_time_beyond_the_range_is_the_longest() {
        assert!(matches!(Expiry::After(Duration::MAX).lower(), wit::Expiry::After(u64::MAX)));
    }

    #[cfg(feature = "json")]
    #[test]
    fn a_value_is_written_as_json() {
        assert_eq!(Entry::json("k", &[1, 2]).unwrap().lower().data, b"[1,2]");
    }
}
