//! The calls that have a place: for who asks, at the end, what a host still waits for.
//!
//! A call is noted in one of several tables, and struck out of it: each has a lock of its own, which two
//! calls seldom want at the same time.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::Instant;

/// How many tables there are.
const TABLES: usize = 16;

/// The most request ids that are told of one function.
const TOLD: usize = 8;

/// The calls of all functions.
#[derive(Default)]
pub(crate) struct Running([Mutex<Seats>; TABLES]);

#[derive(Default)]
struct Seats {
    all: Vec<Option<Call>>,
    free: Vec<usize>,
}

struct Call {
    /// The number of its version's line.
    line: u64,
    request: Arc<str>,
    since: Instant,
}

/// The calls of one function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StillRunning {
    /// The function.
    pub function: Arc<str>,
    /// How many calls of it run.
    pub calls: usize,
    /// How long the oldest has been running.
    pub longest: Duration,
    /// The requests they answer, at most 8.
    pub requests: Vec<Arc<str>>,
}

/// Where a call is noted.
#[derive(Clone, Copy)]
pub(crate) struct Seat {
    table: usize,
    at: usize,
}

impl Running {
    /// A call of this line begins, for this request.
    pub(crate) fn enter(&self, line: u64, request: &Arc<str>) -> Seat {
        let request = Arc::clone(request);
        // where the id lies is as good as chance
        let table = (Arc::as_ptr(&request).cast::<u8>().addr() >> 5) % TABLES;
        let call = Some(Call { line, request, since: Instant::now() });
        let mut seats = self.0[table].lock();
        let at = match seats.free.pop() {
            Some(at) => {
                seats.all[at] = call;
                at
            }
            None => {
                seats.all.push(call);
                seats.all.len() - 1
            }
        };
        Seat { table, at }
    }

    /// It is over.
    pub(crate) fn leave(&self, Seat { table, at }: Seat) {
        let mut seats = self.0[table].lock();
        let gone = seats.all[at].take();
        seats.free.push(at);
        drop(seats);
        drop(gone);
    }

    /// What runs, function by function, of which a line's number gives the name.
    pub(crate) fn tell(&self, name: impl Fn(u64) -> Option<Arc<str>>) -> Vec<StillRunning> {
        let now = Instant::now();
        let mut told = BTreeMap::<Arc<str>, StillRunning>::new();
        for table in &self.0 {
            for Call { line, request, since } in table.lock().all.iter().flatten() {
                let Some(function) = name(*line) else { continue };
                let one = told.entry(Arc::clone(&function)).or_insert_with(|| StillRunning {
                    function,
                    calls: 0,
                    longest: Duration::ZERO,
                    requests: Vec::new(),
                });
                one.calls += 1;
                one.longest = one.longest.max(now - *since);
                if one.requests.len() < TOLD {
                    one.requests.push(Arc::clone(request));
                }
            }
        }
        told.into_values().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn calls_are_told_by_function_with_the_oldest() {
        let running = Running::default();
        let name = |line| Some(Arc::from(if line == 3 { "fast" } else { "slow" }));
        let ids: Vec<Arc<str>> = (0..20).map(|n| Arc::from(format!("r{n}"))).collect();
        let first = running.enter(1, &ids[0]);
        tokio::time::advance(Duration::from_secs(3)).await;
        // of another version too
        let rest: Vec<_> =
            (1..).zip(&ids[1..]).map(|(n, id)| running.enter(1 + n % 2, id)).collect();
        running.leave(running.enter(3, &ids[0]));
        let told = running.tell(name);
        let [one] = told.as_slice() else { panic!("{told:?}") };
        assert_eq!((&*one.function, one.calls, one.requests.len()), ("slow", 20, TOLD));
        assert_eq!(one.longest, Duration::from_secs(3));
        rest.into_iter().chain([first]).for_each(|seat| running.leave(seat));
        assert_eq!(running.tell(name), []);
        running.enter(3, &ids[0]);
        assert_eq!(running.tell(name)[0].requests, [Arc::clone(&ids[0])]);
    }
}
