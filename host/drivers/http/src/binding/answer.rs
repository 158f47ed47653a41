//! What a server's answer means for the caller.

use http::Method;
use http::header::RETRY_AFTER;
use ottavo_blocks::binding::{Metadata, Response, check};
use ottavo_blocks::exchange;
use ottavo_core::{Error, Kind, Result};

use crate::options::Accept;

/// The answer, or the error that its status stands for.
pub(super) fn read(
    answer: exchange::Response,
    accept: Accept,
    method: &Method,
) -> Result<Response> {
    let status = answer.status();
    if accept == Accept::Success && !status.is_success() {
        return Err(refused(&answer, method));
    }
    let mut pairs = vec![
        ("statusCode".to_owned(), status.as_str().to_owned()),
        ("status".to_owned(), status.to_string()),
    ];
    pairs.extend(exchange::pairs(answer.headers()));
    let response = Response { data: answer.into_body(), metadata: Metadata::found(pairs) };
    check("answer", &response.data, &response.metadata)?;
    Ok(response)
}

fn refused(answer: &exchange::Response, method: &Method) -> Error {
    let status = answer.status();
    let (kind, retryable) = match status.as_u16() {
        // it says itself that it did nothing
        429 | 503 => (Kind::Unavailable, true),
        408 | 500.. => (Kind::Unavailable, method.is_idempotent()),
        413 => (Kind::TooLarge, false),
        _ => (Kind::FailedPrecondition, false),
    };
    let error =
        Error::new(kind, format!("the server answered `{status}`")).with_retryable(retryable);
    let error = error.with_detail("status", status.as_str());
    let after = answer.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    match after.and_then(|text| text.parse::<u32>().ok()) {
        Some(seconds) => error.with_detail("retry-after-ms", format!("{seconds}000")),
        None => error,
    }
}
