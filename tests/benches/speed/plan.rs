//! How long and how often things are measured.

use std::time::Duration;

/// For a table that counts, or to see that everything runs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    /// How often each contender is measured, in alternation with the others.
    pub(crate) rounds: usize,
    /// How long one of these takes.
    pub(crate) round: Duration,
    /// How long each is warmed up before.
    pub(crate) warm_up: Duration,
    /// How many functions are deployed at most.
    pub(crate) functions: usize,
}

impl Plan {
    pub(crate) fn whole() -> Plan {
        let (round, warm_up) = (Duration::from_secs(2), Duration::from_secs(1));
        Plan { rounds: 7, round, warm_up, functions: 10_000 }
    }

    pub(crate) fn quick() -> Plan {
        let round = Duration::from_millis(100);
        Plan { rounds: 1, round, warm_up: round, functions: 10 }
    }
}
