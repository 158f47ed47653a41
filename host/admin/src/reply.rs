//! Answers, nearly all in JSON.

use bytes::Bytes;
use http::header::{ALLOW, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};
use http_body_util::Full;
use ottavo_control::ErrorReply;
use ottavo_core::{Error, Kind};
use ottavo_telemetry::field;
use serde::Serialize;

/// A detail: the client did not send what it began to.
pub(crate) const LATE: &str = "late";

/// What goes out.
pub(crate) type Answer = http::Response<Full<Bytes>>;

/// `body` with this status.
pub(crate) fn json(status: StatusCode, body: &impl Serialize) -> Answer {
    let text = serde_json::to_vec(body).expect("the types of answers are always JSON");
    let mut answer = Answer::new(Full::new(text.into()));
    *answer.status_mut() = status;
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    answer
}

/// `body` as it is.
pub(crate) fn text(content_type: &'static str, body: String) -> Answer {
    let mut answer = Answer::new(Full::new(body.into()));
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    answer
}

/// The error with the status of its kind; faults of the host are logged with their causes.
pub(crate) fn error(error: &Error) -> Answer {
    let status = status_of(error);
    if status >= 500 {
        let id = error.detail("request-id");
        tracing::warn!({ field::REQUEST_ID } = id, { field::ERROR } = ?error, status, "a request of the deploy API failed");
    }
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    json(status, &ErrorReply::from(error))
}

/// That of its kind, but for what HTTP has a status of its own for.
fn status_of(error: &Error) -> u16 {
    match (error.detail(LATE), error.detail("storage")) {
        (Some(_), _) => StatusCode::REQUEST_TIMEOUT.as_u16(),
        (None, Some("full")) => StatusCode::INSUFFICIENT_STORAGE.as_u16(),
        (None, _) => error.kind().http_status(),
    }
}

/// The path is none of ours.
pub(crate) fn no_such_path(path: &str) -> Answer {
    error(&Error::not_found(format!("nothing is at `{}`", path.escape_debug())))
}

/// The path is ours, the method is not.
pub(crate) fn wrong_method(allow: &'static str) -> Answer {
    let message = format!("this path answers {allow}");
    let reply = ErrorReply::from(&Error::new(Kind::Unsupported, message));
    let mut answer = json(StatusCode::METHOD_NOT_ALLOWED, &reply);
    answer.headers_mut().insert(ALLOW, HeaderValue::from_static(allow));
    answer
}
