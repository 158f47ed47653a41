//! Events: whole ones in their JSON form, and what a publisher says of one.
#![no_main]

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use ottavo_blocks::pubsub::{Message, Topic, envelope};
use ottavo_core::Caller;

const NOW: u64 = 1_700_000_000_000;

fuzz_target!(|bytes: &[u8]| {
    if let Ok((event, expires)) = envelope::decode(bytes) {
        let topic: Topic = Topic::parse("orders").expect("a topic");
        let json = envelope::encode(&event, "default", &topic, expires);
        let (again, _) = envelope::decode(&json).expect("what was written is read");
        assert_eq!((&again.id, &again.data), (&event.id, &event.data));
        assert_eq!(again.attributes, event.attributes);
    }
    let text = String::from_utf8_lossy(bytes);
    let mut parts = text.split('\0').map(str::to_owned);
    let content_type = parts.next().unwrap_or_default();
    let mut optional = || parts.next().filter(|part| !part.is_empty());
    let (id, kind, subject, ordering_key) = (optional(), optional(), optional(), optional());
    let data = Bytes::from(optional().unwrap_or_default());
    let attributes = parts.filter_map(|part| {
        let (name, value) = part.split_once('=')?;
        Some((name.to_owned(), value.to_owned()))
    });
    let attributes = attributes.collect();
    let message = Message {
        data,
        content_type,
        id,
        kind,
        subject,
        ordering_key,
        attributes,
        ..Message::default()
    };
    if let Ok(accepted) = message.accept(&Caller::Anonymous, NOW) {
        let topic: Topic = Topic::parse("orders").expect("a topic");
        let json = envelope::encode(&accepted.event, "default", &topic, None);
        let (again, _) = envelope::decode(&json).expect("what was accepted is read");
        assert_eq!(again.data, accepted.event.data);
    }
});
