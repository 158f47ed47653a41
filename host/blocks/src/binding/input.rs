//! What comes in through a binding.

use bytes::Bytes;
use futures_util::stream::BoxStream;
use ottavo_core::clock::UnixMillis;
use ottavo_core::{Error, Kind, Result};

use super::Operation;
use crate::pubsub::envelope::rfc3339;

/// What one listener is told.
pub type Inputs = BoxStream<'static, Result<Input>>;

/// Something that happened outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Differs from that of every other input of the binding.
    pub id: String,
    /// The type of the event: `dev.ottavo.file.created`.
    pub kind: String,
    /// What it happened to; of two that wait, the newer one of a subject says all there is to say.
    pub subject: Option<String>,
    /// When, as of RFC 3339.
    pub time: Option<String>,
    /// The media type of the data.
    pub content_type: String,
    /// What the driver has to say.
    pub data: Bytes,
}

impl Input {
    /// One without subject and data, of this moment.
    pub fn new(id: impl Into<String>, kind: &str, at: UnixMillis) -> Input {
        Input {
            id: id.into(),
            kind: kind.to_owned(),
            subject: None,
            time: Some(rfc3339(at)),
            content_type: "application/octet-stream".to_owned(),
            data: Bytes::new(),
        }
    }
}

/// That a binding has no way out.
pub fn only_in(operation: &Operation) -> Error {
    let operation = operation.as_str().escape_debug();
    let message = format!(
        "the operation `{operation}` is unknown: this binding has none, things only come in through it"
    );
    Error::new(Kind::Unsupported, message)
}

/// That a binding has no way in.
pub(super) fn only_out() -> Error {
    Error::new(
        Kind::Unsupported,
        "nothing comes in through this binding: use one that can, as of the drivers `cron` and `file-watch`",
    )
}
