//! The topics of one case, with the calls that cases make most.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use ottavo_core::context::new_request_id;
use ottavo_core::{CallContext, Caller, Result};
use tokio::time::Instant;

use super::Harness;
use crate::pubsub::{
    Capability, Consumer, Delivery, EventId, Group, Lease, Message, PubSub, Receipt, Start,
    Subscription, Topic,
};
use crate::suite::{self, Time, Verdict, ensure, equal, ok};

/// How long what must come may take beyond its time.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long a case looks out for what must not come.
const GLANCE: Duration = Duration::from_millis(60);

/// Topics that no other case touches.
pub(super) struct Space {
    pub(super) store: Arc<dyn PubSub>,
    pub(super) time: Time,
    prefix: String,
    started: Instant,
}

impl suite::Space for Space {
    type Store = dyn PubSub;
    type Capability = Capability;

    fn claimed(store: &dyn PubSub) -> &'static [Capability] {
        store.capabilities()
    }

    fn new(case: &str, harness: &Harness) -> Space {
        Space {
            store: Arc::clone(&harness.store),
            time: harness.time.clone(),
            prefix: format!("suite/{case}/{:016x}/", fastrand::u64(..)),
            started: Instant::now(),
        }
    }
}

impl Space {
    /// What all topics of the case begin with.
    pub(super) fn prefix(&self) -> &str {
        &self.prefix
    }

    pub(super) fn topic(&self, name: &str) -> Topic {
        Topic::parse(format!("{}{name}", self.prefix)).expect("cases use valid names")
    }

    pub(super) fn cx(&self) -> CallContext {
        CallContext::new(new_request_id(), Caller::Anonymous, Duration::from_secs(60))
    }

    pub(super) async fn send(&self, topic: &str, message: Message) -> Result<EventId> {
        self.store.publish(&self.cx(), &self.topic(topic), message).await
    }

    /// Publishes text that must be accepted.
    pub(super) async fn publish(&self, topic: &str, data: &str) -> Verdict<EventId> {
        let published = self.send(topic, text(data)).await;
        ok(published, &format!("publish `{data}` to `{topic}`"))
    }

    pub(super) async fn join(
        &self,
        topic: &str,
        group: &str,
        lease: Duration,
        from: Start,
    ) -> Verdict<Arc<dyn Consumer>> {
        let subscription = Subscription {
            topic: self.topic(topic),
            group: Group::parse(group).expect("cases use valid names"),
            lease: Lease::parse(lease).expect("cases use valid leases"),
            from,
        };
        let joined = self.store.subscribe(&self.cx(), subscription).await;
        ok(joined, &format!("subscribe `{group}` to `{topic}`"))
    }

    /// A consumer whose leases no case outlives.
    pub(super) async fn subscribe(&self, topic: &str, group: &str) -> Verdict<Arc<dyn Consumer>> {
        self.join(topic, group, Duration::from_secs(24 * 60 * 60), Start::New).await
    }

    /// A consumer whose leases a case can outlive.
    pub(super) async fn lease_briefly(
        &self,
        topic: &str,
        group: &str,
    ) -> Verdict<Arc<dyn Consumer>> {
        self.join(topic, group, self.time.short(), Start::New).await
    }

    pub(super) async fn leave(&self, topic: &str, group: &str) -> Verdict {
        let group = Group::parse(group).expect("cases use valid names");
        let left = self.store.unsubscribe(&self.cx(), &self.topic(topic), &group).await;
        ok(left, "unsubscribe")
    }

    /// The next `count` deliveries, whatever they take.
    pub(super) async fn receive_many(
        &self,
        consumer: &Arc<dyn Consumer>,
        count: usize,
    ) -> Verdict<Vec<Delivery>> {
        let mut got = Vec::new();
        let deadline = Instant::now() + self.time.short() + PATIENCE;
        while got.len() < count {
            let wanted = count - got.len();
            let Ok(next) = tokio::time::timeout_at(deadline, consumer.next(wanted)).await else {
                return Err(format!("{} of {count} events came in time", got.len()));
            };
            let next = ok(next, "next")?;
            ensure!(!next.is_empty(), "next gave no event");
            ensure!(next.len() <= wanted, "next({wanted}) gave {} events", next.len());
            got.extend(next);
        }
        Ok(got)
    }

    /// The next delivery.
    pub(super) async fn receive(&self, consumer: &Arc<dyn Consumer>) -> Verdict<Delivery> {
        let mut got = self.receive_many(consumer, 1).await?;
        got.pop().ok_or_else(|| "no event".to_owned())
    }

    /// The next delivery, which is due in `span`.
    pub(super) async fn receive_after(
        &self,
        consumer: &Arc<dyn Consumer>,
        span: Duration,
    ) -> Verdict<Delivery> {
        if let Time::Manual(clock) = &self.time {
            // what comes too early comes now
            if let Some(early) = self.glance(consumer).await? {
                return Ok(early);
            }
            clock.advance(span);
        }
        self.receive(consumer).await
    }

    /// What comes at once, if anything does.
    pub(super) async fn glance(&self, consumer: &Arc<dyn Consumer>) -> Verdict<Option<Delivery>> {
        self.look(consumer, GLANCE).await
    }

    /// What comes within `span`, if anything does.
    pub(super) async fn look(
        &self,
        consumer: &Arc<dyn Consumer>,
        span: Duration,
    ) -> Verdict<Option<Delivery>> {
        match tokio::time::timeout(span, consumer.next(1)).await {
            Ok(next) => Ok(ok(next, "next")?.into_iter().next()),
            Err(_) => Ok(None),
        }
    }

    /// Nothing comes.
    pub(super) async fn expect_nothing(&self, consumer: &Arc<dyn Consumer>) -> Verdict {
        match self.glance(consumer).await? {
            None => Ok(()),
            Some(delivery) => Err(format!("expected no event, got {delivery:?}")),
        }
    }

    /// The next event has this data, and is acknowledged.
    pub(super) async fn expect(&self, consumer: &Arc<dyn Consumer>, data: &str) -> Verdict {
        let got = self.receive(consumer).await?;
        equal!(got.event.data, Bytes::copy_from_slice(data.as_bytes()), "the next event");
        equal!(self.acknowledge(consumer, &got.receipt).await?, true, "held until acknowledged");
        Ok(())
    }

    pub(super) async fn acknowledge(
        &self,
        consumer: &Arc<dyn Consumer>,
        receipt: &Receipt,
    ) -> Verdict<bool> {
        ok(consumer.acknowledge(&self.cx(), receipt).await, "acknowledge")
    }

    pub(super) async fn retry(
        &self,
        consumer: &Arc<dyn Consumer>,
        receipt: &Receipt,
        after: Duration,
    ) -> Verdict<bool> {
        ok(consumer.retry(&self.cx(), receipt, after).await, "retry")
    }

    pub(super) async fn renew(
        &self,
        consumer: &Arc<dyn Consumer>,
        receipt: &Receipt,
    ) -> Verdict<bool> {
        ok(consumer.renew(&self.cx(), receipt).await, "renew")
    }

    /// What has passed, for differences.
    pub(super) fn now(&self) -> Duration {
        self.time.passed(self.started)
    }

    /// Lets time pass.
    pub(super) async fn wait(&self, span: Duration) {
        match &self.time {
            Time::Manual(clock) => clock.advance(span),
            Time::Real => tokio::time::sleep(span).await,
        }
    }

    /// Returns when everything that was published before with the short `ttl` has expired, by the
    /// store's own clock.
    pub(super) async fn outlive(&self) -> Verdict {
        let topic = format!("clock-{:016x}", fastrand::u64(..));
        let consumer = self.subscribe(&topic, "clock").await?;
        let last = Message { delay: Some(self.time.short()), ..text("expired") };
        ok(self.send(&topic, last).await, "publish with a delay")?;
        if let Time::Manual(clock) = &self.time {
            clock.advance(self.time.short());
        }
        self.expect(&consumer, "expired").await?;
        self.leave(&topic, "clock").await
    }
}

pub(super) fn text(data: &str) -> Message {
    Message::new("text/plain", Bytes::copy_from_slice(data.as_bytes()))
}

/// The data of deliveries as text, sorted.
pub(super) fn sorted(deliveries: &[Delivery]) -> Vec<String> {
    let mut all: Vec<_> = deliveries.iter().map(data).collect();
    all.sort();
    all
}

pub(super) fn data(delivery: &Delivery) -> String {
    String::from_utf8_lossy(&delivery.event.data).into_owned()
}
