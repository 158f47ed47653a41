//! What one group waits for: each event with when it is due. New, delayed, leased and to be retried
//! are one thing here: an event can be taken once it is due.
//!
//! Of the events of one ordering key, only the first stands in the line.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use ottavo_blocks::pubsub::{Delivery, Receipt};
use ottavo_core::Result;
use ottavo_core::clock::UnixMillis;
use tokio::sync::Notify;

use super::topic::span;

/// One delivery of an event: a receipt names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Turn {
    pub(super) number: u64,
    pub(super) attempt: u32,
}

impl Turn {
    pub(super) fn parse(receipt: &Receipt) -> Result<Turn> {
        let parts = receipt.as_str().split_once('.');
        let turn = parts.and_then(|(number, attempt)| {
            Some(Turn { number: number.parse().ok()?, attempt: attempt.parse().ok()? })
        });
        turn.ok_or_else(|| receipt.unknown())
    }

    pub(super) fn receipt(self) -> Receipt {
        Receipt::new(format!("{}.{}", self.number, self.attempt))
    }
}

/// What happens to a delivery.
#[derive(Clone, Copy)]
pub(super) enum Settling {
    Done,
    Again(Duration),
    Hold(Duration),
}

/// What a consumer got, else when to look again.
pub(super) struct Taken {
    pub(super) deliveries: Vec<Delivery>,
    pub(super) due: Option<UnixMillis>,
}

struct Item {
    due: UnixMillis,
    attempt: u32,
    /// Whether its delivery can still be settled.
    held: bool,
    key: Option<Arc<str>>,
}

/// The queue of one group.
#[derive(Default)]
pub(super) struct Queue {
    items: BTreeMap<u64, Item>,
    /// What can be taken once it is due.
    line: BTreeSet<(UnixMillis, u64)>,
    /// The events of each ordering key, the first of which is in the line.
    keys: HashMap<Arc<str>, BTreeSet<u64>>,
    wake: Arc<Notify>,
}

impl Queue {
    pub(super) fn wake(&self) -> Arc<Notify> {
        Arc::clone(&self.wake)
    }

    pub(super) fn numbers(self) -> impl Iterator<Item = u64> {
        self.items.into_keys()
    }

    pub(super) fn add(&mut self, number: u64, due: UnixMillis, key: Option<Arc<str>>) {
        let first = key.as_ref().is_none_or(|key| {
            let numbers = self.keys.entry(Arc::clone(key)).or_default();
            numbers.insert(number);
            numbers.len() == 1
        });
        self.items.insert(number, Item { due, attempt: 0, held: false, key });
        if first {
            self.line.insert((due, number));
            self.wake.notify_waiters();
        }
    }

    pub(super) fn take(&mut self, max: usize, now: UnixMillis, until: UnixMillis) -> Vec<Turn> {
        let mut turns = Vec::new();
        while turns.len() < max && self.due().is_some_and(|due| due <= now) {
            let Some((_, number)) = self.line.pop_first() else { break };
            let Some(item) = self.items.get_mut(&number) else { continue };
            (item.due, item.held) = (until, true);
            item.attempt = item.attempt.saturating_add(1);
            turns.push(Turn { number, attempt: item.attempt });
        }
        // after the loop, so that a lease of no length is not taken twice
        self.line.extend(turns.iter().map(|turn| (until, turn.number)));
        turns
    }

    /// When the first in the line can be taken.
    pub(super) fn due(&self) -> Option<UnixMillis> {
        self.line.first().map(|(due, _)| *due)
    }

    /// Whether the turn was held.
    pub(super) fn settle(&mut self, turn: Turn, settling: Settling, now: UnixMillis) -> bool {
        let item = self.items.get_mut(&turn.number);
        let Some(item) = item.filter(|item| item.held && item.attempt == turn.attempt) else {
            return false;
        };
        let (after, held) = match settling {
            Settling::Done => {
                self.remove(turn.number);
                return true;
            }
            Settling::Again(after) => (after, false),
            Settling::Hold(lease) => (lease, true),
        };
        self.line.remove(&(item.due, turn.number));
        (item.due, item.held) = (now.saturating_add(span(after)), held);
        self.line.insert((item.due, turn.number));
        self.wake.notify_waiters();
        true
    }

    /// Takes an event out, and puts the next one of its key into the line.
    pub(super) fn remove(&mut self, number: u64) {
        let Some(item) = self.items.remove(&number) else { return };
        self.line.remove(&(item.due, number));
        let Some(key) = item.key else { return };
        let Some(numbers) = self.keys.get_mut(&key) else { return };
        numbers.remove(&number);
        let Some(next) = numbers.first() else {
            self.keys.remove(&key);
            return;
        };
        if let Some(item) = self.items.get(next) {
            self.line.insert((item.due, *next));
            self.wake.notify_waiters();
        }
    }
}
