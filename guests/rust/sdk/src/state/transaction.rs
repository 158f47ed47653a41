//! Several steps that happen together or not at all.

use std::borrow::Cow;

use super::{Entry, Removal};
use crate::bindings::ottavo::runtime::state as wit;

/// Steps in order. Give it to [`Store::transact`](super::Store::transact).
///
/// ```
/// use ottavo_sdk::state::{Entry, Removal, Transaction};
///
/// let transfer = Transaction::new()
///     .check(Removal::new("lock").if_absent())
///     .increment("from", -5)
///     .increment("to", 5)
///     .upsert(Entry::new("last", "from -> to"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Transaction<'a> {
    steps: Vec<Step<'a>>,
}

#[derive(Clone, Debug)]
enum Step<'a> {
    Upsert(Entry<'a>),
    Remove(Removal<'a>),
    Check(Removal<'a>),
    Increment(Cow<'a, str>, i64),
}

impl<'a> Transaction<'a> {
    /// Without steps yet.
    pub fn new() -> Transaction<'a> {
        Transaction::default()
    }

    /// Writes an entry.
    #[must_use]
    pub fn upsert(self, entry: Entry<'a>) -> Transaction<'a> {
        self.step(Step::Upsert(entry))
    }

    /// Removes a key.
    #[must_use]
    pub fn remove(self, removal: impl Into<Removal<'a>>) -> Transaction<'a> {
        self.step(Step::Remove(removal.into()))
    }

    /// Fails the whole unless the precondition holds; writes nothing.
    #[must_use]
    pub fn check(self, removal: Removal<'a>) -> Transaction<'a> {
        self.step(Step::Check(removal))
    }

    /// Adds to a decimal integer.
    #[must_use]
    pub fn increment(self, key: impl Into<Cow<'a, str>>, delta: i64) -> Transaction<'a> {
        self.step(Step::Increment(key.into(), delta))
    }

    fn step(mut self, step: Step<'a>) -> Transaction<'a> {
        self.steps.push(step);
        self
    }

    pub(super) fn lower(&self) -> Vec<wit::Operation<'_>> {
        self.steps
            .iter()
            .map(|step| match step {
                Step::Upsert(entry) => wit::Operation::Upsert(entry.lower()),
                Step::Remove(removal) => wit::Operation::Remove(removal.lower()),
                Step::Check(removal) => wit::Operation::Check(removal.lower()),
                Step::Increment(key, delta) => wit::Operation::Increment((key, *delta)),
            })
            .collect()
    }
}
