//! A consumer of a group in the file.
//!
//! A request for events that was begun is never dropped by a caller who stops waiting: the consumer
//! keeps it, and the next call takes what it brought.

use std::pin::Pin;
use std::sync::{Arc, Weak};
use std::time::Duration;

use async_trait::async_trait;
use ottavo_blocks::pubsub::{Consumer, Delivery, MAX_DELIVERIES, Receipt, Subscription};
use ottavo_core::{CallContext, Caller, Clock, Error, Kind, Result};
use tokio::sync::Mutex;

use super::log::{Settling, Taken, Turn};
use super::tables::Tables;
use super::waiting::Inbox;
use super::{Inner, span};
use crate::commits::{Commit, Failure};

/// How long one request for events may take.
const PATIENCE: Duration = Duration::from_secs(30);

pub(super) struct LocalConsumer {
    /// Consumers do not keep the file open.
    store: Weak<Inner>,
    clock: Arc<dyn Clock>,
    group: u64,
    subscription: Subscription,
    inbox: Arc<Inbox>,
    /// Under way: of a caller who gave up, perhaps.
    request: Mutex<Option<Request>>,
}

type Request = Pin<Box<dyn Future<Output = Result<Taken>> + Send>>;

impl LocalConsumer {
    pub(super) fn new(store: &Arc<Inner>, group: u64, subscription: Subscription) -> LocalConsumer {
        let inbox = store.waiting.join(group, span(subscription.lease.get()));
        let (clock, store) = (Arc::clone(&store.clock), Arc::downgrade(store));
        LocalConsumer { store, clock, group, subscription, inbox, request: Mutex::default() }
    }

    fn store(&self) -> Result<Arc<Inner>> {
        let closed = || Error::new(Kind::Unavailable, "the store is closed").with_retryable(false);
        self.store.upgrade().ok_or_else(closed)
    }

    fn request(&self, max: usize) -> Result<Request> {
        let store = self.store()?;
        let (group, lease) = (self.group, span(self.subscription.lease.get()));
        let topic = self.subscription.topic.name().to_owned();
        let name = self.subscription.group.as_str().to_owned();
        let clock = Arc::clone(&self.clock);
        let take = move |commit: &mut Commit<'_>| {
            let mut tables = Tables::open(commit.read())?;
            if !tables.has_group(group)? {
                return Err(gone(&topic, &name).into());
            }
            let now = clock.now();
            if tables.anything_expired(now)? {
                commit.write();
                while tables.collect(now, super::COLLECTED)? == super::COLLECTED {}
            }
            let due = tables.first_due(group)?;
            if due.is_none_or(|due| due > now) {
                return Ok(Taken { deliveries: Vec::new(), due });
            }
            commit.write();
            let deliveries = tables.take(group, max, now, now.saturating_add(lease))?;
            Ok::<_, Failure>(Taken { deliveries, due: tables.first_due(group)? })
        };
        Ok(Box::pin(async move {
            let cx = CallContext::new("local-pubsub".into(), Caller::Anonymous, PATIENCE);
            store.commits.run(&cx, take).await
        }))
    }

    async fn settle(
        &self,
        cx: &CallContext,
        receipt: &Receipt,
        settling: impl FnOnce(u64) -> Settling + Send + 'static,
    ) -> Result<bool> {
        let (turn, group, store) = (Turn::parse(receipt)?, self.group, self.store()?);
        let (clock, waiting) = (Arc::clone(&self.clock), store.waiting.clone());
        let settle = move |commit: &mut Commit<'_>| {
            let mut tables = Tables::open(commit.read())?;
            if !tables.holds(group, turn)? {
                return Ok(false);
            }
            commit.write();
            let (now, before) = (clock.now(), tables.first_due(group)?);
            tables.settle(group, turn, settling(now))?;
            // of what is due later, those who wait know already
            if tables.first_due(group)?.is_some_and(|due| before.is_none_or(|before| due < before))
            {
                waiting.give(group, now, &mut tables, commit)?;
            }
            Ok(true)
        };
        store.commits.run(cx, settle).await
    }
}

#[async_trait]
impl Consumer for LocalConsumer {
    async fn next(&self, max: usize) -> Result<Vec<Delivery>> {
        let max = max.clamp(1, MAX_DELIVERIES);
        let mut request = self.request.lock().await;
        loop {
            let deliveries = self.inbox.take(max);
            if !deliveries.is_empty() {
                return Ok(deliveries);
            }
            let looks = match &mut *request {
                Some(looks) => looks,
                None => request.insert(self.request(max)?),
            };
            let looked = looks.await;
            *request = None;
            let Taken { deliveries, due } = looked?;
            if !deliveries.is_empty() {
                self.inbox.put(deliveries);
                continue;
            }
            // what came since the look has left a word
            tokio::select! {
                () = self.inbox.wait(max) => {}
                () = self.clock.sleep_until(due.unwrap_or(u64::MAX)) => {}
            }
        }
    }

    async fn acknowledge(&self, cx: &CallContext, receipt: &Receipt) -> Result<bool> {
        self.settle(cx, receipt, |_| Settling::Done).await
    }

    async fn retry(&self, cx: &CallContext, receipt: &Receipt, after: Duration) -> Result<bool> {
        let again = move |now: u64| Settling::Again(now.saturating_add(span(after)));
        self.settle(cx, receipt, again).await
    }

    async fn renew(&self, cx: &CallContext, receipt: &Receipt) -> Result<bool> {
        let lease = span(self.subscription.lease.get());
        self.settle(cx, receipt, move |now| Settling::Hold(now.saturating_add(lease))).await
    }
}

fn gone(topic: &str, group: &str) -> Error {
    let (topic, group) = (topic.escape_debug(), group.escape_debug());
    Error::not_found(format!("topic `{topic}` has no group `{group}`: subscribe again"))
}
