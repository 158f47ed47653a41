//! A request's body, read whole within its bounds.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::{Body, Incoming};
use ottavo_core::units::ByteCount;
use ottavo_core::{Error, Kind, Result};
use serde::de::DeserializeOwned;

/// For a whole body to arrive over the socket.
const TIMEOUT: Duration = Duration::from_secs(120);

/// Reads a body of at most `cap`.
///
/// # Errors
/// `too-large`, before anything is read when the request says so; `timeout`.
pub(super) async fn read(body: Incoming, cap: ByteCount) -> Result<Bytes> {
    let too_large = || {
        let message = format!("the body is over the limit of {cap}");
        Error::new(Kind::TooLarge, message).with_detail("limit", cap.0.to_string())
    };
    if body.size_hint().lower() > cap.0 {
        return Err(too_large());
    }
    let whole = Limited::new(body, cap.as_usize()).collect();
    match tokio::time::timeout(TIMEOUT, whole).await {
        Ok(Ok(whole)) => Ok(whole.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large()),
        Ok(Err(error)) => Err(Error::invalid("the body broke off").with_source(error)),
        Err(_) => Err(Error::new(Kind::Timeout, "the body did not arrive in time")),
    }
}

/// Reads a body as JSON.
///
/// # Errors
/// As [`read`], and `invalid-argument` with serde's account of what is wrong.
pub(super) async fn json<T: DeserializeOwned>(body: Incoming, cap: ByteCount) -> Result<T> {
    let text = read(body, cap).await?;
    serde_json::from_slice(&text)
        .map_err(|error| Error::invalid(format!("the body is not what this path takes: {error}")))
}
