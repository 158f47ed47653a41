//! `ottavo:runtime/pubsub`: publishing events.

use std::time::Duration;

use ottavo_blocks::Options;
use ottavo_blocks::pubsub as block;
use ottavo_core::Result;

use crate::Call;
use crate::answer::{Answer, block, each};
use crate::bindings::ottavo::runtime::pubsub::{Host, Message};

impl Host for Call {
    async fn publish(&mut self, store: String, topic: String, message: Message) -> Answer<String> {
        let (clock, session) = self.door();
        block(clock, async {
            let (topic, message) = (block::Topic::parse(topic)?, parse(message)?);
            Ok(session.pubsub(&store)?.publish(topic, message).await?.into_string())
        })
        .await
    }

    async fn publish_many(
        &mut self,
        store: String,
        topic: String,
        messages: Vec<Message>,
    ) -> Answer<Vec<Answer<String>>> {
        let (clock, session) = self.door();
        block(clock, async {
            let topic = block::Topic::parse(topic)?;
            let messages = messages.into_iter().map(parse);
            let outcomes = session.pubsub(&store)?.publish_many(topic, messages).await?;
            Ok(each(outcomes, block::EventId::into_string))
        })
        .await
    }
}

fn parse(message: Message) -> Result<block::Message> {
    Ok(block::Message {
        data: message.data.into(),
        content_type: message.content_type,
        id: message.id,
        kind: message.type_,
        subject: message.subject,
        ordering_key: message.ordering_key,
        delay: message.delay.map(Duration::from_millis),
        ttl: message.ttl.map(Duration::from_millis),
        attributes: message.attributes,
        options: Options::parse(message.options)?,
    })
}
