//! Who may run: places for calls, of each version and of the whole host.
//!
//! A call takes a place before there is an instance for it. Where none is free it waits, in the line of its
//! version, for so long as `limits.queue_timeout` says; where too many wait already it is refused at once.
//!
//! Invariants: a place that the host has free is never kept from a line that could use it. Lines that wait
//! for a place of the host take turns, so that a long one keeps no other waiting. Within a line, calls that
//! are within another call come first: what has begun is to end. Whoever waits can be dropped at any point,
//! and no place is lost. The one lock is held for a few steps, never across a wait.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use ottavo_core::{Error, Kind, Limits};
use ottavo_telemetry::metrics::FunctionMeter;
use parking_lot::Mutex;
use tokio::sync::oneshot;
use tokio::time::Instant;

/// The places of a host.
pub(crate) struct Admission {
    /// How many calls run at once, over all functions.
    places: u32,
    state: Mutex<State>,
}

struct State {
    free: u32,
    /// By number.
    lines: HashMap<u64, Waiting>,
    /// Lines in which somebody waits for nothing but a place of the host, the next one first.
    turns: VecDeque<u64>,
    last_line: u64,
    last_ticket: u64,
}

/// What changes of a line.
#[derive(Default)]
struct Waiting {
    running: u32,
    most: u32,
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
    meter: Arc<FunctionMeter>,
}

/// The right to run, for as long as it is held.
pub(crate) struct Place(Arc<Line>);

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
        let (lines, turns) = (HashMap::new(), VecDeque::new());
        let state = State { free: places, lines, turns, last_line: 0, last_ticket: 0 };
        Arc::new(Admission { places, state: Mutex::new(state) })
    }

    /// The line of one more version.
    pub(crate) fn line(self: &Arc<Self>, limits: Limits, meter: Arc<FunctionMeter>) -> Arc<Line> {
        let mut state = self.state.lock();
        state.last_line += 1;
        let number = state.last_line;
        let waiting = Waiting { most: limits.concurrency, ..Waiting::default() };
        state.lines.insert(number, waiting);
        Arc::new(Line { admission: Arc::clone(self), number, limits, meter })
    }
}

impl State {
    /// A place for a call that comes, if it need not wait.
    fn seat(&mut self, line: u64) -> Result<(), Room> {
        let waiting = self.lines.get_mut(&line).expect("a line lives as long as its calls");
        if waiting.running >= waiting.most {
            return Err(Room::Version);
        }
        self.free = self.free.checked_sub(1).ok_or(Room::Host)?;
        waiting.running += 1;
        Ok(())
    }

    /// A line with somebody who waits for the host alone gets its turn.
    fn queue_up(&mut self, line: u64) {
        if let Some(waiting) = self.lines.get_mut(&line)
            && !waiting.has_turn
            && !waiting.calls.is_empty()
            && waiting.running < waiting.most
        {
            waiting.has_turn = true;
            self.turns.push_back(line);
        }
    }

    /// A call has left its place.
    fn leave(&mut self, line: u64) {
        self.free += 1;
        if let Some(waiting) = self.lines.get_mut(&line) {
            waiting.running -= 1;
        }
        self.queue_up(line);
        while self.free > 0
            && let Some(next) = self.turns.pop_front()
        {
            let Some(waiting) = self.lines.get_mut(&next) else { continue };
            waiting.has_turn = false;
            if waiting.running < waiting.most
                && let Some((_, call)) = waiting.calls.pop_first()
            {
                waiting.running += 1;
                self.free -= 1;
                // one that goes away meanwhile leaves the place again
                let _gone = call.send(());
            }
            self.queue_up(next);
        }
    }
}

impl Line {
    /// A place, now or within the time that a call may wait; `until` is when its caller stops waiting.
    pub(crate) async fn enter(
        self: &Arc<Self>,
        outermost: bool,
        until: Option<Instant>,
    ) -> Result<Place, Full> {
        let (mut standing, called) = {
            let mut state = self.admission.state.lock();
            let Err(of) = state.seat(self.number) else { return Ok(Place(Arc::clone(self))) };
            self.check(&state, of)?;
            state.last_ticket += 1;
            let ticket = Ticket { outermost, number: state.last_ticket };
            let (call, called) = oneshot::channel();
            if let Some(waiting) = state.lines.get_mut(&self.number) {
                waiting.calls.insert(ticket, call);
            }
            state.queue_up(self.number);
            (Standing { line: self, ticket, seated: false }, (of, called))
        };
        let (of, called) = called;
        let _queued = self.meter.queued();
        let begun = Instant::now();
        let patience = begun + self.limits.queue_timeout.0;
        let until = until.map_or(patience, |until| until.min(patience));
        let came = tokio::time::timeout_at(until, called).await;
        self.meter.waited(begun.elapsed());
        match came {
            Ok(Ok(())) => {
                standing.seated = true;
                Ok(Place(Arc::clone(self)))
            }
            _ => Err(Full { of, waited: true }),
        }
    }

    /// Whether a call that comes now could at least wait: asked before its body is read.
    pub(crate) fn has_room(&self) -> Result<(), Full> {
        let state = self.admission.state.lock();
        let Some(waiting) = state.lines.get(&self.number) else { return Ok(()) };
        match () {
            () if waiting.running >= waiting.most => self.check(&state, Room::Version),
            () if state.free == 0 => self.check(&state, Room::Host),
            () => Ok(()),
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

impl Drop for Line {
    fn drop(&mut self) {
        self.admission.state.lock().lines.remove(&self.number);
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.admission.state.lock().leave(self.0.number);
    }
}

impl Drop for Standing<'_> {
    fn drop(&mut self) {
        if self.seated {
            return;
        }
        let mut state = self.line.admission.state.lock();
        let waiting = state.lines.get_mut(&self.line.number);
        // it was called, and did not hear it
        if waiting.is_some_and(|waiting| waiting.calls.remove(&self.ticket).is_none()) {
            state.leave(self.line.number);
        }
    }
}

#[cfg(test)]
mod tests;
