//! Pub/sub: which topics a grant covers, batches with an outcome for each message, and consuming.

use std::sync::Arc;
use std::time::Duration;

use ottavo_blocks::pubsub::{
    Consumer, Delivery, EventId, Group, Message, PubSub, Receipt, Subscription, Topic,
};
use ottavo_core::{CallContext, Result};

use crate::scope::Scope;
use crate::{Session, batch};

/// The calls of one session on one pub/sub store, as of [`PubSub`].
///
/// Messages of a batch come as results: what a door could not decode is answered in its place. A batch
/// of more than [`MAX_BATCH`](ottavo_blocks::pubsub::MAX_BATCH) messages is `too-large`.
pub struct PubSubCalls<'a>(pub(crate) Scope<'a, dyn PubSub>);

impl PubSubCalls<'_> {
    /// As [`PubSub::publish`].
    pub async fn publish(&self, topic: Topic, message: Message) -> Result<EventId> {
        let scope = &self.0;
        scope
            .run("publish", async {
                scope.allow(topic.as_str())?;
                scope.live().publish(&scope.session.cx, &scope.hold(topic), message).await
            })
            .await
    }

    /// As [`PubSub::publish_many`].
    pub async fn publish_many(
        &self,
        topic: Topic,
        messages: impl ExactSizeIterator<Item = Result<Message>>,
    ) -> Result<Vec<Result<EventId>>> {
        let scope = &self.0;
        batch::check(messages.len())?;
        let messages = messages.collect();
        scope
            .run("publish-many", async {
                scope.allow(topic.as_str())?;
                let topic = scope.hold(topic);
                batch::each(messages, async |messages| {
                    let live = scope.live();
                    let outcomes = live.publish_many(&scope.session.cx, &topic, messages).await?;
                    Ok(scope.own_each(outcomes))
                })
                .await
            })
            .await
    }

    /// As [`PubSub::subscribe`].
    pub async fn subscribe(&self, subscription: Subscription) -> Result<Consumption> {
        let scope = &self.0;
        scope
            .run("subscribe", async {
                scope.allow(subscription.topic.as_str())?;
                let topic = scope.hold(subscription.topic);
                let subscription = Subscription { topic, ..subscription };
                let consumer = scope.live().subscribe(&scope.session.cx, subscription).await?;
                let (session, store) = (scope.session.clone(), scope.name().to_string());
                Ok(Consumption { session, store, consumer })
            })
            .await
    }

    /// As [`PubSub::unsubscribe`].
    pub async fn unsubscribe(&self, topic: Topic, group: &Group) -> Result<()> {
        let scope = &self.0;
        scope
            .run("unsubscribe", async {
                scope.allow(topic.as_str())?;
                scope.live().unsubscribe(&scope.session.cx, &scope.hold(topic), group).await
            })
            .await
    }
}

/// A consumer, which outlives the call that made it: each call of it has a deadline of its own.
pub struct Consumption {
    session: Session,
    store: String,
    consumer: Arc<dyn Consumer>,
}

impl Consumption {
    /// As [`Consumer::next`]: waits as long as it takes.
    pub async fn next(&self, max: usize) -> Result<Vec<Delivery>> {
        self.consumer.next(max).await
    }

    /// As [`Consumer::acknowledge`].
    pub async fn acknowledge(&self, timeout: Duration, receipt: &Receipt) -> Result<bool> {
        let call = async |cx: &CallContext| self.consumer.acknowledge(cx, receipt).await;
        self.settle("acknowledge", timeout, call).await
    }

    /// As [`Consumer::retry`].
    pub async fn retry(
        &self,
        timeout: Duration,
        receipt: &Receipt,
        after: Duration,
    ) -> Result<bool> {
        let call = async |cx: &CallContext| self.consumer.retry(cx, receipt, after).await;
        self.settle("retry", timeout, call).await
    }

    /// As [`Consumer::renew`].
    pub async fn renew(&self, timeout: Duration, receipt: &Receipt) -> Result<bool> {
        let call = async |cx: &CallContext| self.consumer.renew(cx, receipt).await;
        self.settle("renew", timeout, call).await
    }

    async fn settle(
        &self,
        operation: &'static str,
        timeout: Duration,
        call: impl AsyncFnOnce(&CallContext) -> Result<bool>,
    ) -> Result<bool> {
        let Session { api, cx, grants, outbound: _ } = &self.session;
        let cx = CallContext::new(Arc::clone(&cx.request_id), cx.caller.clone(), timeout);
        let session = Session::new(Arc::clone(api), cx, Arc::clone(grants));
        let scope = session.pubsub(&self.store)?.0;
        scope.run(operation, call(&scope.session.cx)).await
    }
}
