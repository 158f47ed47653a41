//! Responses of WIT records.

use bytes::Bytes;
use http::header::{CONNECTION, CONTENT_LENGTH, HeaderName, TRANSFER_ENCODING};
use http::{HeaderValue, StatusCode};
use ottavo_core::{Error, Limits, Result};
use ottavo_imports as wit;

use crate::Response;

/// Response headers that concern the connection, which is the host's.
const OF_CONNECTION: [HeaderName; 3] = [CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING];

/// The most headers of an answer, and the most bytes in them.
const MOST_HEADERS: usize = 1000;
const MOST_HEADER_BYTES: usize = 256 << 10;

/// The response for a record.
///
/// # Errors
/// `internal` when the function's answer is not one: which rule it breaks.
pub(crate) fn response(response: wit::Response, limits: &Limits) -> Result<Response> {
    let wit::Response { status, headers, body } = response;
    let broken = |what: String| Error::internal(format!("the function answered with {what}"));
    if !(200..=599).contains(&status) {
        return Err(broken(format!("the status {status}: use 200 to 599")));
    }
    if body.len() as u64 > limits.body.0 {
        let (size, limit) = (body.len(), limits.body);
        return Err(broken(format!("a body of {size} bytes where `limits.body` is {limit}")));
    }
    if headers.len() > MOST_HEADERS {
        return Err(broken(format!("{} headers: use {MOST_HEADERS} at most", headers.len())));
    }
    let size: usize = headers.iter().map(|(name, value)| name.len() + value.len()).sum();
    if size > MOST_HEADER_BYTES {
        return Err(broken(format!("headers of {size} bytes: use {MOST_HEADER_BYTES} at most")));
    }
    let status = StatusCode::from_u16(status).map_err(|_| broken(format!("status {status}")))?;
    let mut answer = http::Response::new(Bytes::from(body));
    *answer.status_mut() = status;
    answer.headers_mut().reserve(headers.len());
    for (name, value) in headers {
        let Ok(name) = HeaderName::from_bytes(name.as_bytes()) else {
            return Err(broken(format!("the header name `{}`", name.escape_debug())));
        };
        if OF_CONNECTION.contains(&name) {
            continue;
        }
        let Ok(value) = HeaderValue::try_from(value) else {
            return Err(broken(format!("a value of header `{name}` that has control characters")));
        };
        answer.headers_mut().append(name, value);
    }
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, name: &str, value: &str, body: usize) -> Result<Response> {
        let headers = vec![(name.to_owned(), value.to_owned())];
        response(wit::Response { status, headers, body: vec![0; body] }, &Limits::default())
    }

    #[test]
    fn answers_that_are_not_http_are_refused_with_the_reason() {
        assert!(answer(200, "a", "b", 10).is_ok());
        for (status, name, value, body) in [
            (9999, "a", "b", 0),
            (100, "a", "b", 0),
            (200, "a b", "b", 0),
            (200, "a", "b\nc: d", 0),
            (200, "a", "b", (4 << 20) + 1),
        ] {
            assert!(answer(status, name, value, body).is_err(), "{status} {name} {value} {body}");
        }
    }

    #[test]
    fn headers_have_limits_together() {
        let answer = |count: usize, value: usize| {
            let headers = (0..count).map(|at| (format!("x-{at}"), "v".repeat(value)));
            let record = wit::Response { status: 200, headers: headers.collect(), body: vec![] };
            response(record, &Limits::default()).map(|answer| answer.headers().len())
        };
        assert_eq!(answer(MOST_HEADERS, 100).expect("as many as there may be"), MOST_HEADERS);
        for (count, value) in [(MOST_HEADERS + 1, 0), (100_000, 0), (1, MOST_HEADER_BYTES)] {
            assert!(answer(count, value).is_err(), "{count} of {value} bytes");
        }
    }

    #[test]
    fn headers_of_the_connection_stay_with_the_host() {
        let answer = answer(200, "Transfer-Encoding", "chunked", 0).expect("valid");
        assert!(answer.headers().is_empty());
    }
}
