//! What was counted.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::say;

/// What was done on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fault {
    Trap,
    Loop,
    Memory,
    Disconnect,
    Kill,
    Redis,
}

/// Where a failure belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum When {
    /// While its host, or the redis of its host, was down or coming back.
    Out,
    /// At any other time: nothing excuses it.
    Up,
}

/// Counted by everybody.
#[derive(Default)]
pub(super) struct Tally {
    answered: AtomicU64,
    deploys: AtomicU64,
    faults: Mutex<BTreeMap<Fault, u64>>,
    failed: Mutex<BTreeMap<(When, String), u64>>,
}

impl Tally {
    pub(super) fn answered(&self) {
        self.answered.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn deployed(&self, done: bool) {
        self.deploys.fetch_add(u64::from(done), Ordering::Relaxed);
        if !done {
            self.failed(When::Up, "a deploy, see the log of its host");
        }
    }

    pub(super) fn fault(&self, fault: Fault) {
        let mut faults = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
        *faults.entry(fault).or_default() += 1;
    }

    pub(super) fn failed(&self, when: When, cause: &str) {
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        *failed.entry((when, cause.to_owned())).or_default() += 1;
    }

    /// In short, for whoever waits.
    pub(super) fn line(&self) -> String {
        let faults = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
        let failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        format!(
            "{} requests answered, {} deploys, {} faults, {} requests failed",
            self.answered.load(Ordering::Relaxed),
            self.deploys.load(Ordering::Relaxed),
            faults.values().sum::<u64>(),
            failed.values().sum::<u64>(),
        )
    }

    /// All of it; whether each failure has its reason.
    pub(super) fn print(&self) -> bool {
        say::result(self.line());
        let faults = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
        for (fault, count) in &*faults {
            say::result(format_args!("  fault    {count:>8}  {fault:?}"));
        }
        let failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        for ((when, cause), count) in &*failed {
            let when = match when {
                When::Out => "while it was down",
                When::Up => "WITHOUT A REASON",
            };
            say::result(format_args!("  failed   {count:>8}  {when}: {cause}"));
        }
        !failed.keys().any(|(when, _)| *when == When::Up)
    }
}
