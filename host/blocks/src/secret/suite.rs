//! The behaviour suite of secrets: every rule of [`Secrets`] as a case, written once.
//!
//! Nothing can be written through the trait, so who runs the cases puts [`FIXTURE`] into the store
//! beforehand. Others may be there too.

mod reads;
mod space;

pub use crate::suite::{Outcome, Report, Time};

use super::{Capability, Secrets};
use crate::suite::{self, Case};
use space::Space;

/// What the cases run on.
pub type Harness = suite::Harness<dyn Secrets>;

/// The secrets that the store must have, and no others whose name begins with `suite`. Their names
/// are such that a variable of the environment can have them.
pub const FIXTURE: [(&str, &str); 6] = [
    ("suite/token", "hunter2"),
    ("suite/db/user", "app"),
    ("suite/db/password", "p=\"ä\" $x\n🦀 "),
    ("suite/db/replica/password", "other"),
    ("suite_token", "not the one below"),
    ("suite/db_password", "nor this"),
];

/// Every case.
fn cases() -> &'static [Case<Space>] {
    reads::CASES
}

/// Runs every case, one after the other.
pub async fn run_all(harness: &Harness) -> Report {
    suite::run_all(cases(), harness).await
}

/// Runs every case at the same time.
pub async fn run_all_at_once(harness: &Harness) -> Report {
    suite::run_all_at_once(cases(), harness).await
}
