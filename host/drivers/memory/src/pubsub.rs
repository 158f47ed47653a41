//! Pub/sub in memory.
//!
//! Every topic stands under one lock, which is never held across an await. Consumers that find nothing
//! wait for the group's signal, or until something is due; no task runs for them.

mod broker;
mod queue;
mod topic;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ottavo_blocks::pubsub::{
    Accepted, Capability, Consumer, Delivery, EventId, Group, MAX_DELIVERIES, Message, PubSub,
    Receipt, Subscription, Topic,
};
use ottavo_core::clock::UnixMillis;
use ottavo_core::{CallContext, Clock, Result, schema};
use ottavo_registry::{Driver, OpenContext};
use parking_lot::Mutex;
use serde_json::Value;
use tokio::sync::Notify;

use crate::options::PubSubOptions;
use crate::{Memory, NAME};
use broker::Broker;
use queue::{Settling, Turn};

#[async_trait]
impl Driver<dyn PubSub> for Memory {
    fn name(&self) -> &'static str {
        NAME
    }

    fn schema(&self) -> Value {
        schema::of::<PubSubOptions>()
    }

    async fn open(&self, context: OpenContext, table: Value) -> Result<Arc<dyn PubSub>> {
        let options: PubSubOptions = ottavo_registry::options(table)?;
        Ok(Arc::new(MemoryPubSub::new(&options, context.clock)))
    }
}

/// One store.
struct MemoryPubSub(Arc<Inner>);

struct Inner {
    broker: Mutex<Broker>,
    clock: Arc<dyn Clock>,
}

impl MemoryPubSub {
    fn new(options: &PubSubOptions, clock: Arc<dyn Clock>) -> MemoryPubSub {
        let broker = Mutex::new(Broker::new(options));
        MemoryPubSub(Arc::new(Inner { broker, clock }))
    }

    fn accept(&self, cx: &CallContext, message: Message) -> Result<Accepted> {
        message.options.of_driver(NAME, &[])?;
        message.accept(&cx.caller, self.0.clock.now())
    }

    fn publish_one(&self, cx: &CallContext, topic: &Topic, message: Message) -> Result<EventId> {
        let accepted = self.accept(cx, message)?;
        self.0.broker.lock().publish(topic, accepted, self.0.clock.now())
    }
}

#[async_trait]
impl PubSub for MemoryPubSub {
    fn capabilities(&self) -> &'static [Capability] {
        &[Capability::Ordered]
    }

    async fn publish(&self, cx: &CallContext, topic: &Topic, message: Message) -> Result<EventId> {
        self.publish_one(cx, topic, message)
    }

    async fn publish_many(
        &self,
        cx: &CallContext,
        topic: &Topic,
        messages: Vec<Message>,
    ) -> Result<Vec<Result<EventId>>> {
        Ok(messages.into_iter().map(|message| self.publish_one(cx, topic, message)).collect())
    }

    async fn subscribe(
        &self,
        _: &CallContext,
        subscription: Subscription,
    ) -> Result<Arc<dyn Consumer>> {
        let Subscription { topic, group, from, .. } = &subscription;
        let wake = self.0.broker.lock().subscribe(topic, group, *from);
        Ok(Arc::new(MemoryConsumer { store: Arc::clone(&self.0), subscription, wake }))
    }

    async fn unsubscribe(&self, _: &CallContext, topic: &Topic, group: &Group) -> Result<()> {
        self.0.broker.lock().unsubscribe(topic, group);
        Ok(())
    }
}

struct MemoryConsumer {
    store: Arc<Inner>,
    subscription: Subscription,
    wake: Arc<Notify>,
}

impl MemoryConsumer {
    fn settle(&self, receipt: &Receipt, settling: Settling) -> Result<bool> {
        let turn = Turn::parse(receipt)?;
        let Subscription { topic, group, .. } = &self.subscription;
        let now = self.store.clock.now();
        Ok(self.store.broker.lock().settle(topic, group, turn, settling, now))
    }
}

#[async_trait]
impl Consumer for MemoryConsumer {
    async fn next(&self, max: usize) -> Result<Vec<Delivery>> {
        let max = max.clamp(1, MAX_DELIVERIES);
        let Subscription { topic, group, lease, .. } = &self.subscription;
        loop {
            let mut woken = std::pin::pin!(self.wake.notified());
            // from here on: what comes between the look and the wait is not missed
            woken.as_mut().enable();
            let now = self.store.clock.now();
            let taken = self.store.broker.lock().take(topic, group, max, lease.get(), now)?;
            if !taken.deliveries.is_empty() {
                return Ok(taken.deliveries);
            }
            tokio::select! {
                () = woken => {}
                () = self.store.clock.sleep_until(taken.due.unwrap_or(UnixMillis::MAX)) => {}
            }
        }
    }

    async fn acknowledge(&self, _: &CallContext, receipt: &Receipt) -> Result<bool> {
        self.settle(receipt, Settling::Done)
    }

    async fn retry(&self, _: &CallContext, receipt: &Receipt, after: Duration) -> Result<bool> {
        self.settle(receipt, Settling::Again(after))
    }

    async fn renew(&self, _: &CallContext, receipt: &Receipt) -> Result<bool> {
        self.settle(receipt, Settling::Hold(self.subscription.lease.get()))
    }
}
