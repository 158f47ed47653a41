//! The behaviour suite of files: every rule of [`File`] as a case, written once.
//!
//! A case knows nothing but the trait, so the same cases run over a driver, over a client of the
//! gRPC door and over a relay through a guest. Each works under a prefix of its own.

mod attributes;
mod concurrency;
mod listing;
mod preconditions;
mod reads;
mod space;
mod writes;

use std::sync::LazyLock;

pub use crate::suite::{Outcome, Report, Time};

use super::{Capability, File};
use crate::suite::{self, Case};
use space::Space;

/// What the cases run on.
pub type Harness = suite::Harness<dyn File>;

/// Every case, theme by theme.
fn cases() -> &'static [Case<Space>] {
    static ALL: LazyLock<Vec<Case<Space>>> = LazyLock::new(|| {
        [
            reads::CASES,
            writes::CASES,
            attributes::CASES,
            preconditions::CASES,
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
