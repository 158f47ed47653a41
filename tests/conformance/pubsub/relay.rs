//! A pub/sub store behind a guest.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ottavo_blocks::pubsub::{
    Capability, Consumer, EventId, Group, Message, PubSub, Subscription, Topic,
};
use ottavo_core::{CallContext, Result};

use super::grpc::GrpcPubSub;
use crate::relay::encoding::{Read, Reader, Writer};
use crate::relay::{Relay, result, write_options};

/// Publishes through a guest, and consumes through the door of apps.
pub(crate) struct RelayPubSub {
    pub(crate) relay: Relay,
    pub(crate) apps: GrpcPubSub,
}

#[async_trait]
impl PubSub for RelayPubSub {
    fn capabilities(&self) -> &'static [Capability] {
        self.apps.capabilities()
    }

    async fn publish(&self, cx: &CallContext, topic: &Topic, message: Message) -> Result<EventId> {
        let mut call = self.relay.begin("pubsub.publish");
        call.string(topic.as_str());
        write_message(&mut call, &message);
        self.relay.call(cx, call, id).await
    }

    async fn publish_many(
        &self,
        cx: &CallContext,
        topic: &Topic,
        messages: Vec<Message>,
    ) -> Result<Vec<Result<EventId>>> {
        let mut call = self.relay.begin("pubsub.publish-many");
        call.string(topic.as_str()).list(&messages, write_message);
        self.relay.call(cx, call, |answer| answer.list(|answer| result(answer, id))).await
    }

    async fn subscribe(
        &self,
        cx: &CallContext,
        subscription: Subscription,
    ) -> Result<Arc<dyn Consumer>> {
        self.apps.subscribe(cx, subscription).await
    }

    async fn unsubscribe(&self, cx: &CallContext, topic: &Topic, group: &Group) -> Result<()> {
        self.apps.unsubscribe(cx, topic, group).await
    }
}

fn id(answer: &mut Reader) -> Read<EventId> {
    Ok(EventId::new(answer.string()?))
}

fn write_message(call: &mut Writer, message: &Message) {
    let Message { data, content_type, id, kind, subject, ordering_key, delay, ttl, .. } = message;
    call.bytes(data).string(content_type);
    for text in [id, kind, subject, ordering_key] {
        match text {
            Some(text) => call.u8(1).string(text),
            None => call.u8(0),
        };
    }
    let millis = |span: &Duration| u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
    for span in [delay, ttl] {
        match span {
            Some(span) => call.u8(1).u64(millis(span)),
            None => call.u8(0),
        };
    }
    call.list(&message.attributes, |call, (name, value)| {
        call.string(name).string(value);
    });
    write_options(call, &message.options);
}
