//! Consumers that wait, by group: what is published meanwhile is leased to one of them as part of its publishing, so that
//! both are on the disk with one sync. Those that do something else are told to look.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Weak};

use ottavo_blocks::pubsub::Delivery;
use parking_lot::Mutex;
use redb::StorageError;
use tokio::sync::Notify;

use super::tables::Tables;
use crate::commits::Commit;

/// The consumers of all groups of a store. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Waiting(Arc<Mutex<HashMap<u64, Vec<Weak<Inbox>>>>>);

/// What one consumer was given.
pub(super) struct Inbox {
    /// How long it leases, in milliseconds.
    lease: u64,
    /// Leased, and not taken yet.
    leased: Mutex<VecDeque<Delivery>>,
    /// How many events it waits for; zero while it does not wait.
    wanted: AtomicUsize,
    /// There is something in here, or perhaps in the file. Remembers one call while nobody waits.
    told: Notify,
}

impl Waiting {
    /// A consumer of a group, for as long as it is kept.
    pub(super) fn join(&self, group: u64, lease: u64) -> Arc<Inbox> {
        let (leased, wanted) = (Mutex::default(), AtomicUsize::new(0));
        let inbox = Arc::new(Inbox { lease, leased, wanted, told: Notify::new() });
        let mut groups = self.0.lock();
        let members = groups.entry(group).or_default();
        members.retain(|member| member.strong_count() > 0);
        members.push(Arc::downgrade(&inbox));
        inbox
    }

    /// Something of a group may be due. Whoever waits gets what is, after the commit; all others look.
    pub(super) fn give(
        &self,
        group: u64,
        now: u64,
        tables: &mut Tables<'_>,
        commit: &mut Commit<'_>,
    ) -> Result<(), StorageError> {
        for inbox in self.members(group) {
            // however this ends, the consumer hears of it
            let gift = Gift(inbox);
            let Gift(inbox) = &gift;
            let wanted = inbox.wanted.swap(0, Ordering::AcqRel);
            if wanted == 0 {
                continue;
            }
            let deliveries = tables.take(group, wanted, now, now.saturating_add(inbox.lease))?;
            if !deliveries.is_empty() {
                commit.write();
                commit.afterwards(move || gift.0.put(deliveries));
            }
        }
        Ok(())
    }

    /// The group is gone.
    pub(super) fn forget(&self, group: u64) {
        self.members(group).into_iter().map(Gift).for_each(drop);
        self.0.lock().remove(&group);
    }

    fn members(&self, group: u64) -> Vec<Arc<Inbox>> {
        let groups = self.0.lock();
        groups.get(&group).into_iter().flatten().filter_map(Weak::upgrade).collect()
    }
}

impl Inbox {
    pub(super) fn put(&self, deliveries: Vec<Delivery>) {
        self.leased.lock().extend(deliveries);
    }

    /// Up to `max` of what is here.
    pub(super) fn take(&self, max: usize) -> Vec<Delivery> {
        let mut leased = self.leased.lock();
        let count = leased.len().min(max);
        leased.drain(..count).collect()
    }

    /// Waits for up to `max` events, or for something to look for.
    pub(super) async fn wait(&self, max: usize) {
        struct Waits<'a>(&'a AtomicUsize);
        impl Drop for Waits<'_> {
            fn drop(&mut self) {
                self.0.store(0, Ordering::Release);
            }
        }
        let _waits = Waits(&self.wanted);
        self.wanted.store(max, Ordering::Release);
        self.told.notified().await;
    }
}

/// Tells a consumer, once what it was given is in its place.
struct Gift(Arc<Inbox>);

impl Drop for Gift {
    fn drop(&mut self) {
        self.0.told.notify_one();
    }
}
