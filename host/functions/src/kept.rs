//! Instances of a version that wait for their next call, where its manifest asks to keep them.
//!
//! Invariants: only an instance whose last call ended well is here, so nothing of a trap, a timeout
//! or a call given up is seen again. None waits longer than `reuse.idle`, and none stands in the way
//! of a call that finds the host full.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};

use ottavo_core::{Reuse, Shutdown};
use ottavo_imports::Call;
use ottavo_telemetry::metrics::{FunctionMeter, Gauge, Held};
use parking_lot::Mutex;
use tokio::time::Instant;
use wasmtime::Store;

use crate::code::Code;

/// An instance, and how many calls it has taken.
pub(crate) struct Instance {
    /// What it is of: its version may have loaded it once more since then.
    pub(crate) code: Arc<Code>,
    pub(crate) store: Store<Call>,
    /// None before the first call.
    pub(crate) made: Option<wasmtime::component::Instance>,
    pub(crate) calls: u32,
}

/// The instances of one version.
pub(crate) struct Kept {
    reuse: Reuse,
    shutdown: Shutdown,
    /// The longest first.
    idle: Mutex<VecDeque<Waiting>>,
    sweeping: AtomicBool,
    meter: Arc<FunctionMeter>,
}

/// One that waits.
struct Waiting {
    since: Instant,
    instance: Instance,
    _counted: Held<Arc<Gauge>>,
}

/// Those of all versions of a host.
#[derive(Default)]
pub(crate) struct AllKept(Mutex<Vec<Weak<Kept>>>);

impl AllKept {
    /// A place for the instances of one more version.
    pub(crate) fn add(
        &self,
        reuse: Reuse,
        shutdown: &Shutdown,
        meter: Arc<FunctionMeter>,
    ) -> Arc<Kept> {
        let shutdown = shutdown.clone();
        let (idle, sweeping) = (Mutex::default(), AtomicBool::new(false));
        let kept = Arc::new(Kept { reuse, shutdown, idle, sweeping, meter });
        let mut all = self.0.lock();
        // now and then: there may be thousands
        if all.len().is_power_of_two() {
            all.retain(|known| known.strong_count() > 0);
        }
        all.push(Arc::downgrade(&kept));
        kept
    }

    /// Ends the instance that waits since the longest time; whether there was one. Each call that
    /// finds the host full ends one, so that many such calls do not wait for each other.
    pub(crate) fn evict(&self) -> bool {
        let all: Vec<_> = self.0.lock().iter().filter_map(Weak::upgrade).collect();
        let longest =
            all.iter().filter_map(|kept| Some((kept.waits_since()?, kept))).min_by_key(|w| w.0);
        // somebody may have been faster: then another one is tried
        longest.is_some_and(|(_, kept)| kept.end_one()) || all.iter().any(|kept| kept.end_one())
    }
}

impl Kept {
    /// The instance that waits since the shortest time, and not too long.
    pub(crate) fn take(&self) -> Option<Instance> {
        let Waiting { since, instance, .. } = self.idle.lock().pop_back()?;
        (since.elapsed() < self.reuse.idle.0).then_some(instance)
    }

    /// Keeps an instance after a call that ended well, unless it has taken its last one.
    pub(crate) fn put(self: &Arc<Self>, instance: Instance) {
        if instance.calls >= self.reuse.calls || self.shutdown.has_begun() {
            return;
        }
        let (since, _counted) = (Instant::now(), self.meter.waiting());
        self.idle.lock().push_back(Waiting { since, instance, _counted });
        if !self.sweeping.swap(true, Ordering::AcqRel) {
            let (kept, shutdown) = (Arc::downgrade(self), self.shutdown.clone());
            self.shutdown.spawn("idle instances", sweep(kept, shutdown));
        }
    }

    /// Whether one of them does.
    pub(crate) fn waits(&self) -> bool {
        !self.idle.lock().is_empty()
    }

    fn waits_since(&self) -> Option<Instant> {
        self.idle.lock().front().map(|waiting| waiting.since)
    }

    /// Ends the one that waits since the longest time; whether there was one.
    fn end_one(&self) -> bool {
        let longest = self.idle.lock().pop_front();
        longest.is_some()
    }

    /// Ends those that have waited long enough; says when the next one will have.
    fn expire(&self, now: Instant) -> Option<Instant> {
        let mut idle = self.idle.lock();
        let over = idle.partition_point(|waiting| waiting.since + self.reuse.idle.0 <= now);
        let ended: Vec<_> = idle.drain(..over).collect();
        let next = idle.front().map(|waiting| waiting.since + self.reuse.idle.0);
        if next.is_none() {
            // under the lock: whoever puts the next instance starts the next sweep
            self.sweeping.store(false, Ordering::Release);
        }
        drop(idle);
        drop(ended);
        next
    }
}

/// Runs as long as an instance waits.
async fn sweep(kept: Weak<Kept>, shutdown: Shutdown) {
    loop {
        let next = kept.upgrade().and_then(|kept| kept.expire(Instant::now()));
        let Some(next) = next else { return };
        tokio::select! {
            () = tokio::time::sleep_until(next) => {}
            () = shutdown.begun() => {
                let waiting = kept.upgrade().map(|kept| std::mem::take(&mut *kept.idle.lock()));
                return drop(waiting);
            }
        }
    }
}
