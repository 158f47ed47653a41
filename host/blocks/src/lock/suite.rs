//! The behaviour suite of locks: every rule of [`Lock`] as a case, written once.
//!
//! A case knows nothing but the trait, so the same cases run over a driver, over a client of the
//! gRPC door and over a relay through a guest. Each works with resources of its own, so that one
//! store can run all of them, concurrently and repeatedly, beside other locks.

mod exclusion;
mod expiry;
pub mod model;
mod space;
mod tokens;
mod unlocking;
mod waiting;

use std::sync::LazyLock;

pub use crate::suite::{Outcome, Report, Time};

use super::Lock;
use crate::suite::{self, Case};
use space::Space;

/// What the cases run on.
pub type Harness = suite::Harness<dyn Lock>;

/// Every case, theme by theme.
fn cases() -> &'static [Case<Space>] {
    static ALL: LazyLock<Vec<Case<Space>>> = LazyLock::new(|| {
        [exclusion::CASES, unlocking::CASES, expiry::CASES, tokens::CASES, waiting::CASES].concat()
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
