//! The CPU time of one call: what is spent inside polls of the guest's future, host calls left out.
//!
//! On the threads that answer others, polls are timed by the wall clock, which costs nothing, and a call is
//! there for two ticks at most. On those of the lane it is the processor's time of the thread: a machine that
//! is busy with other things bills no guest for what it did not run.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

thread_local! {
    /// Whether time on this thread is the thread's own.
    static OF_THREAD: Cell<bool> = const { Cell::new(false) };
}

/// From now on, what is polled on this thread is billed for the time that the thread runs.
pub(crate) fn count_thread_time() {
    OF_THREAD.set(true);
}

/// Adds up the time a guest runs. Shared between the wrapper around its future, the epoch callback
/// inside it, and the host calls that stop it.
///
/// All of them run on the thread that polls, one after the other, so relaxed atomics are enough.
#[derive(Clone)]
pub struct CpuClock(Arc<Inner>);

struct Inner {
    base: Instant,
    /// Nanoseconds, without the stretch that runs now.
    spent: AtomicU64,
    /// Nanoseconds since `base`, or of this thread, plus one, at which the present stretch began; zero
    /// while stopped. A stretch ends on the thread where it began.
    since: AtomicU64,
}

impl CpuClock {
    pub(crate) fn new() -> CpuClock {
        let zero = || AtomicU64::new(0);
        CpuClock(Arc::new(Inner { base: Instant::now(), spent: zero(), since: zero() }))
    }

    fn now(&self) -> u64 {
        let time = match OF_THREAD.get() {
            true => thread_time(),
            false => self.0.base.elapsed(),
        };
        u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
    }

    fn start(&self) {
        self.0.since.store(self.now() + 1, Ordering::Relaxed);
    }

    fn stop(&self) {
        let since = self.0.since.swap(0, Ordering::Relaxed);
        if since > 0 {
            let stretch = (self.now() + 1).saturating_sub(since);
            self.0.spent.fetch_add(stretch, Ordering::Relaxed);
        }
    }

    /// The time so far.
    pub fn spent(&self) -> Duration {
        let spent = self.0.spent.load(Ordering::Relaxed);
        let running = match self.0.since.load(Ordering::Relaxed) {
            0 => 0,
            since => (self.now() + 1).saturating_sub(since),
        };
        Duration::from_nanos(spent + running)
    }

    /// A future whose polls are counted.
    pub(crate) fn count<F: Future>(&self, future: F) -> Polled<F> {
        Polled { clock: self.clone(), counts: true, future }
    }

    /// A future whose polls are not counted although they happen inside counted ones: a host call.
    pub fn exempt<F: Future>(&self, future: F) -> Polled<F> {
        Polled { clock: self.clone(), counts: false, future }
    }
}

/// How long this thread has run.
fn thread_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(u64::try_from(time.tv_sec).unwrap_or(0), u32::try_from(time.tv_nsec).unwrap_or(0))
}

/// See [`CpuClock::exempt`].
pub struct Polled<F> {
    clock: CpuClock,
    counts: bool,
    future: F,
}

impl<F: Future> Future for Polled<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        #[expect(unsafe_code, reason = "the future is never moved out of its pinned wrapper")]
        // SAFETY: `future` is pinned whenever `self` is; `clock` and `counts` are not.
        let (clock, counts, future) = unsafe {
            let this = self.get_unchecked_mut();
            (&this.clock, this.counts, Pin::new_unchecked(&mut this.future))
        };
        if counts {
            clock.start()
        } else {
            clock.stop()
        }
        let polled = future.poll(cx);
        if counts {
            clock.stop()
        } else {
            clock.start()
        }
        polled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn busy(time: Duration) {
        let start = Instant::now();
        while start.elapsed() < time {
            std::hint::spin_loop();
        }
    }

    #[tokio::test]
    async fn waiting_and_exempt_work_are_not_counted() {
        let clock = CpuClock::new();
        let inner = clock.clone();
        let work = async move {
            busy(Duration::from_millis(2));
            inner.exempt(async { busy(Duration::from_millis(40)) }).await;
            let late = tokio::time::Instant::now() + Duration::from_millis(40);
            tokio::time::sleep_until(late).await;
            busy(Duration::from_millis(2));
        };
        let begun = Instant::now();
        clock.count(work).await;
        let (spent, elapsed) = (clock.spent(), begun.elapsed());
        assert!(spent >= Duration::from_millis(4), "{spent:?}");
        // whatever the machine does, the 80 ms of waiting and exempt work are not in it
        assert!(spent + Duration::from_millis(79) < elapsed, "{spent:?} of {elapsed:?}");
    }
}
