//! The behaviour suite of service invocation: every rule of [`Invoke`] as a case, written once.
//!
//! The store under test knows the app [`PEER`], which answers as `Peer` of `tests/support` does; a
//! function that stands in for it speaks the same.

mod answers;
mod limits;
mod requests;
mod space;

use std::sync::LazyLock;

pub use crate::suite::{Outcome, Report, Time};

use super::{Capability, Invoke};
use crate::suite::{self, Case};
use space::Space;

/// The app that the cases call.
pub const PEER: &str = "peer";

/// An app that does not exist.
pub const NOBODY: &str = "nobody";

/// The largest answer that the cases allow: a door that has a limit of its own must have this one.
pub const MOST: u64 = 4 << 20;

/// What the cases run on.
pub type Harness = suite::Harness<dyn Invoke>;

/// Every case, theme by theme.
fn cases() -> &'static [Case<Space>] {
    static ALL: LazyLock<Vec<Case<Space>>> =
        LazyLock::new(|| [requests::CASES, answers::CASES, limits::CASES].concat());
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
