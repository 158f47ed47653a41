//! An event as it is delivered: the attributes of CloudEvents 1.0, and the data.

use std::fmt;

use bytes::Bytes;

/// One event. Its `specversion` is 1.0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Given by the publisher, or made up.
    pub id: EventId,
    /// Where it came from: a URI reference. The publisher's function name or app id unless its envelope
    /// says otherwise; `runtime` for one without a name.
    pub source: String,
    /// The attribute `type`.
    pub kind: String,
    /// What it is about.
    pub subject: Option<String>,
    /// When it happened, in RFC 3339: when it was published, unless its envelope says otherwise.
    pub time: Option<String>,
    /// The attribute `datacontenttype`.
    pub content_type: String,
    /// Other attributes, sorted by name: lower-case letters and digits.
    pub attributes: Vec<(String, String)>,
    /// The bytes as they were published.
    pub data: Bytes,
}

/// The attribute `id` of an event.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EventId(String);

impl EventId {
    /// An id that was accepted before.
    pub fn new(text: impl Into<String>) -> EventId {
        EventId(text.into())
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id as owned text.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
