//! How cases let time pass.

use std::sync::Arc;
use std::time::Duration;

use ottavo_core::Clock as _;
use ottavo_core::clock::ManualClock;
use tokio::time::Instant;

/// How the cases let time pass.
#[derive(Clone)]
pub enum Time {
    /// The store has this clock, and the cases advance it.
    Manual(Arc<ManualClock>),
    /// The store has a clock out of reach: the cases wait, polling to a deadline.
    Real,
}

impl Time {
    /// A span that a case can outlive.
    pub fn short(&self) -> Duration {
        match self {
            Time::Manual(_) => Duration::from_secs(5),
            Time::Real => Duration::from_secs(1),
        }
    }

    /// What has passed since `started`, or since the beginning of a clock that cases advance: only
    /// differences mean anything.
    pub fn passed(&self, started: Instant) -> Duration {
        match self {
            Time::Manual(clock) => Duration::from_millis(clock.now()),
            Time::Real => started.elapsed(),
        }
    }
}
