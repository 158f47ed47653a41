//! Events, for a person at a keyboard.

use ottavo_core::clock::UnixMillis;
use serde::{Deserialize, Serialize};

use crate::base64_bytes;

/// One call on a pub/sub store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "operation", rename_all = "kebab-case", deny_unknown_fields)]
pub enum EventsRequest {
    /// Publishes an event.
    Publish {
        /// To which topic.
        topic: String,
        /// Its data, in base64.
        #[serde(with = "base64_bytes")]
        data: Vec<u8>,
        /// The media type of the data.
        #[serde(default)]
        content_type: String,
    },
    /// Sends events of a dead-letter topic back.
    Redrive {
        /// The dead-letter topic.
        from: String,
        /// To this topic instead of where each came from.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<String>,
        /// At most so many.
        limit: u32,
        /// Only those that were given up before, in milliseconds since the Unix epoch: what fails
        /// again meanwhile is left alone.
        before: UnixMillis,
    },
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "operation", rename_all = "kebab-case")]
pub enum EventsReply {
    /// It was published.
    Publish {
        /// The id of the event.
        id: String,
    },
    /// Events were sent back.
    Redrive {
        /// So many.
        sent: u32,
        /// Whether there may be more: ask again.
        more: bool,
    },
}
