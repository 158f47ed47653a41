//! One topic: its events, each as long as a group waits for it, and its groups.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use ottavo_blocks::pubsub::{Delivery, Event, Group, Start};
use ottavo_core::clock::UnixMillis;
use tokio::sync::Notify;

use super::queue::{Queue, Settling, Taken, Turn};

/// What an event costs beside its bytes, about.
const OVERHEAD: u64 = 512;

/// An event, and for how many groups it is kept.
pub(super) struct Kept {
    event: Event,
    key: Option<Arc<str>>,
    due: UnixMillis,
    expires: UnixMillis,
    groups: usize,
}

impl Kept {
    pub(super) fn new(
        event: Event,
        key: Option<String>,
        due: UnixMillis,
        expires: UnixMillis,
    ) -> Kept {
        Kept { event, key: key.map(Arc::from), due, expires, groups: 0 }
    }

    pub(super) fn size(&self) -> u64 {
        OVERHEAD + self.event.data.len() as u64
    }
}

/// One topic.
#[derive(Default)]
pub(super) struct Topic {
    events: BTreeMap<u64, Kept>,
    by_expiry: BTreeSet<(UnixMillis, u64)>,
    groups: HashMap<Group, Queue>,
}

impl Topic {
    pub(super) fn len(&self) -> usize {
        self.events.len()
    }

    pub(super) fn is_unused(&self) -> bool {
        self.groups.is_empty()
    }

    /// Adds an event to the queue of each group. There is one at least.
    pub(super) fn add(&mut self, number: u64, mut kept: Kept) {
        for queue in self.groups.values_mut() {
            queue.add(number, kept.due, kept.key.clone());
        }
        kept.groups = self.groups.len();
        self.by_expiry.insert((kept.expires, number));
        self.events.insert(number, kept);
    }

    pub(super) fn subscribe(&mut self, group: &Group, from: Start) -> Arc<Notify> {
        if let Some(queue) = self.groups.get(group) {
            return queue.wake();
        }
        let mut queue = Queue::default();
        if from == Start::Oldest {
            for (number, kept) in &mut self.events {
                queue.add(*number, kept.due, kept.key.clone());
                kept.groups += 1;
            }
        }
        let wake = queue.wake();
        self.groups.insert(group.clone(), queue);
        wake
    }

    /// Returns the bytes it freed.
    pub(super) fn unsubscribe(&mut self, group: &Group) -> u64 {
        let Some(queue) = self.groups.remove(group) else { return 0 };
        queue.wake().notify_waiters();
        queue.numbers().map(|number| self.release(number)).sum()
    }

    /// Takes what is due; none when the group is gone.
    pub(super) fn take(
        &mut self,
        group: &Group,
        max: usize,
        lease: Duration,
        now: UnixMillis,
    ) -> Option<Taken> {
        let queue = self.groups.get_mut(group)?;
        let events = &self.events;
        let turns = queue.take(max, now, now.saturating_add(span(lease)));
        let delivery = |turn: Turn| {
            let event = events.get(&turn.number)?.event.clone();
            Some(Delivery { event, attempt: turn.attempt, receipt: turn.receipt() })
        };
        let deliveries = turns.into_iter().filter_map(delivery).collect();
        Some(Taken { deliveries, due: queue.due() })
    }

    /// Returns the bytes it freed; none when the turn was not held.
    pub(super) fn settle(
        &mut self,
        group: &Group,
        turn: Turn,
        settling: Settling,
        now: UnixMillis,
    ) -> Option<u64> {
        let queue = self.groups.get_mut(group)?;
        let held = queue.settle(turn, settling, now);
        match settling {
            _ if !held => None,
            Settling::Done => Some(self.release(turn.number)),
            Settling::Again(_) | Settling::Hold(_) => Some(0),
        }
    }

    /// Removes what has expired, and returns the bytes it freed.
    pub(super) fn collect(&mut self, now: UnixMillis) -> u64 {
        let mut freed = 0;
        while self.by_expiry.first().is_some_and(|(at, _)| *at <= now) {
            let Some((_, number)) = self.by_expiry.pop_first() else { break };
            for queue in self.groups.values_mut() {
                queue.remove(number);
            }
            freed += self.events.remove(&number).map_or(0, |kept| kept.size());
        }
        freed
    }

    /// One group fewer waits for the event.
    fn release(&mut self, number: u64) -> u64 {
        let Some(kept) = self.events.get_mut(&number) else { return 0 };
        kept.groups -= 1;
        if kept.groups > 0 {
            return 0;
        }
        let (at, size) = (kept.expires, kept.size());
        self.by_expiry.remove(&(at, number));
        self.events.remove(&number);
        size
    }
}

pub(super) fn span(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}
