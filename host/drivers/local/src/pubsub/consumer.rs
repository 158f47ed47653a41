//! A consumer of a group in the file.
//!
//! A request for events that was begun is never dropped by a caller who stops waiting: the consumer
//! keeps it, and the next call takes what it brought.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Weak};
use std::time::Duration;

use async_trait::async_trait;
use ottavo_blocks::pubsub::{Consumer, Delivery, MAX_DELIVERIES, Receipt, Subscription};
use ottavo_core::{CallContext, Caller, Clock, Error, Kind, Result};
use tokio::sync::{Mutex, Notify};

use super::log::{Settling, Taken, Turn};
use super::tables::Tables;
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
    wake: Arc<Notify>,
    asked: Mutex<Asked>,
}

type Request = Pin<Box<dyn Future<Output = Result<Taken>> + Send>>;

#[derive(Default)]
struct Asked {
    /// Under way.
    request: Option<Request>,
    /// Leased, and not given yet.
    leased: VecDeque<Delivery>,
}

impl LocalConsumer {
    pub(super) fn new(store: &Arc<Inner>, group: u64, subscription: Subscription) -> LocalConsumer {
        let wake = store.wakes.of(group);
        let (clock, store) = (Arc::clone(&store.clock), Arc::downgrade(store));
        LocalConsumer { store, clock, group, subscription, wake, asked: Mutex::default() }
    }

    fn store(&self) -> Result<Arc<Inner>> {
        let closed = || Error::new(Kind::Unavailable, "the store is closed").with_retryable(false);
        self.store.upgrade().ok_or_else(closed)
    }

    /// What is due, up to `max`.
    async fn ask(&self, max: usize) -> Result<Taken> {
        let mut asked = self.asked.lock().await;
        if asked.leased.is_empty() {
            // of a caller who gave up: it may have looked before what has come since
            let earlier = asked.request.is_some();
            if !earlier {
                asked.request = Some(self.request(max)?);
            }
            let taken = match &mut asked.request {
                Some(request) => request.await,
                None => return Err(Error::internal("a request for events is not there")),
            };
            asked.request = None;
            let taken = taken?;
            if taken.deliveries.is_empty() {
                let due = if earlier { Some(0) } else { taken.due };
                return Ok(Taken { due, ..taken });
            }
            asked.leased.extend(taken.deliveries);
        }
        let count = asked.leased.len().min(max);
        let deliveries = asked.leased.drain(..count).collect();
        Ok(Taken { deliveries, due: None })
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
        let (clock, wake) = (Arc::clone(&self.clock), Arc::clone(&self.wake));
        let settle = move |commit: &mut Commit<'_>| {
            let mut tables = Tables::open(commit.read())?;
            if !tables.holds(group, turn)? {
                return Ok(false);
            }
            commit.write();
            tables.settle(group, turn, settling(clock.now()))?;
            wake.notify_waiters();
            Ok(true)
        };
        store.commits.run(cx, settle).await
    }
}

#[async_trait]
impl Consumer for LocalConsumer {
    async fn next(&self, max: usize) -> Result<Vec<Delivery>> {
        let max = max.clamp(1, MAX_DELIVERIES);
        loop {
            let mut woken = std::pin::pin!(self.wake.notified());
            // from here on: what comes between the look and the wait is not missed
            woken.as_mut().enable();
            let taken = self.ask(max).await?;
            if !taken.deliveries.is_empty() {
                return Ok(taken.deliveries);
            }
            tokio::select! {
                () = woken => {}
                () = self.clock.sleep_until(taken.due.unwrap_or(u64::MAX)) => {}
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
