//! Keys in and out of a store that has a prefix for them: once, for every driver and both doors.
//!
//! A key of a caller never has the separator, so that no caller can name a key of another app, and
//! a listing leaves out the keys that no caller of the store can name.

use ottavo_blocks::file::{FileName, NewFile};
use ottavo_blocks::lock::Claim;
use ottavo_blocks::pubsub::Topic;
use ottavo_blocks::state::{Entry, Key, KeyPage, Operation, Removal};
use ottavo_core::{Error, KeyPrefix};

/// What goes to a driver with a key in it.
pub(crate) trait Prefixed {
    /// With the key as the driver holds it.
    fn within(self, prefix: &KeyPrefix) -> Self;
}

impl Prefixed for Key {
    fn within(self, prefix: &KeyPrefix) -> Key {
        Key::within(self, prefix)
    }
}

impl Prefixed for Claim {
    fn within(self, prefix: &KeyPrefix) -> Claim {
        Claim { resource: self.resource.within(prefix), ..self }
    }
}

impl Prefixed for Topic {
    fn within(self, prefix: &KeyPrefix) -> Topic {
        Topic::within(self, prefix)
    }
}

impl Prefixed for Entry {
    fn within(self, prefix: &KeyPrefix) -> Entry {
        Entry { key: self.key.within(prefix), ..self }
    }
}

impl Prefixed for Removal {
    fn within(self, prefix: &KeyPrefix) -> Removal {
        Removal { key: self.key.within(prefix), ..self }
    }
}

impl Prefixed for Operation {
    fn within(self, prefix: &KeyPrefix) -> Operation {
        match self {
            Operation::Upsert(entry) => Operation::Upsert(entry.within(prefix)),
            Operation::Remove(removal) => Operation::Remove(removal.within(prefix)),
            Operation::Check(check) => Operation::Check(check.within(prefix)),
            Operation::Increment(key, delta) => Operation::Increment(key.within(prefix), delta),
        }
    }
}

impl Prefixed for FileName {
    fn within(self, prefix: &KeyPrefix) -> FileName {
        FileName::within(self, prefix)
    }
}

impl Prefixed for NewFile {
    fn within(self, prefix: &KeyPrefix) -> NewFile {
        NewFile { name: self.name.within(prefix), ..self }
    }
}

/// The beginning of keys as the driver holds them.
pub(crate) fn join(prefix: &KeyPrefix, keys: &str) -> String {
    format!("{prefix}{keys}")
}

/// A page as the caller knows its keys.
pub(crate) fn known(prefix: &KeyPrefix, page: KeyPage) -> KeyPage {
    let keys = page.keys.into_iter().filter_map(|key| key.without(prefix)).collect();
    KeyPage { keys, next: page.next }
}

/// An error of a driver as the caller knows its keys: messages name keys in backticks, and nothing
/// else in them can begin like a prefixed key.
pub(crate) fn own(prefix: &KeyPrefix, error: Error) -> Error {
    if prefix.is_none() {
        return error;
    }
    let held = format!("`{}", prefix.as_str().escape_debug());
    error.map_message(|message| message.replace(&held, "`"))
}
