//! The calls of one store, by operation.

use std::sync::OnceLock;
use std::time::Duration;

use ottavo_core::Kind;

use super::counter::{Counter, Gauge};
use super::histogram::Histogram;
use super::name::Metric;
use super::text::Text;

/// The most operations that any block has, with room to spare; further ones are not told apart.
const OPERATIONS: usize = 32;

/// `ok`, and every kind of error.
const OUTCOMES: usize = 17;
const OK: usize = OUTCOMES - 1;

/// What is counted of one store.
#[derive(Debug)]
pub struct StoreMeter {
    block: &'static str,
    name: String,
    driver: &'static str,
    up: Gauge,
    /// In the order in which they were first called, without gaps.
    operations: [OnceLock<Box<Operation>>; OPERATIONS],
}

#[derive(Debug)]
struct Operation {
    name: &'static str,
    outcomes: [Counter; OUTCOMES],
    took: Histogram,
}

impl StoreMeter {
    pub(super) fn new(block: &'static str, name: &str, driver: &'static str) -> StoreMeter {
        let operations = std::array::from_fn(|_| OnceLock::new());
        StoreMeter { block, name: name.to_owned(), driver, up: Gauge::default(), operations }
    }

    pub(super) fn is_of(&self, block: &str, name: &str) -> bool {
        self.block == block && self.name == name
    }

    /// What a probe found.
    pub fn set_up(&self, up: bool) {
        self.up.set(i64::from(up));
    }

    /// A call has begun.
    pub fn begin(&self, operation: &'static str) -> Watch<'_> {
        Watch(Some(self.operation(operation)))
    }

    fn operation(&self, name: &'static str) -> &Operation {
        let new = || Box::new(Operation::new(name));
        let mut known = self.operations.iter().map(|place| place.get_or_init(new));
        let found = known.find(|operation| operation.name == name);
        found.unwrap_or_else(|| self.operations[OPERATIONS - 1].get_or_init(new))
    }

    pub(super) fn write(&self, metric: Metric, text: &mut Text) {
        let (block, name, driver) = (self.block, self.name.as_str(), self.driver);
        let called = self.operations.iter().map_while(OnceLock::get);
        match metric {
            Metric::StoreUp => text.sample(metric, &[block, name, driver], self.up.get()),
            Metric::BlockCalls => {
                for operation in called {
                    for (outcome, count) in operation.outcomes() {
                        let values = [block, operation.name, name, driver, outcome];
                        text.sample(metric, &values, count);
                    }
                }
            }
            Metric::BlockCallDuration => {
                for operation in called {
                    let values = [block, operation.name, name, driver];
                    text.histogram(metric, &values, &operation.took);
                }
            }
            _ => {}
        }
    }
}

impl Operation {
    fn new(name: &'static str) -> Operation {
        Operation { name, outcomes: Default::default(), took: Histogram::default() }
    }

    fn outcomes(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let names = Kind::all().map(Kind::name).chain(["ok"]);
        names.zip(self.outcomes.iter().map(Counter::get)).filter(|(_, count)| *count > 0)
    }
}

/// A call under way. Dropped without an outcome, its caller is gone.
pub struct Watch<'a>(Option<&'a Operation>);

impl Watch<'_> {
    /// It ended: with this kind of error, or well.
    pub fn ended(mut self, error: Option<Kind>, took: Duration) {
        if let Some(operation) = self.0.take() {
            operation.outcomes[error.map_or(OK, |kind| kind as usize)].add();
            operation.took.observe(took);
        }
    }
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        if let Some(operation) = self.0 {
            operation.outcomes[Kind::Cancelled as usize].add();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_error_has_a_place() {
        assert_eq!(Kind::all().count(), OK);
        assert!(Kind::all().enumerate().all(|(at, kind)| kind as usize == at));
    }

    #[test]
    fn operations_keep_their_places_and_have_a_bound() {
        let store = StoreMeter::new("state", "default", "memory");
        let names: Vec<&'static str> =
            (0..OPERATIONS + 3).map(|n| &*format!("operation-{n}").leak()).collect();
        for name in names.iter().chain(&names[..3]) {
            store.begin(name).ended(None, Duration::ZERO);
        }
        let count = |place: &OnceLock<Box<Operation>>| place.get().map(|o| o.outcomes[OK].get());
        let counts: Vec<_> = store.operations.iter().map(count).collect();
        assert_eq!(counts[..4], [Some(2), Some(2), Some(2), Some(1)]);
        assert_eq!(counts[OPERATIONS - 1], Some(4));
    }
}
