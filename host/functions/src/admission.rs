//! Who may run: places for calls, of each version and of the whole host.
//!
//! A call takes a place before there is an instance for it. Where none is free it waits, in the line of its
//! version, for so long as `limits.queue_timeout` says; where too many wait already it is refused at once.
//!
//! Invariants: a place that the host has free is never kept from a line that could use it. Lines that wait
//! for a place of the host take turns, so that a long one keeps no other waiting. Within a line, calls that
//! are within another call come first: what has begun is to end. Whoever waits can be dropped at any point,
//! and no place is lost.
//!
//! While nobody waits, a place is two numbers that are counted down and up again. Who finds one of them at zero
//! says in a third that somebody waits, looks again, and stands in line, under the one lock; who leaves a place
//! counts up first and looks at the third number then. One of the two sees the other. The lock is held for a few
//! steps, never across a wait.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering::SeqCst};

use ottavo_core::{Error, Kind, Limits};
use ottavo_telemetry::metrics::FunctionMeter;
use parking_lot::{Mutex, MutexGuard};
use tokio::sync::oneshot;
use tokio::time::Instant;

use crate::running::{Running, Seat, StillRunning};

/// The places of a host.
pub(crate) struct Admission {
    /// How many calls run at once, over all functions.
    places: u32,
    free: AtomicU32,
    /// How many calls wait, or are about to.
    waiting: AtomicUsize,
    /// What has a place.
    running: Running,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// The functions of all lines, by the lines' numbers.
    names: HashMap<u64, Arc<str>>,
    /// Those in which somebody waits, by number.
    lines: HashMap<u64, Waiting>,
    /// Lines in which somebody waits for nothing but a place of the host, the next one first.
    turns: VecDeque<Arc<Line>>,
    last_line: u64,
    last_ticket: u64,
}

/// Those who wait in one line: at least one.
#[derive(Default)]
struct Waiting {
    calls: BTreeMap<Ticket, oneshot::Sender<()>>,
    has_turn: bool,
}

/// Where a call stands in its line: those that are within another call first, each by its number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Ticket {
    outermost: bool,
    number: u64,
}

/// The calls of one version.
pub(crate) struct Line {
    admission: Arc<Admission>,
    number: u64,
    limits: Limits,
    /// Of `limits.concurrency`.
    free: AtomicU32,
    meter: Arc<FunctionMeter>,
}

/// The right to run, for as long as it is held.
pub(crate) struct Place {
    line: Arc<Line>,
    at: Seat,
}

/// A call that waits.
struct Standing<'a> {
    line: &'a Arc<Line>,
    ticket: Ticket,
    /// Its place is somebody's.
    seated: bool,
}

/// Why there is no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Full {
    of: Room,
    /// Whether it has waited.
    waited: bool,
}

/// What has no place free.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Room {
    Version,
    Host,
}

impl Admission {
    pub(crate) fn new(places: u32) -> Arc<Admission> {
        let (free, waiting) = (AtomicU32::new(places), AtomicUsize::new(0));
        let (running, state) = (Running::default(), Mutex::default());
        Arc::new(Admission { places, free, waiting, running, state })
    }

    /// The line of one more version of `function`.
    pub(crate) fn line(
        self: &Arc<Self>,
        function: &Arc<str>,
        limits: Limits,
        meter: Arc<FunctionMeter>,
    ) -> Arc<Line> {
        let mut state = self.state.lock();
        state.last_line += 1;
        let (number, free) = (state.last_line, AtomicU32::new(limits.concurrency));
        state.names.insert(number, Arc::clone(function));
        Arc::new(Line { admission: Arc::clone(self), number, limits, free, meter })
    }

    /// What runs, function by function.
    pub(crate) fn running(&self) -> Vec<StillRunning> {
        let names = self.state.lock().names.clone();
        self.running.tell(|line| names.get(&line).map(Arc::clone))
    }

    /// The lock, of one who waits or is about to: from here on whoever leaves a place comes by.
    fn about_to_wait(&self) -> MutexGuard<'_, State> {
        self.waiting.fetch_add(1, SeqCst);
        self.state.lock()
    }

    /// One who was about to wait, or did, does not.
    fn waits_no_more(&self) {
        self.waiting.fetch_sub(1, SeqCst);
    }
}

impl State {
    /// A line that may have a place gets its turn, if somebody waits in it, and whoever has a turn is called
    /// while there are places.
    fn call_up(&mut self, line: &Arc<Line>) {
        self.queue_up(line);
        while let Some(next) = self.turns.front().map(Arc::clone) {
            let seated = next.seat();
            if seated == Err(Room::Host) {
                return;
            }
            self.turns.pop_front();
            let waiting = self.lines.get_mut(&next.number);
            let waiting = waiting.expect("a line has a turn while somebody waits in it");
            waiting.has_turn = false;
            // another one came first; who leaves its place gives the line its turn
            if seated.is_err() {
                continue;
            }
            if let Some((_, call)) = waiting.calls.pop_first() {
                next.admission.waits_no_more();
                // one that goes away meanwhile leaves the place again
                let _gone = call.send(());
            }
            if waiting.calls.is_empty() {
                self.lines.remove(&next.number);
            }
            self.queue_up(&next);
        }
    }

    fn queue_up(&mut self, line: &Arc<Line>) {
        if let Some(waiting) = self.lines.get_mut(&line.number)
            && !waiting.has_turn
            && line.free.load(SeqCst) > 0
        {
            waiting.has_turn = true;
            self.turns.push_back(Arc::clone(line));
        }
    }

    /// Takes a call out of its line, if it still waits there.
    fn give_up(&mut self, line: &Line, ticket: Ticket) -> bool {
        let Some(waiting) = self.lines.get_mut(&line.number) else { return false };
        let waited = waiting.calls.remove(&ticket).is_some();
        if waiting.calls.is_empty() {
            self.lines.remove(&line.number);
            self.turns.retain(|turn| turn.number != line.number);
        }
        waited
    }
}

impl Line {
    /// A place for the call of this request, now or within the time that it may wait; `until` is when its
    /// caller stops waiting.
    pub(crate) async fn enter(
        self: &Arc<Self>,
        request: &Arc<str>,
        outermost: bool,
        until: Option<Instant>,
    ) -> Result<Place, Full> {
        if self.admission.waiting.load(SeqCst) == 0 && self.seat().is_ok() {
            return Ok(self.place(request));
        }
        let (mut standing, of, called) = match self.stand(request, outermost)? {
            Stands::Seated(place) => return Ok(place),
            Stands::Waits(standing, of, called) => (standing, of, called),
        };
        let _queued = self.meter.queued();
        let begun = Instant::now();
        let patience = begun + self.limits.queue_timeout.0;
        let until = until.map_or(patience, |until| until.min(patience));
        let came = tokio::time::timeout_at(until, called).await;
        self.meter.waited(begun.elapsed());
        match came {
            Ok(Ok(())) => {
                standing.seated = true;
                Ok(self.place(request))
            }
            _ => Err(Full { of, waited: true }),
        }
    }

    /// A place now, or a place in the line.
    fn stand(self: &Arc<Self>, request: &Arc<str>, outermost: bool) -> Result<Stands<'_>, Full> {
        let mut state = self.admission.about_to_wait();
        // those who wait come first; and a place may be free that was just left, or taken in vain
        state.call_up(self);
        let of = match state.turns.is_empty() && !state.lines.contains_key(&self.number) {
            false => self.full(),
            true => match self.seat() {
                Ok(()) => {
                    self.admission.waits_no_more();
                    return Ok(Stands::Seated(self.place(request)));
                }
                Err(of) => of,
            },
        };
        if let Err(full) = self.check(&state, of) {
            self.admission.waits_no_more();
            return Err(full);
        }
        state.last_ticket += 1;
        let ticket = Ticket { outermost, number: state.last_ticket };
        let (call, called) = oneshot::channel();
        state.lines.entry(self.number).or_default().calls.insert(ticket, call);
        state.queue_up(self);
        Ok(Stands::Waits(Standing { line: self, ticket, seated: false }, of, called))
    }

    /// A place that was taken, as it is told of.
    fn place(self: &Arc<Self>, request: &Arc<str>) -> Place {
        let at = self.admission.running.enter(self.number, request);
        Place { line: Arc::clone(self), at }
    }

    /// Takes a place, if there is one.
    fn seat(&self) -> Result<(), Room> {
        // the line's own first: one that is taken in vain keeps nobody else from the host
        if !take(&self.free) {
            return Err(Room::Version);
        }
        if !take(&self.admission.free) {
            self.free.fetch_add(1, SeqCst);
            return Err(Room::Host);
        }
        Ok(())
    }

    /// Leaves a place.
    fn leave(self: &Arc<Self>) {
        self.free.fetch_add(1, SeqCst);
        self.admission.free.fetch_add(1, SeqCst);
        if self.admission.waiting.load(SeqCst) > 0 {
            self.admission.state.lock().call_up(self);
        }
    }

    /// What there is no place of.
    fn full(&self) -> Room {
        match self.free.load(SeqCst) {
            0 => Room::Version,
            _ => Room::Host,
        }
    }

    /// Whether a call that comes now could at least wait: asked before its body is read.
    pub(crate) fn has_room(&self) -> Result<(), Full> {
        let of = self.full();
        match of == Room::Host && self.admission.free.load(SeqCst) > 0 {
            true => Ok(()),
            false => self.check(&self.admission.state.lock(), of),
        }
    }

    fn check(&self, state: &State, of: Room) -> Result<(), Full> {
        let waiting = state.lines.get(&self.number).map_or(0, |waiting| waiting.calls.len());
        match waiting < self.limits.queue as usize {
            true => Ok(()),
            false => Err(Full { of, waited: false }),
        }
    }

    /// What a caller is told.
    pub(crate) fn error(&self, name: &str, full: Full) -> Error {
        let (limit, most, raise) = match full.of {
            Room::Version => ("limits.concurrency", self.limits.concurrency, "in its manifest"),
            Room::Host => ("engine.max_instances", self.admission.places, "of the host"),
        };
        let Limits { queue, queue_timeout, .. } = self.limits;
        let what = match full.waited {
            true => format!("none has ended within `limits.queue_timeout`, {queue_timeout}"),
            false => format!("`limits.queue`, {queue}, wait already"),
        };
        let whose = match full.of {
            Room::Version => format!("{most} calls of function `{name}` run"),
            Room::Host => format!("function `{name}` found the host full: {most} calls run"),
        };
        let message = format!(
            "{whose}, which is `{limit}`, and {what}: try again, or raise `{limit}` {raise}"
        );
        // a second at least: who comes back at once finds what it left
        let again = queue_timeout.0.as_millis().clamp(1000, 60_000);
        Error::new(Kind::Unavailable, message)
            .with_detail("limit", most.to_string())
            .with_detail("limit-name", limit)
            .with_detail("retry-after-ms", again.to_string())
    }
}

/// What becomes of a call that found no place at once.
enum Stands<'a> {
    Seated(Place),
    /// With what there was no place of, and the word that there is one.
    Waits(Standing<'a>, Room, oneshot::Receiver<()>),
}

/// Counts down, if it is not zero.
fn take(free: &AtomicU32) -> bool {
    free.fetch_update(SeqCst, SeqCst, |free| free.checked_sub(1)).is_ok()
}

impl Drop for Line {
    fn drop(&mut self) {
        self.admission.state.lock().names.remove(&self.number);
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.line.admission.running.leave(self.at);
        self.line.leave();
    }
}

impl Drop for Standing<'_> {
    fn drop(&mut self) {
        if self.seated {
            return;
        }
        let waited = self.line.admission.state.lock().give_up(self.line, self.ticket);
        match waited {
            true => self.line.admission.waits_no_more(),
            // it was called, and did not hear it
            false => self.line.leave(),
        }
    }
}

#[cfg(test)]
mod tests;
