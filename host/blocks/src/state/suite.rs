//! The behaviour suite of state: every rule of [`State`] as a case, written once.
//!
//! A case knows nothing but the trait, so the same cases run over a driver, over a client of the
//! gRPC door and over a relay through a guest. Each works in a key space of its own, so that one
//! store can run all of them, concurrently and repeatedly, beside other data. Errors are compared
//! by kind and by the details that the trait names.

mod batches;
mod case;
mod concurrency;
mod expiry;
mod increment;
mod listing;
pub mod model;
mod preconditions;
mod reads;
mod report;
mod space;
mod transact;
mod writes;

use std::sync::{Arc, LazyLock};

use ottavo_core::clock::ManualClock;

pub use case::{Case, Outcome};
pub use report::Report;

use super::State;

/// What the cases run on.
#[derive(Clone)]
pub struct Harness {
    /// The implementer.
    pub store: Arc<dyn State>,
    /// How to let time pass for it.
    pub time: Time,
}

/// How the cases let time pass.
#[derive(Clone)]
pub enum Time {
    /// The store has this clock, and the cases advance it.
    Manual(Arc<ManualClock>),
    /// The store has a clock out of reach: the cases wait, polling to a deadline.
    Real,
}

/// Every case, theme by theme.
pub fn cases() -> &'static [Case] {
    static ALL: LazyLock<Vec<Case>> = LazyLock::new(|| {
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

/// Runs one case.
pub async fn run(case: &Case, harness: &Harness) -> Outcome {
    case.run(harness).await
}

/// Runs every case, one after the other.
pub async fn run_all(harness: &Harness) -> Report {
    let mut report = Report::default();
    for case in cases() {
        report.add(case.name, case.run(harness).await);
    }
    report
}

/// Runs every case at the same time.
pub async fn run_all_at_once(harness: &Harness) -> Report {
    let runs = cases().iter().map(async |case| (case.name, case.run(harness).await));
    let mut report = Report::default();
    for (name, outcome) in futures_util::future::join_all(runs).await {
        report.add(name, outcome);
    }
    report
}
