//! The CPU time of one call: what is spent inside polls of the guest's future, host calls left out.
//!
//! A machine that is busy with other things bills no guest for what it did not run. On the threads of the lane,
//! what counts is the processor's time of the thread. To ask for it costs a call of the system: on the threads
//! that answer others it is asked once in a while, and a stretch of polling is what the wall clock says, which
//! costs nothing. One that took longer than such a thread is left running for is what the thread must have run
//! since it was asked: a millisecond less than it did, at most. On the lane a short host call is left out by the
//! wall clock as well.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use pin_project_lite::pin_project;

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
    /// On the lane: nanoseconds from `base` to the beginning of the present stretch, and what of it was in host calls.
    began: AtomicU64,
    left_out: AtomicU64,
}

impl CpuClock {
    pub(crate) fn new() -> CpuClock {
        let zero = || AtomicU64::new(0);
        let (spent, since, began, left_out) = (zero(), zero(), zero(), zero());
        CpuClock(Arc::new(Inner { base: Instant::now(), spent, since, began, left_out }))
    }

    fn start(&self) {
        let now = match OF_THREAD.get() {
            true => {
                self.0.began.store(nanos(self.0.base.elapsed()), Ordering::Relaxed);
                self.0.left_out.store(0, Ordering::Relaxed);
                thread_time()
            }
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
            let left_out = Duration::from_nanos(self.0.left_out.load(Ordering::Relaxed));
            return thread_time().saturating_sub(since).saturating_sub(left_out);
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

    /// On the lane: the stretch goes on after what was done from `from` to `to`, which is not the guest's.
    fn leave_out(&self, from: Instant, to: Instant) {
        let took = to.saturating_duration_since(from);
        let left_out = self.0.left_out.load(Ordering::Relaxed);
        if took <= SHORT {
            self.0.left_out.store(left_out + nanos(took), Ordering::Relaxed);
            return;
        }
        // how much of it this thread ran is not known, but that the guest ran no longer than the wall says
        let since = self.0.since.load(Ordering::Relaxed);
        let before = nanos(from.saturating_duration_since(self.0.base));
        let own = before.saturating_sub(self.0.began.load(Ordering::Relaxed) + left_out);
        let ran = nanos(self.stretch(since));
        self.0.spent.fetch_add(ran.min(own), Ordering::Relaxed);
        self.start();
    }

    /// A future whose polls are counted.
    pub(crate) fn count<F: Future>(&self, future: F) -> Counted<F> {
        Counted { clock: self.clone(), future }
    }

    /// A future whose polls are not counted although they happen inside counted ones: a host call.
    pub fn exempt<F: Future>(&self, future: F) -> Exempt<'_, F> {
        Exempt { clock: self, future }
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

pin_project! {
    /// See [`CpuClock::count`].
    pub(crate) struct Counted<F> {
        clock: CpuClock,
        #[pin]
        future: F,
    }
}

impl<F: Future> Future for Counted<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        this.clock.start();
        let polled = this.future.poll(cx);
        this.clock.stop();
        polled
    }
}

pin_project! {
    /// See [`CpuClock::exempt`].
    pub struct Exempt<'a, F> {
        clock: &'a CpuClock,
        #[pin]
        future: F,
    }
}

impl<F: Future> Future for Exempt<'_, F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let (clock, future) = (*this.clock, this.future);
        if OF_THREAD.get() {
            let begun = Instant::now();
            let polled = future.poll(cx);
            clock.leave_out(begun, Instant::now());
            return polled;
        }
        clock.stop();
        let polled = future.poll(cx);
        clock.start();
        polled
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

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

    #[test]
    fn on_the_lane_host_calls_are_left_out_whether_short_or_long_busy_or_not() {
        let of_a_thread = std::thread::spawn(|| {
            count_thread_time();
            let (clock, mut own) = (CpuClock::new(), Duration::ZERO);
            let work = async {
                for _ in 0..4 {
                    let begun = Instant::now();
                    busy(Duration::from_millis(5));
                    own += begun.elapsed();
                    clock.exempt(async { busy(Duration::from_millis(40)) }).await;
                    let taken_away = || std::thread::sleep(Duration::from_millis(20));
                    clock.exempt(async { taken_away() }).await;
                    for _ in 0..10 {
                        clock.exempt(async { busy(Duration::from_micros(100)) }).await;
                    }
                }
            };
            clock.count(work).now_or_never().expect("nothing in it waits");
            (clock.spent(), own)
        });
        let (spent, own) = of_a_thread.join().expect("it ends");
        // of the short ones, what took the thread away meanwhile is left out too
        assert!(spent >= Duration::from_millis(10), "{spent:?}");
        assert!(spent <= own + Duration::from_millis(10), "{spent:?} of {own:?}");
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
