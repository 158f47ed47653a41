//! A request's body, read whole within its bounds.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use ottavo_core::units::ByteCount;
use ottavo_core::{Error, Kind, Result};
use serde::de::DeserializeOwned;
use tokio::time::timeout;

/// For a whole body to arrive over the socket.
const TIMEOUT: Duration = Duration::from_secs(120);

/// For the rest of a body that is over its limit.
const PATIENCE: Duration = Duration::from_secs(10);

/// Reads a body of at most `cap`.
///
/// # Behavior
/// - Memory is taken for what has arrived, not for what was promised.
/// - What is over the cap is read and dropped for a while: a client that is cut off in the middle of
///   its upload would never read why.
///
/// # Errors
/// `too-large`; `timeout`.
pub(super) async fn read(mut body: Incoming, cap: ByteCount) -> Result<Bytes> {
    let read = timeout(TIMEOUT, read_up_to(&mut body, cap)).await;
    match read.map_err(|_| Error::new(Kind::Timeout, "the body did not arrive in time"))?? {
        Some(whole) => Ok(whole),
        None => {
            // Whether it ended or not, the answer is the same.
            drop(timeout(PATIENCE, discard(&mut body)).await);
            let error = Error::new(Kind::TooLarge, format!("the body is over the limit of {cap}"));
            Err(error.with_detail("limit", cap.0.to_string()))
        }
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

/// The body; none when it is over the cap.
async fn read_up_to(body: &mut Incoming, cap: ByteCount) -> Result<Option<Bytes>> {
    if body.size_hint().lower() > cap.0 {
        return Ok(None);
    }
    let mut whole = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame =
            frame.map_err(|error| Error::invalid("the body broke off").with_source(error))?;
        let Ok(data) = frame.into_data() else { continue };
        if data.len() > cap.as_usize() - whole.len() {
            return Ok(None);
        }
        whole.extend_from_slice(&data);
    }
    Ok(Some(whole.freeze()))
}

async fn discard(body: &mut Incoming) {
    while let Some(Ok(_)) = body.frame().await {}
}
