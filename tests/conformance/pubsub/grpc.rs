//! A pub/sub store behind the gRPC door.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ottavo_blocks::pubsub::{
    Capability, Consumer, EventId, Group, Message, PubSub, Start, Subscription, Topic,
};
use ottavo_core::{CallContext, Error, Result};
use ottavo_wire::from_status;
use ottavo_wire::v1::pub_sub_client::PubSubClient;
use ottavo_wire::v1::*;
use tonic::transport::Channel;

use super::subscriber::Subscriber;

/// Calls a store by its name at a host.
pub(crate) struct GrpcPubSub {
    client: PubSubClient<Channel>,
    store: String,
    capabilities: &'static [Capability],
}

impl GrpcPubSub {
    /// `capabilities` are those of the store's driver: the door does not tell them.
    pub(crate) fn new(
        channel: Channel,
        store: &str,
        capabilities: &'static [Capability],
    ) -> GrpcPubSub {
        GrpcPubSub { client: PubSubClient::new(channel), store: store.to_owned(), capabilities }
    }

    fn store(&self) -> String {
        self.store.clone()
    }
}

fn request<T>(cx: &CallContext, message: T) -> tonic::Request<T> {
    let mut request = tonic::Request::new(message);
    request.set_timeout(cx.remaining());
    request
}

#[async_trait]
impl PubSub for GrpcPubSub {
    fn capabilities(&self) -> &'static [Capability] {
        self.capabilities
    }

    async fn publish(&self, cx: &CallContext, topic: &Topic, message: Message) -> Result<EventId> {
        let (store, topic) = (self.store(), topic.as_str().to_owned());
        let message = PubSubPublishRequest { store, topic, message: Some(send(message)) };
        let answer = self.client.clone().publish(request(cx, message)).await;
        Ok(EventId::new(answer.map_err(|status| from_status(&status))?.into_inner().id))
    }

    async fn publish_many(
        &self,
        cx: &CallContext,
        topic: &Topic,
        messages: Vec<Message>,
    ) -> Result<Vec<Result<EventId>>> {
        use pub_sub_publish_outcome::Outcome;
        let (store, topic) = (self.store(), topic.as_str().to_owned());
        let messages = messages.into_iter().map(send).collect();
        let message = PubSubPublishManyRequest { store, topic, messages };
        let answer = self.client.clone().publish_many(request(cx, message)).await;
        let answer = answer.map_err(|status| from_status(&status))?.into_inner();
        let published = |sent: PubSubPublishOutcome| match sent.outcome {
            Some(Outcome::Id(id)) => Ok(EventId::new(id)),
            Some(Outcome::Error(error)) => Err(error.into()),
            None => Err(Error::internal("the host left an outcome unset")),
        };
        Ok(answer.outcomes.into_iter().map(published).collect())
    }

    async fn subscribe(
        &self,
        _: &CallContext,
        subscription: Subscription,
    ) -> Result<Arc<dyn Consumer>> {
        let begin = PubSubBegin {
            store: self.store(),
            topic: subscription.topic.as_str().to_owned(),
            group: subscription.group.as_str().to_owned(),
            lease_millis: Some(millis(subscription.lease.get())),
            oldest: subscription.from == Start::Oldest,
        };
        Ok(Arc::new(Subscriber::begin(self.client.clone(), begin).await?))
    }

    async fn unsubscribe(&self, cx: &CallContext, topic: &Topic, group: &Group) -> Result<()> {
        let (topic, group) = (topic.as_str().to_owned(), group.as_str().to_owned());
        let message = PubSubUnsubscribeRequest { store: self.store(), topic, group };
        let answer = self.client.clone().unsubscribe(request(cx, message)).await;
        answer.map(drop).map_err(|status| from_status(&status))
    }
}

pub(super) fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}

fn send(message: Message) -> PubSubMessage {
    let pair = |(name, value): &(String, String)| Pair { name: name.clone(), value: value.clone() };
    PubSubMessage {
        data: message.data,
        content_type: message.content_type,
        id: message.id,
        r#type: message.kind,
        subject: message.subject,
        ordering_key: message.ordering_key,
        delay_millis: message.delay.map(millis),
        ttl_millis: message.ttl.map(millis),
        attributes: message.attributes.iter().map(pair).collect(),
        options: message.options.pairs().iter().map(pair).collect(),
    }
}
