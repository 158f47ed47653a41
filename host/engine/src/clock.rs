//! The CPU time of one call: what is spent inside polls of the guest's future, host calls left out.
//!
//! A machine that is busy with other things bills no guest for what it did not run. On the threads of the lane,
//! what counts is the processor's time of the thread. To ask for it costs a call of the system: on the threads
//! that answer others it is asked once in a while, and a stretch of polling is what the wall clock says, which
//! costs nothing. One that took longer than such a thread is left running for is what the thread must have run
//! since it was asked: a millisecond less than it did, at most.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

/// A stretch of this length at most is what the wall clock says, on threads that answer others. One from which
/// its thread was taken away is hardly as short: what has the processor keeps it for longer.
const SHORT: Duration = Duration::from_millis(1);

thread_local! {
    /// Whether time on this thread is the thread's own.
    static OF_THREAD: Cell<bool> = const { Cell::new(false) };
    /// When this thread was asked last how long it had run, and what it was.
    static ASKED: Cell<Option<(Instant, Duration)>> = const { Cell::new(None) };
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

    fn start(&self) {
        let now = match OF_THREAD.get() {
            true => thread_time(),
            false => {
                let now = Instant::now();
                if ASKED.get().is_none_or(|(at, _)| now.saturating_duration_since(at) > SHORT) {
                    ASKED.set(Some((now, thread_time())));
                }
                now.saturating_duration_since(self.0.base)
            }
        };
        self.0.since.store(nanos(now) + 1, Ordering::Relaxed);
    }

    fn stop(&self) {
        let since = self.0.since.swap(0, Ordering::Relaxed);
        if since > 0 {
            self.0.spent.fetch_add(nanos(self.stretch(since)), Ordering::Relaxed);
        }
    }

    /// The time so far.
    pub fn spent(&self) -> Duration {
        let spent = Duration::from_nanos(self.0.spent.load(Ordering::Relaxed));
        match self.0.since.load(Ordering::Relaxed) {
            0 => spent,
            since => spent + self.stretch(since),
        }
    }

    /// How long this thread has run since, which a start has noted.
    fn stretch(&self, since: u64) -> Duration {
        let since = Duration::from_nanos(since - 1);
        if OF_THREAD.get() {
            return thread_time().saturating_sub(since);
        }
        let whole = self.0.base.elapsed().saturating_sub(since);
        match ASKED.get() {
            Some((at, ran)) if whole > SHORT => {
                // what the thread may have run for others before
                let before = (self.0.base + since).saturating_duration_since(at);
                whole.min(thread_time().saturating_sub(ran).saturating_sub(before))
            }
            _ => whole,
        }
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

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
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

    /// Runs for so long, whatever else the machine does.
    fn busy(time: Duration) {
        let start = thread_time();
        while thread_time() - start < time {
            std::hint::spin_loop();
        }
    }

    #[tokio::test]
    async fn nobody_is_billed_for_time_in_which_its_thread_did_not_run() {
        let clock = CpuClock::new();
        // as a machine does that runs something else
        let taken_away = || std::thread::sleep(Duration::from_millis(60));
        for _ in 0..3 {
            clock.count(async { busy(Duration::from_millis(4)) }).await;
            clock.count(async { taken_away() }).await;
        }
        let spent = clock.spent();
        assert!(spent <= Duration::from_millis(30), "{spent:?}");
        // less than a millisecond for each stretch is not noticed
        assert!(spent >= Duration::from_millis(9), "{spent:?}");
    }

    #[tokio::test]
    async fn what_a_thread_ran_for_others_is_theirs() {
        let (own, others) = (CpuClock::new(), CpuClock::new());
        others.count(async { busy(Duration::from_millis(50)) }).await;
        own.count(async { busy(Duration::from_millis(5)) }).await;
        let spent = own.spent();
        assert!(spent <= Duration::from_millis(15), "{spent:?}");
        assert!(spent >= Duration::from_millis(4), "{spent:?}");
        assert!(others.spent() >= Duration::from_millis(49), "{:?}", others.spent());
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
