//! From the block's types to messages.

use ottavo_blocks::pubsub::{Delivery, Event, EventId};
use ottavo_core::Result;
use ottavo_wire::v1::pub_sub_subscribe_response::Response;
use ottavo_wire::v1::{
    Pair, PubSubBegun, PubSubDelivery, PubSubEvent, PubSubPublishOutcome, PubSubSettled,
    PubSubSubscribeResponse, pub_sub_publish_outcome,
};

pub(super) fn published(outcome: Result<EventId>) -> PubSubPublishOutcome {
    use pub_sub_publish_outcome::Outcome;
    let outcome =
        outcome.map_or_else(|e| Outcome::Error(e.into()), |id| Outcome::Id(id.into_string()));
    PubSubPublishOutcome { outcome: Some(outcome) }
}

pub(super) fn begun() -> PubSubSubscribeResponse {
    response(Response::Begun(PubSubBegun {}))
}

pub(super) fn delivery(delivery: Delivery) -> PubSubSubscribeResponse {
    let Delivery { event, attempt, receipt } = delivery;
    let receipt = receipt.as_str().to_owned();
    response(Response::Delivery(PubSubDelivery {
        event: Some(self::event(event)),
        attempt,
        receipt,
    }))
}

pub(super) fn settled(receipt: String, outcome: Result<bool>) -> PubSubSubscribeResponse {
    let (held, error) = match outcome {
        Ok(held) => (held, None),
        Err(error) => (false, Some(error.into())),
    };
    response(Response::Settled(PubSubSettled { receipt, held, error }))
}

fn response(response: Response) -> PubSubSubscribeResponse {
    PubSubSubscribeResponse { response: Some(response) }
}

fn event(event: Event) -> PubSubEvent {
    let Event { id, source, kind, subject, time, content_type, attributes, data } = event;
    let pair = |(name, value)| Pair { name, value };
    let attributes = attributes.into_iter().map(pair).collect();
    let id = id.into_string();
    PubSubEvent { id, source, r#type: kind, subject, time, content_type, attributes, data }
}
