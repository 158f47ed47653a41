//! What the trait's types cannot say: input that is wrong. Both doors refuse it with one error.

use ottavo_core::{Error, Kind};
use ottavo_wire::from_status;
use ottavo_wire::v1::pub_sub_client::PubSubClient;
use ottavo_wire::v1::*;
use tonic::transport::Channel;

use crate::doors::{Doors, refusal, with_each_guest};
use crate::relay::Connection;
use crate::relay::encoding::Writer;

/// A publish with input that no store sees.
#[derive(Clone)]
struct Call {
    topic: String,
    content_type: &'static str,
    attribute: Option<(&'static str, &'static str)>,
    option: Option<(&'static str, &'static str)>,
}

fn cases() -> Vec<Call> {
    let topic = |topic: &str| Call {
        topic: topic.to_owned(),
        content_type: "text/plain",
        attribute: None,
        option: None,
    };
    let long = "t".repeat(64 << 10);
    let mut cases = ["", "a||b", "a\0b", &long].map(topic).to_vec();
    cases.push(Call { content_type: "a\nb", ..topic("a") });
    for attribute in [("Upper", "a"), ("id", "a"), ("time", "yesterday"), ("a", "b\nc")] {
        cases.push(Call { attribute: Some(attribute), ..topic("a") });
    }
    cases.push(Call { option: Some(("speed", "high")), ..topic("a") });
    cases
}

async fn of_app(channel: Channel, call: &Call) -> Error {
    let pair = |(name, value): (&str, &str)| Pair { name: name.into(), value: value.into() };
    let message = PubSubMessage {
        data: "a".into(),
        content_type: call.content_type.to_owned(),
        attributes: call.attribute.map(pair).into_iter().collect(),
        options: call.option.map(pair).into_iter().collect(),
        ..PubSubMessage::default()
    };
    let (store, topic) = ("memory".to_owned(), call.topic.clone());
    let request = PubSubPublishRequest { store, topic, message: Some(message) };
    from_status(&PubSubClient::new(channel).publish(request).await.unwrap_err())
}

async fn of_function(relay: &Connection, call: &Call) -> Error {
    let mut sent = Writer::default();
    sent.string("pubsub.publish").string("memory").string(&call.topic);
    sent.bytes(b"a").string(call.content_type);
    for _absent in ["id", "type", "subject", "ordering key", "delay", "ttl"] {
        sent.u8(0);
    }
    for pair in [call.attribute, call.option] {
        sent.list(pair.as_slice(), |sent, (name, value)| {
            sent.string(name).string(value);
        });
    }
    refusal(relay, sent).await
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_input_is_refused_alike_through_both_doors() {
    with_each_guest(async |Doors { channel, relay, guest }| {
        for call in cases() {
            let app = of_app(channel.clone(), &call).await;
            assert_eq!(app.kind(), Kind::InvalidArgument, "{app}");
            let function = of_function(relay, &call).await;
            assert_eq!(function.kind(), Kind::InvalidArgument, "{function}");
            assert_eq!(function.message(), app.message(), "{}", guest);
        }
    })
    .await;
}
