//! What is published.

use std::borrow::Cow;
use std::time::Duration;

use crate::bindings::ottavo::runtime::pubsub as wit;
#[cfg(feature = "json")]
use crate::{Error, Result};

/// An event of CloudEvents 1.0, and how to deliver it. What is not given is made up.
#[derive(Clone, Debug)]
pub struct Message<'a> {
    content_type: Cow<'a, str>,
    data: Cow<'a, [u8]>,
    id: Option<&'a str>,
    event_type: Option<&'a str>,
    subject: Option<&'a str>,
    ordering_key: Option<&'a str>,
    delay: Option<Duration>,
    ttl: Option<Duration>,
    attributes: Vec<(&'a str, &'a str)>,
    options: Vec<(&'a str, &'a str)>,
}

impl<'a> Message<'a> {
    /// Data of a media type. With `application/cloudevents+json` it is a whole event in JSON, and none
    /// of its attributes may be given beside it.
    pub fn new(
        content_type: impl Into<Cow<'a, str>>,
        data: &'a (impl AsRef<[u8]> + ?Sized),
    ) -> Message<'a> {
        Message::of(content_type.into(), Cow::Borrowed(data.as_ref()))
    }

    /// Text.
    pub fn text(text: &'a (impl AsRef<str> + ?Sized)) -> Message<'a> {
        Message::new("text/plain", text.as_ref())
    }

    /// Bytes of no known type.
    pub fn bytes(data: &'a (impl AsRef<[u8]> + ?Sized)) -> Message<'a> {
        Message::new("application/octet-stream", data)
    }

    /// A value as JSON.
    ///
    /// # Errors
    /// `internal` when the value has no JSON form.
    #[cfg(feature = "json")]
    pub fn json<T: serde::Serialize + ?Sized>(value: &T) -> Result<Message<'a>> {
        let data = serde_json::to_vec(value)
            .map_err(|error| Error::internal(format!("writing a message as JSON: {error}")))?;
        Ok(Message::of("application/json".into(), Cow::Owned(data)))
    }

    fn of(content_type: Cow<'a, str>, data: Cow<'a, [u8]>) -> Message<'a> {
        Message {
            content_type,
            data,
            id: None,
            event_type: None,
            subject: None,
            ordering_key: None,
            delay: None,
            ttl: None,
            attributes: Vec::new(),
            options: Vec::new(),
        }
    }

    /// The event's id.
    #[must_use]
    pub fn id(mut self, id: &'a str) -> Message<'a> {
        self.id = Some(id);
        self
    }

    /// The event's type: `com.example.paid`.
    #[must_use]
    pub fn event_type(mut self, event_type: &'a str) -> Message<'a> {
        self.event_type = Some(event_type);
        self
    }

    /// What the event is about.
    #[must_use]
    pub fn subject(mut self, subject: &'a str) -> Message<'a> {
        self.subject = Some(subject);
        self
    }

    /// Events of one key are delivered in order, where the driver can.
    #[must_use]
    pub fn ordering_key(mut self, key: &'a str) -> Message<'a> {
        self.ordering_key = Some(key);
        self
    }

    /// Not delivered before this has passed, in whole milliseconds.
    #[must_use]
    pub fn delay(mut self, delay: Duration) -> Message<'a> {
        self.delay = Some(delay);
        self
    }

    /// Not delivered once this has passed, in whole milliseconds, counted from the publishing.
    #[must_use]
    pub fn ttl(mut self, ttl: Duration) -> Message<'a> {
        self.ttl = Some(ttl);
        self
    }

    /// Adds an attribute of the event, by a name of lower-case letters and digits.
    #[must_use]
    pub fn attribute(mut self, name: &'a str, value: &'a str) -> Message<'a> {
        self.attributes.push((name, value));
        self
    }

    /// Adds an option for the driver.
    #[must_use]
    pub fn option(mut self, name: &'a str, value: &'a str) -> Message<'a> {
        self.options.push((name, value));
        self
    }

    pub(super) fn lower(&self) -> wit::Message<'_> {
        let millis = |span: Duration| u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
        wit::Message {
            data: &self.data,
            content_type: &self.content_type,
            id: self.id,
            type_: self.event_type,
            subject: self.subject,
            ordering_key: self.ordering_key,
            delay: self.delay.map(millis),
            ttl: self.ttl.map(millis),
            attributes: &self.attributes,
            options: &self.options,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_carries_everything_it_was_given() {
        let plain = Message::text("hi");
        let lowered = plain.lower();
        assert_eq!((lowered.content_type, lowered.data), ("text/plain", &b"hi"[..]));
        assert_eq!((lowered.id, lowered.delay), (None, None));
        let full = Message::bytes(&[1])
            .id("1")
            .event_type("paid")
            .subject("17")
            .ordering_key("k")
            .delay(Duration::from_millis(1500))
            .ttl(Duration::MAX)
            .attribute("region", "eu")
            .option("consistency", "strong");
        let lowered = full.lower();
        assert_eq!((lowered.id, lowered.type_), (Some("1"), Some("paid")));
        assert_eq!((lowered.subject, lowered.ordering_key), (Some("17"), Some("k")));
        assert_eq!((lowered.delay, lowered.ttl), (Some(1500), Some(u64::MAX)));
        assert_eq!(lowered.attributes, [("region", "eu")]);
        assert_eq!(lowered.options, [("consistency", "strong")]);
    }

    #[cfg(feature = "json")]
    #[test]
    fn a_value_is_written_as_json() {
        let message = Message::json(&[1, 2]).unwrap();
        assert_eq!(
            (message.lower().content_type, message.lower().data),
            ("application/json", &b"[1,2]"[..])
        );
    }
}
