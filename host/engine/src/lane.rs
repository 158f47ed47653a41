//! Threads for guests that compute for long, so that those which answer others stay free.
//!
//! A guest begins within the future of its caller, unless it is known to compute. Once its polls have
//! taken [`SHARE`] together, what is left of its future goes on here, and its caller waits for the
//! outcome. It stays until its end.
//!
//! Invariants: as many threads as the machine has processors, whatever waits for them; each has a lower
//! priority than those of the runtime, so that a guest here has what others leave. What begins here comes
//! before what has had a turn, so that guests of a few milliseconds do not wait for those of seconds. A thread polls within
//! the caller's runtime: timers, sockets and tasks of host calls are that runtime's, and never wait for a
//! guest. Whoever drops [`Driven`] stops the guest, at its next tick at the latest.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use async_task::{Runnable, Task};
use ottavo_core::{Error, Result};
use tokio::runtime::Handle;

use crate::clock;
use crate::ticker::TICK;

/// How long the polls of one call may take on the threads that answer others: two ticks.
const SHARE: Duration = Duration::from_millis(2 * TICK.as_millis() as u64);

/// The threads. They end with the value.
pub(crate) struct Lane {
    queue: Arc<Queue>,
    threads: Vec<JoinHandle<()>>,
}

/// What is to be polled next. It has as many places as there are calls that moved here.
#[derive(Default)]
struct Queue {
    state: Mutex<State>,
    more: Condvar,
}

#[derive(Default)]
struct State {
    /// Those that begin here.
    fresh: VecDeque<(Handle, Runnable)>,
    ready: VecDeque<(Handle, Runnable)>,
    closed: bool,
}

/// A call, wherever it is polled. Dropped, it is stopped.
pub struct Driven<T> {
    queue: Arc<Queue>,
    here: Option<Here<T>>,
    moved: Option<Task<T>>,
}

/// Where a call begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begin {
    /// Within whoever polls it.
    Here,
    /// On the threads for calls that compute: to begin there costs some ten microseconds.
    Apart,
}

/// A call that its caller polls.
struct Here<T> {
    work: Pin<Box<dyn Future<Output = T> + Send>>,
    spent: Duration,
}

impl Lane {
    pub(crate) fn start() -> Result<Lane> {
        let count = std::thread::available_parallelism().map_or(1, usize::from);
        let mut lane = Lane { queue: Arc::default(), threads: Vec::with_capacity(count) };
        for _ in 0..count {
            let queue = Arc::clone(&lane.queue);
            let run = move || {
                yield_to_others();
                clock::count_thread_time();
                while let Some((runtime, runnable)) = queue.next() {
                    let _entered = runtime.enter();
                    runnable.run();
                }
            };
            let thread = std::thread::Builder::new().name("long-call".into()).spawn(run);
            lane.threads.push(thread.map_err(|error| {
                Error::internal("cannot start a thread for calls that compute for long")
                    .with_source(error)
            })?);
        }
        Ok(lane)
    }

    pub(crate) fn drive<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
        begin: Begin,
    ) -> Driven<T> {
        let queue = Arc::clone(&self.queue);
        match begin {
            Begin::Here => {
                let here = Here { work: Box::pin(work), spent: Duration::ZERO };
                Driven { queue, here: Some(here), moved: None }
            }
            Begin::Apart => {
                let moved = Some(queue.take(work, true));
                Driven { queue, here: None, moved }
            }
        }
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        let left = {
            let mut state = self.queue.state.lock().unwrap_or_else(PoisonError::into_inner);
            state.closed = true;
            (std::mem::take(&mut state.fresh), std::mem::take(&mut state.ready))
        };
        self.queue.more.notify_all();
        drop(left);
        let own = std::thread::current().id();
        // the last call of a host may hold it, and end here
        for thread in self.threads.drain(..).filter(|thread| thread.thread().id() != own) {
            if thread.join().is_err() {
                tracing::error!("a thread for calls that compute for long panicked");
            }
        }
    }
}

impl Queue {
    /// What waits since the longest time, of what begins if there is any; none once the lane is closed.
    fn next(&self) -> Option<(Handle, Runnable)> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if state.closed {
                return None;
            }
            let State { fresh, ready, .. } = &mut *state;
            if let Some(next) = fresh.pop_front().or_else(|| ready.pop_front()) {
                return Some(next);
            }
            state = self.more.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn push(&self, runtime: Handle, runnable: Runnable, fresh: bool) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.closed {
            drop(state);
            return drop(runnable);
        }
        let State { fresh: beginning, ready, .. } = &mut *state;
        let line = if fresh { beginning } else { ready };
        line.push_back((runtime, runnable));
        drop(state);
        self.more.notify_one();
    }

    fn take<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl Future<Output = T> + Send + 'static,
        fresh: bool,
    ) -> Task<T> {
        let (queue, runtime) = (Arc::clone(self), Handle::current());
        let fresh = AtomicBool::new(fresh);
        let schedule = move |runnable| {
            queue.push(runtime.clone(), runnable, fresh.swap(false, Ordering::Relaxed));
        };
        let builder = async_task::Builder::new().propagate_panic(true);
        let (runnable, task) = builder.spawn(|()| work, schedule);
        runnable.schedule();
        task
    }
}

impl<T: Send + 'static> Future for Driven<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        let this = self.get_mut();
        if let Some(here) = &mut this.here {
            let begun = Instant::now();
            let polled = here.work.as_mut().poll(cx);
            if polled.is_ready() {
                return polled;
            }
            here.spent += begun.elapsed();
            if here.spent < SHARE {
                return Poll::Pending;
            }
            if let Some(Here { work, .. }) = this.here.take() {
                this.moved = Some(this.queue.take(work, false));
            }
        }
        let moved = this.moved.as_mut().expect("polled again after its end");
        Poll::Ready(ready!(Pin::new(moved).poll(cx)))
    }
}

/// Lowers the priority of this thread: Linux knows one for each.
#[cfg(target_os = "linux")]
fn yield_to_others() {
    /// A third of the weight of a thread that answers.
    const NICENESS: i32 = 5;
    if let Err(error) = rustix::process::setpriority_process(None, NICENESS) {
        tracing::warn!(%error, "calls that compute for long have the priority of all others");
    }
}

#[cfg(not(target_os = "linux"))]
fn yield_to_others() {}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::sync_channel;

    use super::*;

    fn busy(time: Duration) {
        let begun = Instant::now();
        while begun.elapsed() < time {
            std::hint::spin_loop();
        }
    }

    /// Computes for a tick at a time, as a guest does that is interrupted.
    async fn ticks(count: u32) {
        for _ in 0..count {
            busy(TICK);
            tokio::task::yield_now().await;
        }
    }

    fn name() -> String {
        std::thread::current().name().unwrap_or_default().to_owned()
    }

    #[tokio::test]
    async fn only_what_computes_for_long_moves() {
        let lane = Lane::start().expect("threads start");
        let here = name();
        assert_eq!(lane.drive(async { name() }, Begin::Here).await, here);
        let waits = async {
            tokio::time::sleep(2 * SHARE).await;
            name()
        };
        assert_eq!(lane.drive(waits, Begin::Here).await, here);
        let computes = async {
            ticks(3).await;
            // of the caller's runtime
            tokio::time::sleep(TICK).await;
            name()
        };
        assert_eq!(lane.drive(computes, Begin::Here).await, "long-call");
    }

    #[tokio::test]
    async fn what_is_known_to_compute_begins_apart_and_before_what_has_had_a_turn() {
        let lane = Lane::start().expect("threads start");
        assert_eq!(lane.drive(async { name() }, Begin::Apart).await, "long-call");
        let busy: Vec<_> =
            (0..4 * lane.threads.len()).map(|_| lane.drive(ticks(20), Begin::Apart)).collect();
        let turn = async {
            ticks(1).await;
            Instant::now()
        };
        // comes last, and needs two turns; the others need twenty each
        let quick = lane.drive(turn, Begin::Apart);
        let (ended, all) = tokio::join!(quick, futures_util::future::join_all(busy));
        assert_eq!(all.len(), 4 * lane.threads.len());
        assert!(ended < Instant::now());
    }

    #[tokio::test]
    async fn who_drops_it_stops_it() {
        let lane = Lane::start().expect("threads start");
        let (held, gone) = sync_channel::<()>(0);
        let (moved, has_moved) = tokio::sync::oneshot::channel();
        let endless = async move {
            let _held = held;
            ticks(3).await;
            assert!(moved.send(()).is_ok());
            ticks(u32::MAX).await;
        };
        let endless = lane.drive(endless, Begin::Here);
        tokio::select! {
            () = endless => unreachable!("it has no end"),
            moved = has_moved => assert!(moved.is_ok()),
        }
        assert!(gone.recv().is_err(), "it was dropped");
    }

    #[tokio::test]
    async fn more_calls_than_threads_take_turns() {
        let lane = Lane::start().expect("threads start");
        let count = 2 * lane.threads.len() + 1;
        let all = (0..count).map(|_| lane.drive(ticks(5), Begin::Here));
        assert_eq!(futures_util::future::join_all(all).await.len(), count);
    }

    #[tokio::test]
    #[should_panic(expected = "of the host's own making")]
    async fn a_panic_is_the_caller_s() {
        let lane = Lane::start().expect("threads start");
        let panics = async {
            ticks(3).await;
            panic!("of the host's own making");
        };
        lane.drive(panics, Begin::Here).await
    }
}
