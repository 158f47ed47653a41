//! Errors as JSON: the same shape on the deploy API and on the HTTP trigger.

use std::collections::BTreeMap;

use ottavo_core::{Error, Kind};
use serde::{Deserialize, Serialize};

/// `{ "error": { ... } }`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorReply {
    /// What went wrong.
    pub error: ErrorBody,
}

/// One error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorBody {
    /// The name of its kind: `not-found`.
    pub kind: String,
    /// For people.
    pub message: String,
    /// Names the request in the host's log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Whether repeating the same call later may succeed and does no harm.
    #[serde(default)]
    pub retryable: bool,
    /// For programs.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub details: BTreeMap<String, String>,
}

impl From<&Error> for ErrorReply {
    fn from(error: &Error) -> ErrorReply {
        ErrorReply {
            error: ErrorBody {
                kind: error.kind().name().to_owned(),
                message: error.message().to_owned(),
                request_id: error.detail("request-id").map(str::to_owned),
                retryable: error.retryable(),
                details: error.details().iter().cloned().collect(),
            },
        }
    }
}

impl From<ErrorReply> for Error {
    fn from(reply: ErrorReply) -> Error {
        let ErrorBody { kind, message, retryable, details, .. } = reply.error;
        let kind = kind.parse().unwrap_or(Kind::Other);
        let error = Error::new(kind, message).with_retryable(retryable);
        details.into_iter().fold(error, |error, (name, value)| error.with_detail(name, value))
    }
}
