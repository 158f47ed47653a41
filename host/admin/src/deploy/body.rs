//! A request's body, read within its bounds: whole, or piece by piece.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use ottavo_core::units::ByteCount;
use ottavo_core::{Error, Kind, Result};
use serde::de::DeserializeOwned;
use tokio::time::{Instant, timeout, timeout_at};

use crate::reply::LATE;

/// What must arrive each time, unless it is the end.
const STEP: u64 = 64 << 10;

/// For the next step of a body to arrive that is no artifact.
const PROGRESS: Duration = Duration::from_secs(30);

/// For the rest of a body that is over its limit.
const PATIENCE: Duration = Duration::from_secs(10);

/// Reads a body of at most `cap`. Memory is taken for what has arrived, not for what was promised.
///
/// # Errors
/// As [`pieces`].
pub(super) async fn read(body: Incoming, cap: ByteCount) -> Result<Bytes> {
    let mut whole = BytesMut::new();
    let take = |piece: &[u8]| {
        whole.extend_from_slice(piece);
        Ok(())
    };
    pieces(body, cap, PROGRESS, take).await?;
    Ok(whole.freeze())
}

/// Gives a body of at most `cap` to `take`, piece by piece; `progress` is for each step of it.
///
/// # Behavior
/// - What is not taken, as it is over the cap or cannot be, is read and dropped for a while: a client
///   that is cut off in the middle of its upload would never read why.
/// - Who sends slowly has time for each step, not for the whole.
///
/// # Errors
/// `too-large`; `timeout`; those of `take`.
pub(super) async fn pieces(
    mut body: Incoming,
    cap: ByteCount,
    progress: Duration,
    take: impl FnMut(&[u8]) -> Result<()>,
) -> Result<()> {
    match take_up_to(&mut body, cap, progress, take).await {
        Err(refused) if refused.detail(LATE).is_none() => Err(refuse(body, refused).await),
        taken => taken,
    }
}

/// Reads what is left of a body that is not taken, for a while; gives back why.
pub(super) async fn refuse(mut body: Incoming, why: Error) -> Error {
    let discard = async { while let Some(Ok(_)) = body.frame().await {} };
    // whether it ended or not, the answer is the same
    drop(timeout(PATIENCE, discard).await);
    why
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

async fn take_up_to(
    body: &mut Incoming,
    cap: ByteCount,
    progress: Duration,
    mut take: impl FnMut(&[u8]) -> Result<()>,
) -> Result<()> {
    let too_large = || {
        let error = Error::new(Kind::TooLarge, format!("the body is over the limit of {cap}"));
        error.with_detail("limit", cap.0.to_string())
    };
    if body.size_hint().lower() > cap.0 {
        return Err(too_large());
    }
    let (mut size, mut step, mut deadline) = (0, 0, Instant::now() + progress);
    while let Some(frame) = timeout_at(deadline, body.frame()).await.map_err(|_| late(progress))? {
        let frame =
            frame.map_err(|error| Error::invalid("the body broke off").with_source(error))?;
        let Ok(data) = frame.into_data() else { continue };
        size += data.len() as u64;
        if size > cap.0 {
            return Err(too_large());
        }
        take(&data)?;
        if size - step >= STEP {
            (step, deadline) = (size, Instant::now() + progress);
        }
    }
    Ok(())
}

fn late(progress: Duration) -> Error {
    let step = ByteCount(STEP);
    let message = format!("the body did not arrive in time: {step} or its end in {progress:?}");
    Error::new(Kind::Timeout, message).with_detail(LATE, "true")
}
