//! What a publisher gives.

use std::time::Duration;

use bytes::Bytes;

use crate::Options;

/// The largest data of an event, in bytes: 4 MiB less 64 KiB for the envelope, so that it passes every
/// door.
pub const MAX_DATA: usize = (4 << 20) - (64 << 10);

/// The largest batch, in messages.
pub const MAX_BATCH: usize = 1000;

/// One message. What is not given is made up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// The bytes: never re-encoded.
    pub data: Bytes,
    /// The media type of the data; empty is `application/octet-stream`. `application/json` must be
    /// JSON. `application/cloudevents+json` is a whole event, whose attributes cannot be given beside
    /// it.
    pub content_type: String,
    /// The event's id.
    pub id: Option<String>,
    /// The event's type.
    pub kind: Option<String>,
    /// What the event is about.
    pub subject: Option<String>,
    /// Events of one key are delivered in order, where the driver can.
    pub ordering_key: Option<String>,
    /// Not delivered before this has passed.
    pub delay: Option<Duration>,
    /// Not delivered once this has passed, counted from the publishing.
    pub ttl: Option<Duration>,
    /// Further attributes of the event, by names of lower-case letters and digits.
    pub attributes: Vec<(String, String)>,
    /// Steers the driver.
    pub options: Options,
}

impl Message {
    /// A message of nothing but data.
    pub fn new(content_type: impl Into<String>, data: impl Into<Bytes>) -> Message {
        Message { data: data.into(), content_type: content_type.into(), ..Message::default() }
    }
}
