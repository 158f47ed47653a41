//! The event a function receives.

use crate::bindings::exports::ottavo::runtime::event_handler as wit;
use crate::{Error, Result};

/// A CloudEvents 1.0 event, and how it came.
///
/// ```
/// use ottavo_sdk::Event;
///
/// let event = Event::new("orders.created", "7").with_attribute("region", "eu");
/// assert_eq!((event.trigger(), event.topic()), ("subscribe", "orders.created"));
/// assert_eq!(event.text()?.parse::<u32>()?, 7);
/// assert_eq!(event.attribute("region"), Some("eu"));
/// # Ok::<(), ottavo_sdk::Error>(())
/// ```
pub struct Event {
    raw: wit::Event,
}

impl Event {
    /// An event of one's own, to test a function with: of a topic.
    pub fn new(topic: impl Into<String>, data: impl Into<Vec<u8>>) -> Event {
        Event {
            raw: wit::Event {
                id: "1".to_owned(),
                source: "test".to_owned(),
                type_: "test".to_owned(),
                subject: None,
                time: None,
                content_type: "application/octet-stream".to_owned(),
                trigger: "subscribe".to_owned(),
                origin: "default".to_owned(),
                topic: topic.into(),
                data: data.into(),
                attempt: 1,
                attributes: Vec::new(),
            },
        }
    }

    /// An event of one's own: a schedule is due, at a time in RFC 3339.
    pub fn due(schedule: impl Into<String>, time: impl Into<String>) -> Event {
        let mut event = Event::new("", "");
        let time = time.into();
        event.raw.id.clone_from(&time);
        event.raw.time = Some(time);
        event.raw.trigger = "schedule".to_owned();
        event.raw.origin = schedule.into();
        event
    }

    /// Sets the id.
    #[must_use]
    pub fn with_id(mut self, id: impl Into<String>) -> Event {
        self.raw.id = id.into();
        self
    }

    /// Sets the type.
    #[must_use]
    pub fn with_kind(mut self, kind: impl Into<String>) -> Event {
        self.raw.type_ = kind.into();
        self
    }

    /// Adds an attribute.
    #[must_use]
    pub fn with_attribute(mut self, name: impl Into<String>, value: impl Into<String>) -> Event {
        self.raw.attributes.push((name.into(), value.into()));
        self
    }

    /// Sets which delivery it is.
    #[must_use]
    pub fn with_attempt(mut self, attempt: u32) -> Event {
        self.raw.attempt = attempt;
        self
    }

    /// The id: the same on each delivery.
    pub fn id(&self) -> &str {
        &self.raw.id
    }

    /// Who published it.
    pub fn source(&self) -> &str {
        &self.raw.source
    }

    /// The attribute `type`.
    pub fn kind(&self) -> &str {
        &self.raw.type_
    }

    /// What it is about.
    pub fn subject(&self) -> Option<&str> {
        self.raw.subject.as_deref()
    }

    /// When it happened, in RFC 3339. For a schedule: when it was due.
    pub fn time(&self) -> Option<&str> {
        self.raw.time.as_deref()
    }

    /// The media type of the data.
    pub fn content_type(&self) -> &str {
        &self.raw.content_type
    }

    /// How it came: `subscribe`, `schedule`, ...
    pub fn trigger(&self) -> &str {
        &self.raw.trigger
    }

    /// What it came through: the name of a pub/sub store, of a schedule, ...
    pub fn origin(&self) -> &str {
        &self.raw.origin
    }

    /// The topic; empty when it came through none.
    pub fn topic(&self) -> &str {
        &self.raw.topic
    }

    /// 1 on the first delivery.
    pub fn attempt(&self) -> u32 {
        self.raw.attempt
    }

    /// An attribute of the publisher's.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// All attributes of the publisher's.
    pub fn attributes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.raw.attributes.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The data.
    pub fn data(&self) -> &[u8] {
        &self.raw.data
    }

    /// The data, without a copy.
    pub fn into_data(self) -> Vec<u8> {
        self.raw.data
    }

    /// The data as text.
    ///
    /// # Errors
    /// `invalid-argument` when it is not UTF-8.
    pub fn text(&self) -> Result<&str> {
        std::str::from_utf8(&self.raw.data)
            .map_err(|error| Error::from(error).context("reading the event as text"))
    }

    /// The data as JSON.
    ///
    /// # Errors
    /// `invalid-argument` when it is not JSON of this type.
    #[cfg(feature = "json")]
    pub fn json<T: serde::de::DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_slice(&self.raw.data)
            .map_err(|error| Error::from(error).context("reading the event as JSON"))
    }
}

impl From<wit::Event> for Event {
    fn from(raw: wit::Event) -> Event {
        Event { raw }
    }
}

impl std::fmt::Debug for Event {
    /// Neither attributes nor the data: a log is no place for secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let wit::Event { id, type_, trigger, origin, topic, data, attempt, .. } = &self.raw;
        let size = data.len();
        write!(f, "{id} ({type_}) by {trigger} {origin} {topic}, {size} bytes, delivery {attempt}")
    }
}
