//! Time, injected where expiry is decided, so that tests control it.

use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::watch;

/// Milliseconds since the Unix epoch, in UTC.
pub type UnixMillis = u64;

/// A source of wall-clock time.
pub trait Clock: Send + Sync + 'static {
    /// Now.
    fn now(&self) -> UnixMillis;

    /// Ends when it is `at`, or a little later.
    fn sleep_until(&self, at: UnixMillis) -> Sleep<'_>;
}

/// A wait for a point in time.
pub type Sleep<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> UnixMillis {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    }

    /// The clock may be set meanwhile: it is looked at again every minute.
    fn sleep_until(&self, at: UnixMillis) -> Sleep<'_> {
        Box::pin(async move {
            loop {
                let left = Duration::from_millis(at.saturating_sub(self.now()));
                if left.is_zero() {
                    return;
                }
                tokio::time::sleep(left.min(Duration::from_secs(60))).await;
            }
        })
    }
}

/// A clock that moves only when told.
#[derive(Debug)]
pub struct ManualClock(watch::Sender<UnixMillis>);

impl ManualClock {
    /// A clock that stands at `now`.
    pub fn at(now: UnixMillis) -> ManualClock {
        ManualClock(watch::Sender::new(now))
    }

    /// Moves it forward.
    pub fn advance(&self, by: Duration) {
        let millis = u64::try_from(by.as_millis()).unwrap_or(u64::MAX);
        self.0.send_modify(|now| *now = now.saturating_add(millis));
    }
}

impl Clock for ManualClock {
    fn now(&self) -> UnixMillis {
        *self.0.borrow()
    }

    fn sleep_until(&self, at: UnixMillis) -> Sleep<'_> {
        let mut moved = self.0.subscribe();
        Box::pin(async move {
            // the sender is ours: it cannot have gone
            let _now = moved.wait_for(|now| *now >= at).await;
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_manual_clock_wakes_who_waits_for_its_time() {
        let clock = ManualClock::at(10);
        clock.sleep_until(10).await;
        let sleep = clock.sleep_until(15);
        clock.advance(Duration::from_millis(5));
        sleep.await;
        assert_eq!(clock.now(), 15);
    }

    #[tokio::test]
    async fn the_clock_of_the_machine_wakes_not_before_the_time() {
        let at = SystemClock.now() + 20;
        SystemClock.sleep_until(at).await;
        assert!(SystemClock.now() >= at);
    }
}
