//! Waiting for a lock without asking for it all the time.
//!
//! Those who wait for one resource in one store of one host stand in a line. Only the first of them
//! asks the store: when the lock is unlocked here, when it expires, and where others may unlock it,
//! now and then. Nothing is kept of a resource that nobody waits for.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ottavo_core::{CallContext, Result};
use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

use super::Lease;
use crate::Key;

/// What came of asking for a lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attempt<H> {
    /// It is ours.
    Taken(Lease),
    /// Somebody holds it; the driver's own word for until when.
    Held(H),
}

/// The lines of one store.
#[derive(Default)]
pub struct Waiting {
    lines: Mutex<HashMap<Key, Arc<Line>>>,
}

#[derive(Default)]
struct Line {
    /// Held by the first.
    first: tokio::sync::Mutex<()>,
    /// Remembers one wake-up that came while nobody slept.
    freed: Notify,
}

impl Waiting {
    /// Asks until the lock is taken, the wait is over, or the deadline is near: then none.
    ///
    /// `pause` ends when it is time to ask again: at the latest when the lock expires. Dropping the
    /// future leaves the line.
    ///
    /// # Errors
    /// Those of an attempt.
    pub async fn until_taken<H, A, P>(
        &self,
        cx: &CallContext,
        resource: &Key,
        wait: Duration,
        mut attempt: impl FnMut() -> A,
        mut pause: impl FnMut(H) -> P,
    ) -> Result<Option<Lease>>
    where
        A: Future<Output = Result<Attempt<H>>>,
        P: Future<Output = ()>,
    {
        let end = end(cx, wait);
        if let Attempt::Taken(lease) = attempt().await? {
            return Ok(Some(lease));
        }
        if Instant::now() >= end {
            return Ok(None);
        }
        let place = self.join(resource);
        let Ok(_first) = timeout_at(end, place.line.first.lock()).await else { return Ok(None) };
        loop {
            // a door notices that its caller has gone when a call does not answer at once: so
            // nothing is taken for who went away before the lock was free
            tokio::task::yield_now().await;
            let held = match attempt().await? {
                Attempt::Taken(lease) => return Ok(Some(lease)),
                Attempt::Held(held) => held,
            };
            tokio::select! {
                biased;
                () = place.line.freed.notified() => {}
                () = tokio::time::sleep_until(end) => return Ok(None),
                () = pause(held) => {}
            }
        }
    }

    /// Wakes who is first in the line of a resource that was unlocked.
    pub fn freed(&self, resource: &Key) {
        if let Some(line) = self.lines().get(resource) {
            line.freed.notify_one();
        }
    }

    fn join(&self, resource: &Key) -> Place<'_> {
        let line = Arc::clone(self.lines().entry(resource.clone()).or_default());
        Place { waiting: self, resource: resource.clone(), line }
    }

    fn lines(&self) -> MutexGuard<'_, HashMap<Key, Arc<Line>>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// When waiting ends: a moment before the deadline, so that the caller still hears of it.
fn end(cx: &CallContext, wait: Duration) -> Instant {
    let remaining = cx.remaining();
    let margin = (remaining / 10).min(Duration::from_millis(50));
    Instant::now() + wait.min(remaining - margin)
}

/// A place in a line, given up when dropped.
struct Place<'a> {
    waiting: &'a Waiting,
    resource: Key,
    line: Arc<Line>,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut lines = self.waiting.lines();
        // ours and the map's: nobody can join while the map is locked
        if Arc::strong_count(&self.line) == 2 {
            lines.remove(&self.resource);
        }
    }
}

#[cfg(test)]
mod tests;
