//! From messages to the block's types.

use std::time::Duration;

use ottavo_blocks::pubsub::{Group, Lease, Message, Start, Subscription, Topic};
use ottavo_core::Result;
use ottavo_wire::v1::{Pair, PubSubBegin, PubSubMessage};

use crate::pairs::options;

/// The lease of a subscriber that names none.
const LEASE: Duration = Duration::from_secs(60);

pub(super) fn message(sent: PubSubMessage) -> Result<Message> {
    let pair = |Pair { name, value }| (name, value);
    Ok(Message {
        data: sent.data,
        content_type: sent.content_type,
        id: sent.id,
        kind: sent.r#type,
        subject: sent.subject,
        ordering_key: sent.ordering_key,
        delay: sent.delay_millis.map(Duration::from_millis),
        ttl: sent.ttl_millis.map(Duration::from_millis),
        attributes: sent.attributes.into_iter().map(pair).collect(),
        options: options(sent.options)?,
    })
}

pub(super) fn subscription(sent: PubSubBegin) -> Result<Subscription> {
    Ok(Subscription {
        topic: Topic::parse(sent.topic)?,
        group: Group::parse(sent.group)?,
        lease: Lease::parse(sent.lease_millis.map_or(LEASE, Duration::from_millis))?,
        from: if sent.oldest { Start::Oldest } else { Start::New },
    })
}
