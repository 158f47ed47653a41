//! One value that is passed down to everything that runs: no task outlives it.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Starts tasks, tells them to stop, and waits until they have.
///
/// # Behavior
/// - `begin` is seen by every clone; it can be called any number of times.
/// - A task started after `begin` still runs: it sees the request to stop at once.
/// - `finish` waits for all tasks, at most for its grace, and names those that are still running.
#[derive(Clone, Default)]
pub struct Shutdown {
    token: CancellationToken,
    tracker: TaskTracker,
    running: Arc<Mutex<BTreeMap<&'static str, usize>>>,
}

impl Shutdown {
    /// Nothing runs yet.
    pub fn new() -> Shutdown {
        Shutdown::default()
    }

    /// Runs `task` on the current runtime under a name that says what it is.
    pub fn spawn<F>(&self, name: &'static str, task: F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let guard = Running::enter(name, &self.running);
        let tracked = self.tracker.track_future(async move {
            let _guard = guard;
            task.await;
        });
        #[expect(clippy::disallowed_methods, reason = "the one place that starts tasks")]
        drop(tokio::spawn(tracked));
    }

    /// Asks everything to stop.
    pub fn begin(&self) {
        self.token.cancel();
    }

    /// Whether `begin` was called.
    pub fn has_begun(&self) -> bool {
        self.token.is_cancelled()
    }

    /// Resolves once `begin` was called.
    pub async fn begun(&self) {
        self.token.cancelled().await;
    }

    /// Waits for all tasks. After `grace`, gives up and returns what is still running, by name and
    /// number.
    pub async fn finish(&self, grace: Duration) -> Result<(), Vec<(&'static str, usize)>> {
        self.tracker.close();
        match tokio::time::timeout(grace, self.tracker.wait()).await {
            Ok(()) => Ok(()),
            Err(_) => Err(self.running()),
        }
    }

    fn running(&self) -> Vec<(&'static str, usize)> {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.iter().map(|(name, n)| (*name, *n)).collect()
    }
}

type Table = Arc<Mutex<BTreeMap<&'static str, usize>>>;

/// Counts one task in the table for as long as it lives.
struct Running(&'static str, Table);

impl Running {
    fn enter(name: &'static str, table: &Table) -> Running {
        *table.lock().unwrap_or_else(PoisonError::into_inner).entry(name).or_default() += 1;
        Running(name, Arc::clone(table))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut table = self.1.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(n) = table.get_mut(self.0) {
            *n -= 1;
            if *n == 0 {
                table.remove(self.0);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn finish_waits_for_tasks_and_names_those_that_stay() {
        let shutdown = Shutdown::new();
        let obedient = shutdown.clone();
        shutdown.spawn("obedient", async move { obedient.begun().await });
        shutdown.begin();
        assert_eq!(shutdown.finish(Duration::from_secs(60)).await, Ok(()));

        shutdown.spawn("stubborn", std::future::pending());
        let left = shutdown.finish(Duration::from_millis(1)).await;
        assert_eq!(left, Err(vec![("stubborn", 1)]));
    }
}
