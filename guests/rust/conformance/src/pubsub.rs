//! The two operations on pub/sub.

use std::time::Duration;

use ottavo_sdk::Result;
use ottavo_sdk::pubsub::{Message, Store};

use crate::decode::Decoder;
use crate::{encode, unknown};

/// Reads the parameters, makes the call, and encodes its outcome.
pub(crate) fn call(operation: &str, mut call: Decoder<'_>) -> Result<Vec<u8>> {
    let to = &mut Vec::new();
    match operation {
        "publish" => {
            let (store, topic) = (store(&mut call)?, call.string()?);
            let message = message(&mut call)?;
            call.end()?;
            encode::result(to, store.publish(topic, &message), encode::string);
        }
        "publish-many" => {
            let (store, topic) = (store(&mut call)?, call.string()?);
            let messages = call.list(message)?;
            call.end()?;
            encode::result(to, store.publish_many(topic, &messages), |to, outcomes| {
                encode::list(to, outcomes, |to, id| encode::result(to, id, encode::string));
            });
        }
        _ => return Err(unknown(&format!("pubsub.{operation}"))),
    }
    Ok(std::mem::take(to))
}

fn store(call: &mut Decoder<'_>) -> Result<Store> {
    Ok(Store::open(call.string()?.to_owned()))
}

fn message<'a>(call: &mut Decoder<'a>) -> Result<Message<'a>> {
    let data = call.bytes()?;
    let mut message = Message::new(call.string()?, data);
    if let Some(id) = call.option(Decoder::string)? {
        message = message.id(id);
    }
    if let Some(event_type) = call.option(Decoder::string)? {
        message = message.event_type(event_type);
    }
    if let Some(subject) = call.option(Decoder::string)? {
        message = message.subject(subject);
    }
    if let Some(key) = call.option(Decoder::string)? {
        message = message.ordering_key(key);
    }
    if let Some(delay) = call.option(Decoder::u64)? {
        message = message.delay(Duration::from_millis(delay));
    }
    if let Some(ttl) = call.option(Decoder::u64)? {
        message = message.ttl(Duration::from_millis(ttl));
    }
    for (name, value) in call.list(|call| Ok((call.string()?, call.string()?)))? {
        message = message.attribute(name, value);
    }
    for (name, value) in call.list(|call| Ok((call.string()?, call.string()?)))? {
        message = message.option(name, value);
    }
    Ok(message)
}
