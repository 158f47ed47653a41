//! The values that go in and out of a state store.

use std::time::Duration;

use bytes::Bytes;

use super::{Etag, Key};
use crate::Options;

/// The largest value, in bytes: 4 MiB less 64 KiB for the envelope, so that it passes every door.
pub const MAX_VALUE: usize = (4 << 20) - (64 << 10);

/// The largest batch or transaction, in items.
pub const MAX_BATCH: usize = 1000;

/// A value as read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// The bytes as they were written.
    pub data: Bytes,
    /// The version that was read.
    pub etag: Etag,
}

/// How a write treats what is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Precondition {
    /// Writes in any case.
    #[default]
    Any,
    /// Only when the key is missing.
    Absent,
    /// Only while the etag is this one.
    Match(Etag),
}

/// When a value goes away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Expiry {
    /// As it was; a new key never expires.
    #[default]
    Keep,
    /// Never.
    Never,
    /// This long from now; zero is gone at once.
    After(Duration),
}

/// One write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Which key.
    pub key: Key,
    /// Its new value.
    pub data: Bytes,
    /// How to treat what is there.
    pub precondition: Precondition,
    /// When it goes away.
    pub expiry: Expiry,
    /// Steers the driver.
    pub options: Options,
}

impl Entry {
    /// Writes `data` in any case, leaving the expiry as it was.
    pub fn new(key: Key, data: impl Into<Bytes>) -> Entry {
        Entry {
            key,
            data: data.into(),
            precondition: Precondition::Any,
            expiry: Expiry::Keep,
            options: Options::default(),
        }
    }
}

/// One deletion, or one check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removal {
    /// Which key.
    pub key: Key,
    /// How to treat what is there.
    pub precondition: Precondition,
}

/// One step of a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// As `set`.
    Upsert(Entry),
    /// As `delete`.
    Remove(Removal),
    /// Fails the whole unless the precondition holds; writes nothing. [`Precondition::Any`] always
    /// holds.
    Check(Removal),
    /// As `increment`, with no expiry for a new key.
    Increment(Key, i64),
}

impl Operation {
    /// The key it is about.
    pub fn key(&self) -> &Key {
        match self {
            Operation::Upsert(entry) => &entry.key,
            Operation::Remove(removal) | Operation::Check(removal) => &removal.key,
            Operation::Increment(key, _) => key,
        }
    }
}

/// One page of keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyPage {
    /// In the driver's own order.
    pub keys: Vec<Key>,
    /// The cursor of the next page; none on the last.
    pub next: Option<String>,
}

/// What a store can do beyond the core of the contract. The suite runs what is claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Capability {
    /// An acknowledged write survives the end of the process and of the machine.
    Durable,
    /// Several hosts see the same data.
    Shared,
    /// `transact` takes any keys.
    Transact,
    /// An etag is never given twice for one key, even after a delete.
    EtagsNeverReturn,
}
