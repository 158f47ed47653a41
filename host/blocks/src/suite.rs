//! What the behaviour suites of all blocks have in common: a case, what it came to, and how time
//! passes. A block's own cases stand in `<block>/suite`.

mod case;
mod report;
mod time;

use std::sync::Arc;

pub use case::{Case, Outcome, Verdict};
pub(crate) use case::{cases, ensure, equal, ok, refused};
pub use report::Report;
pub use time::Time;

/// What the cases of a block run on, `S` being its trait object.
pub struct Harness<S: ?Sized> {
    /// The implementer.
    pub store: Arc<S>,
    /// How to let time pass for it.
    pub time: Time,
}

impl<S: ?Sized> Clone for Harness<S> {
    fn clone(&self) -> Harness<S> {
        Harness { store: Arc::clone(&self.store), time: self.time.clone() }
    }
}

/// The part of a store that one case works in, which no other case touches, with the calls that the
/// block's cases make most.
pub trait Space: Sized + Send + Sync + 'static {
    /// The block's trait object.
    type Store: ?Sized + Send + Sync;
    /// What a store may claim beyond the core of its contract.
    type Capability: PartialEq + Sync + 'static;

    /// What this store claims.
    fn claimed(store: &Self::Store) -> &'static [Self::Capability];

    /// A part of its own for the case of this name, on each run.
    fn new(case: &str, harness: &Harness<Self::Store>) -> Self;
}

/// Runs every case, one after the other.
pub async fn run_all<S: Space>(cases: &[Case<S>], harness: &Harness<S::Store>) -> Report {
    let mut report = Report::default();
    for case in cases {
        report.add(case.name, case.run(harness).await);
    }
    report
}

/// Runs every case at the same time.
pub async fn run_all_at_once<S: Space>(cases: &[Case<S>], harness: &Harness<S::Store>) -> Report {
    let runs = cases.iter().map(async |case| (case.name, case.run(harness).await));
    let mut report = Report::default();
    for (name, outcome) in futures_util::future::join_all(runs).await {
        report.add(name, outcome);
    }
    report
}
