//! The topics of a store and its bounds, with the time as an argument.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use ottavo_blocks::pubsub::{Accepted, EventId, Group, Start, Topic as Name};
use ottavo_core::clock::UnixMillis;
use ottavo_core::{Error, Kind, Result};
use tokio::sync::Notify;

use super::queue::{Settling, Taken, Turn};
use super::topic::{Kept, Topic, span};
use crate::options::PubSubOptions;

/// Every topic that has a group. The others keep nothing.
pub(super) struct Broker {
    topics: HashMap<Name, Topic>,
    /// The number given last, over all topics: a receipt never names another event.
    last: u64,
    bytes: u64,
    max_events: usize,
    max_bytes: u64,
    retention: Duration,
}

impl Broker {
    pub(super) fn new(options: &PubSubOptions) -> Broker {
        Broker {
            topics: HashMap::new(),
            last: 0,
            bytes: 0,
            max_events: usize::try_from(options.max_events).unwrap_or(usize::MAX),
            max_bytes: options.max_bytes.0,
            retention: options.retention.0,
        }
    }

    pub(super) fn publish(
        &mut self,
        name: &Name,
        accepted: Accepted,
        now: UnixMillis,
    ) -> Result<EventId> {
        let Accepted { event, ordering_key, delay, ttl } = accepted;
        let id = event.id.clone();
        let Some(topic) = self.topics.get_mut(name) else { return Ok(id) };
        let (due, expires) = times(now, delay, ttl, self.retention);
        self.bytes -= topic.collect(now);
        let kept = Kept::new(event, ordering_key, due, expires);
        let size = kept.size();
        if topic.len() >= self.max_events {
            let most = self.max_events;
            let name = name.name().escape_debug();
            return Err(full(format!(
                "topic `{name}` keeps {most} events that a group still waits for, the most \
                 (`max_events`): publish again later"
            )));
        }
        if self.bytes + size > self.max_bytes {
            let most = self.max_bytes;
            return Err(full(format!(
                "the store keeps {most} bytes of events, the most (`max_bytes`): publish again later"
            )));
        }
        self.last += 1;
        self.bytes += size;
        topic.add(self.last, kept);
        Ok(id)
    }

    pub(super) fn subscribe(&mut self, name: &Name, group: &Group, from: Start) -> Arc<Notify> {
        self.topics.entry(name.clone()).or_default().subscribe(group, from)
    }

    pub(super) fn unsubscribe(&mut self, name: &Name, group: &Group) {
        let Some(topic) = self.topics.get_mut(name) else { return };
        self.bytes -= topic.unsubscribe(group);
        if topic.is_unused() {
            self.topics.remove(name);
        }
    }

    pub(super) fn take(
        &mut self,
        name: &Name,
        group: &Group,
        max: usize,
        lease: Duration,
        now: UnixMillis,
    ) -> Result<Taken> {
        let topic = self.topics.get_mut(name).ok_or_else(|| gone(name, group))?;
        self.bytes -= topic.collect(now);
        topic.take(group, max, lease, now).ok_or_else(|| gone(name, group))
    }

    pub(super) fn settle(
        &mut self,
        name: &Name,
        group: &Group,
        turn: Turn,
        settling: Settling,
        now: UnixMillis,
    ) -> bool {
        let Some(topic) = self.topics.get_mut(name) else { return false };
        let Some(freed) = topic.settle(group, turn, settling, now) else { return false };
        self.bytes -= freed;
        true
    }
}

/// When an event may first be delivered, and from when on never.
fn times(
    now: UnixMillis,
    delay: Duration,
    ttl: Option<Duration>,
    retention: Duration,
) -> (UnixMillis, UnixMillis) {
    let due = now.saturating_add(span(delay));
    let kept_until = due.saturating_add(span(retention));
    let expires = ttl.map_or(u64::MAX, |ttl| now.saturating_add(span(ttl)));
    (due, expires.min(kept_until))
}

fn full(message: String) -> Error {
    Error::new(Kind::Exhausted, message)
}

fn gone(topic: &Name, group: &Group) -> Error {
    let (topic, group) = (topic.name().escape_debug(), group.as_str().escape_debug());
    Error::not_found(format!("topic `{topic}` has no group `{group}`: subscribe again"))
}
