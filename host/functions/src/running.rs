//! The calls that run now: for who asks, at the end, what a host still waits for.
//!
//! A call takes a place in one of several tables and leaves it: each has a lock of its own, which two
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
pub(crate) struct Running([Mutex<Places>; TABLES]);

#[derive(Default)]
struct Places {
    all: Vec<Option<Call>>,
    free: Vec<usize>,
}

struct Call {
    function: Arc<str>,
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

/// A call that runs for as long as this is held.
pub(crate) struct Place<'a> {
    table: &'a Mutex<Places>,
    at: usize,
}

impl Running {
    /// A call of `function` begins, for this request.
    pub(crate) fn enter(&self, function: &Arc<str>, request: &Arc<str>) -> Place<'_> {
        let (function, request) = (Arc::clone(function), Arc::clone(request));
        // where the id lies is as good as chance
        let table = &self.0[(Arc::as_ptr(&request).cast::<u8>().addr() >> 5) % TABLES];
        let call = Some(Call { function, request, since: Instant::now() });
        let mut places = table.lock();
        let at = match places.free.pop() {
            Some(at) => {
                places.all[at] = call;
                at
            }
            None => {
                places.all.push(call);
                places.all.len() - 1
            }
        };
        Place { table, at }
    }

    /// What runs, function by function.
    pub(crate) fn tell(&self) -> Vec<StillRunning> {
        let now = Instant::now();
        let mut told = BTreeMap::<Arc<str>, StillRunning>::new();
        for table in &self.0 {
            for Call { function, request, since } in table.lock().all.iter().flatten() {
                let one = told.entry(Arc::clone(function)).or_insert_with(|| StillRunning {
                    function: Arc::clone(function),
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

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut places = self.table.lock();
        places.all[self.at] = None;
        places.free.push(self.at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn calls_are_told_by_function_with_the_oldest() {
        let running = Running::default();
        let (slow, fast): (Arc<str>, Arc<str>) = (Arc::from("slow"), Arc::from("fast"));
        let ids: Vec<Arc<str>> = (0..20).map(|n| Arc::from(format!("r{n}"))).collect();
        let first = running.enter(&slow, &ids[0]);
        tokio::time::advance(Duration::from_secs(3)).await;
        let rest: Vec<_> = ids[1..].iter().map(|id| running.enter(&slow, id)).collect();
        drop(running.enter(&fast, &ids[0]));
        let told = running.tell();
        let [one] = told.as_slice() else { panic!("{told:?}") };
        assert_eq!((&*one.function, one.calls, one.requests.len()), ("slow", 20, TOLD));
        assert_eq!(one.longest, Duration::from_secs(3));
        drop((first, rest));
        assert_eq!(running.tell(), []);
        let _again = running.enter(&fast, &ids[0]);
        assert_eq!(running.tell()[0].requests, [Arc::clone(&ids[0])]);
    }
}
