//! The behaviour suite of bindings: every rule of [`Binding`] as a case, written once.
//!
//! The cases that go through want a binding that claims [`Capability::Echo`]: `create` is answered with
//! the data that it was sent, and with the pairs whose names begin with `X-Suite`. Those of what comes
//! in want one that claims [`Capability::Loop`].

mod input;
mod invoke;
mod space;

use std::sync::LazyLock;

pub use crate::suite::{Outcome, Report, Time};

use super::{Binding, Capability};
use crate::suite::{self, Case};
use space::Space;

/// What the cases run on.
pub type Harness = suite::Harness<dyn Binding>;

/// Every case.
fn cases() -> &'static [Case<Space>] {
    static ALL: LazyLock<Vec<Case<Space>>> =
        LazyLock::new(|| [invoke::CASES, input::CASES].concat());
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
