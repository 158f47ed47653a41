//! The behaviour suite of state: every rule of [`State`] as a case, written once.
//!
//! A case knows nothing but the trait, so the same cases run over a driver, over a client of the
//! gRPC door and over a relay through a guest. Each works in a key space of its own, so that one
//! store can run all of them, concurrently and repeatedly, beside other data. Errors are compared
//! by kind and by the details that the trait names.

mod batches;
mod concurrency;
mod expiry;
mod increment;
mod listing;
pub mod model;
mod preconditions;
mod reads;
mod space;
mod transact;
mod writes;

use std::sync::LazyLock;

pub use crate::suite::{Outcome, Report, Time};

use super::{Capability, State};
use crate::suite::{self, Case};
use space::Space;

/// What the cases run on.
pub type Harness = suite::Harness<dyn State>;

/// Every case, theme by theme.
fn cases() -> &'static [Case<Space>] {
    static ALL: LazyLock<Vec<Case<Space>>> = LazyLock::new(|| {
        [
            reads::CASES,
            writes::CASES,
            preconditions::CASES,
            expiry::CASES,
            batches::CASES,
            transact::CASES,
            increment::CASES,
            listing::CASES,
            concurrency::CASES,
        ]
        .concat()
    });
    &ALL
}

/// Runs every case, one after the other.
pub async fn run_all(harness: &Harness) -> Report {
    suite::run_all(cases(), harness).await
}

/// Runs every case at the same time.
pub async fn run_all_at_once(harness: &Harness) -> Report {
    suite::run_all_at_once(cases(), harness).await
}
