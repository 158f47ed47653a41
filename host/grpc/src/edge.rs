//! What every call passes first: who makes it, its deadline, its request id, and one form for every
//! error.
//!
//! The server's own timer and codec answer in words of their own (`cancelled` for a deadline,
//! `out of range` for a large message, nothing a program could read); here they become the host's.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use ottavo_core::context::new_request_id;
use ottavo_core::{CallContext, Error, Kind, Result, Trace};
use ottavo_wire::{from_status, to_status};
use tokio::time::Instant;
use tonic::body::Body;
use tonic::codegen::http::{HeaderMap, HeaderValue, Request, Response};
use tonic::codegen::{BoxFuture, Context, Poll, Service};
use tonic::{Code, Status};

use crate::routes::Routes;
use crate::{Callers, Config};

/// Names the request, in both directions.
const REQUEST_ID: &str = "x-request-id";

/// How much earlier than the server's own timer a deadline passes here, so that the answer is ours.
const HEAD_START: Duration = Duration::from_millis(2);

/// Everything behind the edge. Services find the [`CallContext`] and the caller's grants among a
/// request's extensions.
#[derive(Clone)]
pub(crate) struct Edge {
    routes: Routes,
    callers: Callers,
    timeout: Duration,
    max_message: u64,
}

impl Edge {
    pub(crate) fn new(routes: Routes, callers: Callers, config: &Config) -> Edge {
        Edge { routes, callers, timeout: config.timeout.0, max_message: config.max_message.0 }
    }

    /// Starts the call, or says why there is none.
    fn start(&self, mut request: Request<Body>, id: &Arc<str>) -> Result<Started> {
        let (caller, grants) = {
            let from = request.extensions().get().copied().unwrap_or_default();
            self.callers.identify(request.uri().path(), request.headers(), from)?
        };
        let asked = asked_timeout(request.headers())?;
        let timeout = asked.map_or(self.timeout, |asked| asked.min(self.timeout));
        let mut cx = CallContext::new(Arc::clone(id), caller, timeout);
        cx.trace = trace(request.headers());
        let deadline = cx.deadline;
        request.extensions_mut().insert((cx, grants));
        let path = request.uri().path().to_owned();
        let call = self.routes.call(request).ok_or_else(|| unknown(&path))?;
        Ok(Started { call, path, deadline })
    }
}

/// A call under way.
struct Started {
    call: BoxFuture<Response<Body>, Infallible>,
    path: String,
    deadline: Instant,
}

impl Service<Request<Body>> for Edge {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<Response<Body>, Infallible>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let id = request_id(request.headers());
        let started = self.start(request, &id);
        let max_message = self.max_message;
        Box::pin(async move {
            let response = match started {
                Ok(Started { call, path, deadline }) => {
                    match tokio::time::timeout_at(deadline, call).await {
                        Ok(Ok(response)) => in_our_words(response, &path, max_message),
                        Err(_) => to_status(&late()).into_http(),
                    }
                }
                Err(error) => to_status(&error).into_http(),
            };
            Ok(named(response, &id))
        })
    }
}

fn late() -> Error {
    Error::new(Kind::Timeout, "no answer before the deadline of the call")
}

fn unknown(path: &str) -> Error {
    let path = path.escape_debug();
    Error::new(Kind::Unsupported, format!("this host has no gRPC method `{path}`"))
}

fn named(mut response: Response<Body>, id: &str) -> Response<Body> {
    let mut id = HeaderValue::from_str(id).expect("a request id is visible ASCII");
    // no secret, but keeps it out of the connection's table of header fields: an id never comes
    // again, and searching the table for it costs more than the rest of this file
    id.set_sensitive(true);
    response.headers_mut().insert(REQUEST_ID, id);
    response
}

/// The id the client gave, when it is 1 to 128 visible ASCII characters, else a new one.
fn request_id(headers: &HeaderMap) -> Arc<str> {
    let given = headers.get(REQUEST_ID).and_then(|value| value.to_str().ok());
    match given {
        Some(id) if (1..=128).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_graphic()) => {
            Arc::from(id)
        }
        _ => new_request_id(),
    }
}

/// The trace that the client's metadata tells.
fn trace(headers: &HeaderMap) -> Trace {
    Trace::of(|name| {
        let mut lines = headers.get_all(name).iter().map(|value| value.to_str().ok());
        let first = lines.next()??.to_owned();
        lines.try_fold(first, |all, line| Some(all + "," + line?))
    })
}

/// The timeout the client asks for: at most 8 digits and a unit.
fn asked_timeout(headers: &HeaderMap) -> Result<Option<Duration>> {
    let Some(value) = headers.get("grpc-timeout") else {
        return Ok(None);
    };
    let text = value.to_str().unwrap_or_default();
    let timeout = parse_timeout(text).ok_or_else(|| {
        let shown = String::from_utf8_lossy(value.as_bytes());
        Error::invalid(format!(
            "`grpc-timeout` is `{}`: use up to 8 digits and one of H, M, S, m, u, n",
            shown.escape_debug()
        ))
    })?;
    Ok(Some(timeout - HEAD_START.min(timeout / 10)))
}

fn parse_timeout(text: &str) -> Option<Duration> {
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    if !(1..=8).contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let n: u64 = digits.parse().ok()?;
    match unit {
        "H" => Some(Duration::from_secs(n * 60 * 60)),
        "M" => Some(Duration::from_secs(n * 60)),
        "S" => Some(Duration::from_secs(n)),
        "m" => Some(Duration::from_millis(n)),
        "u" => Some(Duration::from_micros(n)),
        "n" => Some(Duration::from_nanos(n)),
        _ => None,
    }
}

/// A status without details is the server's: all of ours have some.
fn in_our_words(response: Response<Body>, path: &str, max_message: u64) -> Response<Body> {
    match Status::from_header_map(response.headers()) {
        Some(status) if status.code() != Code::Ok && status.details().is_empty() => {
            to_status(&explain(&status, path, max_message)).into_http()
        }
        _ => response,
    }
}

fn explain(status: &Status, path: &str, max_message: u64) -> Error {
    let said = status.message();
    match status.code() {
        Code::OutOfRange => Error::new(
            Kind::TooLarge,
            format!("the message is over the limit of `grpc.max_message`, {max_message} bytes"),
        )
        .with_detail("limit", max_message.to_string()),
        // what the codec makes of bytes that are no message
        Code::Internal => Error::invalid(format!("the message cannot be read: {said}")),
        Code::Unimplemented if said.is_empty() => unknown(path),
        _ => from_status(status),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &'static str, value: &[u8]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_bytes(value).unwrap());
        headers
    }

    #[test]
    fn a_request_id_is_kept_when_it_can_stand_in_a_log() {
        let kept = |id: &[u8]| request_id(&headers(REQUEST_ID, id)).as_bytes() == id;
        assert!(kept(b"7f3a-\"{}\"") && kept(&[b'x'; 128]));
        assert!(!kept(b"") && !kept(&[b'x'; 129]) && !kept(b"a b") && !kept(b"\xff"));
        assert_ne!(request_id(&HeaderMap::new()), request_id(&HeaderMap::new()));
    }

    #[test]
    fn a_timeout_is_up_to_eight_digits_and_a_unit() {
        for (text, timeout) in [
            ("1H", Duration::from_secs(3600)),
            ("99999999S", Duration::from_secs(99_999_999)),
            ("250m", Duration::from_millis(250)),
            ("0n", Duration::ZERO),
        ] {
            assert_eq!(parse_timeout(text), Some(timeout), "{text}");
        }
        for text in ["", "S", "1", "1s", "999999999S", "-1S", "+1S", "1.5S", "é", "1é"] {
            assert_eq!(parse_timeout(text), None, "{text}");
        }
    }

    #[test]
    fn the_deadline_passes_before_the_servers_own() {
        let asked = |text: &str| asked_timeout(&headers("grpc-timeout", text.as_bytes())).unwrap();
        assert_eq!(asked("1S"), Some(Duration::from_millis(998)));
        assert_eq!(asked("10m"), Some(Duration::from_millis(9)));
        assert_eq!(asked_timeout(&HeaderMap::new()).unwrap(), None);
    }
}
