//! The behaviour suite of pub/sub: every rule of [`PubSub`] as a case, written once.
//!
//! A case knows nothing but the trait, so the same cases run over a driver, over a client of the gRPC
//! door and over a relay through a guest, which publishes there and consumes through the gRPC door. Each
//! works with topics of its own, so that one store can run all of them, concurrently and repeatedly.

mod delivery;
mod leases;
mod messages;
mod ordering;
mod space;
mod timing;
mod topics;

use std::sync::LazyLock;

pub use crate::suite::{Outcome, Report, Time};

use super::{Capability, PubSub};
use crate::suite::{self, Case};
use space::Space;

/// What the cases run on.
pub type Harness = suite::Harness<dyn PubSub>;

/// Every case, theme by theme.
fn cases() -> &'static [Case<Space>] {
    static ALL: LazyLock<Vec<Case<Space>>> = LazyLock::new(|| {
        [
            messages::CASES,
            topics::CASES,
            delivery::CASES,
            leases::CASES,
            timing::CASES,
            ordering::CASES,
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
