//! The rules of a message, the same for every driver: what is wrong, and what is made up.

use std::time::Duration;

use bytes::Bytes;
use ottavo_core::clock::UnixMillis;
use ottavo_core::{Caller, Error, Kind, Result};

use super::envelope::{self, rfc3339};
use super::topic::check;
use super::{Event, EventId, MAX_DATA, Message};

/// The largest sum of an event's attributes, in bytes.
const MAX_ATTRIBUTES: usize = 32 << 10;

/// The longest name of an attribute, and of a media type.
const MAX_NAME: usize = 64;
const MAX_MEDIA_TYPE: usize = 255;

/// The type of an event whose publisher gave none, and its source without a caller: as Layotto has them.
const KIND: &str = "com.runtime.event.sent";
const SOURCE: &str = "runtime";

/// A message that may be published: the event, and how to deliver it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// What is delivered.
    pub event: Event,
    /// Events of one key are delivered in order, where the driver can.
    pub ordering_key: Option<String>,
    /// Not delivered before this has passed.
    pub delay: Duration,
    /// Not delivered once this has passed.
    pub ttl: Option<Duration>,
}

impl Message {
    /// Checks the message, and makes up what it lacks. Options are left to the driver.
    ///
    /// # Errors
    /// `too-large` for data over [`MAX_DATA`] and for more than 32 KiB of attributes;
    /// `invalid-argument` for everything else that is wrong, with the rule.
    pub fn accept(self, caller: &Caller, now: UnixMillis) -> Result<Accepted> {
        if self.data.len() > MAX_DATA {
            let message =
                format!("a message has {} bytes: use at most {MAX_DATA}", self.data.len());
            return Err(
                Error::new(Kind::TooLarge, message).with_detail("limit", MAX_DATA.to_string())
            );
        }
        if let Some(key) = &self.ordering_key {
            check("ordering key", key)?;
        }
        let (event, expires) = match envelope::is_envelope(&self.content_type) {
            true => enveloped(&self)?,
            false => (plain(&self, caller, now)?, None),
        };
        check_event(&event)?;
        let left = expires.map(|at| Duration::from_millis(at.saturating_sub(now)));
        let ttl = [self.ttl, left].into_iter().flatten().min();
        let delay = self.delay.unwrap_or_default();
        Ok(Accepted { event, ordering_key: self.ordering_key, delay, ttl })
    }
}

fn enveloped(message: &Message) -> Result<(Event, Option<UnixMillis>)> {
    let given = [
        ("id", message.id.is_some()),
        ("type", message.kind.is_some()),
        ("subject", message.subject.is_some()),
        ("attributes", !message.attributes.is_empty()),
    ];
    if let Some((name, _)) = given.iter().find(|(_, given)| *given) {
        return Err(Error::invalid(format!(
            "the message is an event already, and has `{name}` beside it: put it into the event"
        )));
    }
    envelope::decode(&message.data)
}

fn plain(message: &Message, caller: &Caller, now: UnixMillis) -> Result<Event> {
    let content_type = match &*message.content_type {
        "" => "application/octet-stream",
        given => given,
    };
    if envelope::is_json(content_type) && !envelope::is_valid_json(&message.data) {
        return Err(Error::invalid(format!(
            "the data is not JSON, but its content type is `{}`",
            content_type.escape_debug()
        )));
    }
    let mut attributes = message.attributes.clone();
    attributes.sort();
    Ok(Event {
        id: EventId::new(message.id.clone().unwrap_or_else(new_id)),
        source: caller.id().unwrap_or(SOURCE).to_owned(),
        kind: message.kind.clone().unwrap_or_else(|| KIND.to_owned()),
        subject: message.subject.clone(),
        time: Some(rfc3339(now)),
        content_type: content_type.to_owned(),
        attributes,
        // our own: it may be a slice of a much larger buffer that came from the network
        data: Bytes::copy_from_slice(&message.data),
    })
}

fn check_event(event: &Event) -> Result<()> {
    let Event { id, source, kind, subject, time, content_type, attributes, data: _ } = event;
    check_media_type(content_type)?;
    let required = [("id", id.as_str()), ("source", source.as_str()), ("type", kind.as_str())];
    if let Some((name, _)) = required.iter().find(|(_, text)| text.is_empty()) {
        return Err(Error::invalid(format!("the attribute `{name}` of the event is empty")));
    }
    let optional = [("subject", subject), ("time", time)];
    let optional = optional.iter().filter_map(|(name, text)| Some((*name, text.as_deref()?)));
    let others = attributes.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    let mut size = content_type.len();
    for (name, text) in required.into_iter().chain(optional).chain(others) {
        if text.chars().any(char::is_control) {
            return Err(Error::invalid(format!("the attribute `{name}` has a control character")));
        }
        size += name.len() + text.len();
    }
    if size > MAX_ATTRIBUTES {
        let message = format!("the attributes have {size} bytes: use at most {MAX_ATTRIBUTES}");
        return Err(
            Error::new(Kind::TooLarge, message).with_detail("limit", MAX_ATTRIBUTES.to_string())
        );
    }
    if let Some(time) = time.as_deref().filter(|time| !envelope::is_rfc3339(time)) {
        let time = time.escape_debug();
        return Err(Error::invalid(format!("the attribute `time` is `{time}`: use RFC 3339")));
    }
    let mut before = None;
    for (name, _) in attributes {
        check_name(name)?;
        if before.replace(name) == Some(name) {
            return Err(Error::invalid(format!("the attribute `{name}` is there twice")));
        }
    }
    Ok(())
}

fn check_name(name: &str) -> Result<()> {
    let shown = name.chars().take(MAX_NAME).collect::<String>();
    let shown = shown.escape_debug();
    let fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    if name.is_empty() || name.len() > MAX_NAME || !name.chars().all(fine) {
        return Err(Error::invalid(format!(
            "`{shown}` is not the name of an attribute: use 1 to {MAX_NAME} of a-z and 0-9"
        )));
    }
    if envelope::RESERVED.contains(&name) {
        return Err(Error::invalid(format!(
            "the attribute `{shown}` has a place of its own: give it there, or publish a whole \
             event as `{}`",
            envelope::MEDIA_TYPE
        )));
    }
    Ok(())
}

fn check_media_type(text: &str) -> Result<()> {
    let token = |part: &str| {
        let fine = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        !part.is_empty() && part.chars().all(fine)
    };
    let (essence, parameters) = text.split_once(';').unwrap_or((text, ""));
    let parts = essence.trim_end_matches(' ').split_once('/');
    let named = parts.is_some_and(|(kind, subtype)| token(kind) && token(subtype));
    let plain = parameters.chars().all(|c| c == ' ' || c.is_ascii_graphic());
    if named && plain && text.len() <= MAX_MEDIA_TYPE {
        return Ok(());
    }
    let text = text.chars().take(MAX_NAME).collect::<String>();
    Err(Error::invalid(format!(
        "the content type `{}` is not a media type such as `application/json`",
        text.escape_debug()
    )))
}

/// A random UUID.
fn new_id() -> String {
    let bits = fastrand::u128(..);
    let bits = bits & !(0xf << 76) & !(0x3 << 62) | 0x4 << 76 | 0x2 << 62;
    let text = format!("{bits:032x}");
    format!("{}-{}-{}-{}-{}", &text[..8], &text[8..12], &text[12..16], &text[16..20], &text[20..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accept(message: Message) -> Result<Accepted> {
        message.accept(&Caller::App("shop".into()), 1_700_000_000_123)
    }

    #[test]
    fn what_is_not_given_is_made_up() {
        let event = accept(Message::new("", "x")).expect("valid").event;
        let id = event.id.as_str();
        assert!(id.len() == 36 && &id[14..15] == "4" && "89ab".contains(&id[19..20]), "{id}");
        assert_eq!((&*event.source, &*event.kind), ("shop", "com.runtime.event.sent"));
        assert_eq!(event.time.as_deref(), Some("2023-11-14T22:13:20.123Z"));
        assert_eq!(event.content_type, "application/octet-stream");
    }

    #[test]
    fn wrong_messages_are_refused_with_the_rule() {
        let with = |change: &dyn Fn(&mut Message)| {
            let mut message = Message::new("text/plain", "x");
            change(&mut message);
            accept(message).expect_err("wrong").to_string()
        };
        let pair = |name: &str| vec![(name.to_owned(), "1".to_owned())];
        for (said, word) in [
            (with(&|m| m.content_type = "application/json".to_owned()), "not JSON"),
            (with(&|m| m.content_type = "plain".to_owned()), "media type"),
            (with(&|m| m.content_type = "text/plain\n".to_owned()), "media type"),
            (with(&|m| m.id = Some(String::new())), "`id`"),
            (with(&|m| m.kind = Some("a\u{7}".to_owned())), "`type`"),
            (with(&|m| m.ordering_key = Some(String::new())), "ordering key"),
            (with(&|m| m.attributes = pair("Trace")), "`Trace`"),
            (with(&|m| m.attributes = pair("source")), "place of its own"),
            (with(&|m| m.attributes = [pair("a"), pair("a")].concat()), "twice"),
            (with(&|m| m.subject = Some("x".repeat(MAX_ATTRIBUTES))), "at most"),
            (with(&|m| m.data = vec![0; MAX_DATA + 1].into()), "at most"),
        ] {
            assert!(said.contains(word), "{said}");
        }
    }

    #[test]
    fn an_envelope_is_the_event_itself() {
        let envelope = r#"{"specversion":"1.0","id":"7","source":"/till","type":"paid",
            "region":"eu","expiration":"2023-11-14T22:13:30Z","data":{"b": 1,"a":[ ]}}"#;
        let mut message = Message::new("application/cloudevents+json; charset=utf-8", envelope);
        let accepted = accept(message.clone()).expect("valid");
        assert_eq!(accepted.ttl, Some(Duration::from_millis(9_877)));
        assert_eq!(accepted.event.attributes, [("region".to_owned(), "eu".to_owned())]);
        assert_eq!(&*accepted.event.data, br#"{"b": 1,"a":[ ]}"#);
        message.subject = Some("x".to_owned());
        assert!(accept(message).expect_err("twice").to_string().contains("`subject`"));
    }
}
