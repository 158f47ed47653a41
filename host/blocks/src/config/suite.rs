//! The behaviour suite of configuration: every rule of [`Config`] as a case, written once.
//!
//! Each case works in an app id of its own, so that one store can run all of them, concurrently and
//! repeatedly, beside other data.

mod items;
mod scopes;
mod space;
mod updates;

use std::sync::LazyLock;

pub use crate::suite::{Outcome, Report, Time};

use super::{Capability, Config};
use crate::suite::{self, Case};
use space::Space;

/// What the cases run on.
pub type Harness = suite::Harness<dyn Config>;

/// Every case, theme by theme.
fn cases() -> &'static [Case<Space>] {
    static ALL: LazyLock<Vec<Case<Space>>> =
        LazyLock::new(|| [items::CASES, scopes::CASES, updates::CASES].concat());
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
