//! An answer of one JSON document a line, read as it comes.

use http_body_util::{BodyExt as _, Full};
use hyper::Request;
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1;

use super::place::Place;
use super::{PATIENCE, broken, refused, silent};
use crate::failure::{Failure, Result};

/// The longest line: an entry of a log is a fraction of it.
const LONGEST: usize = 1 << 20;

/// Sends a request and gives each line of the answer to `each` until it returns false. Lines may be
/// far apart; the answer itself has to begin in time.
pub(super) async fn each(
    place: &Place,
    request: Request<Full<Bytes>>,
    each: impl FnMut(&[u8]) -> Result<bool>,
) -> Result<()> {
    let stream = place.connect().await?;
    let (mut sender, connection) =
        http1::handshake(stream).await.map_err(|error| broken(place, &error))?;
    let conversation = async {
        let answer = tokio::time::timeout(PATIENCE, sender.send_request(request)).await;
        let answer = answer.map_err(|_| silent(place))?.map_err(|error| broken(place, &error))?;
        let (head, body) = answer.into_parts();
        if !head.status.is_success() {
            let body = body.collect().await.map_err(|error| broken(place, &error))?;
            return Err(refused(head.status, &body.to_bytes()));
        }
        read(place, body, each).await
    };
    tokio::pin!(conversation, connection);
    tokio::select! {
        done = &mut conversation => done,
        // it ends with the answer's last byte, of which not all may be read yet
        _ = &mut connection => conversation.await,
    }
}

async fn read(
    place: &Place,
    mut body: Incoming,
    mut each: impl FnMut(&[u8]) -> Result<bool>,
) -> Result<()> {
    let mut rest = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| broken(place, &error))?;
        let Ok(data) = frame.into_data() else { continue };
        rest.extend_from_slice(&data);
        let mut begin = 0;
        while let Some(length) = rest[begin..].iter().position(|byte| *byte == b'\n') {
            if !each(&rest[begin..begin + length])? {
                return Ok(());
            }
            begin += length + 1;
        }
        rest.drain(..begin);
        if rest.len() > LONGEST {
            return Err(Failure::new("the host's answer has a line without end")
                .hint("use an `ottavo` of the host's version"));
        }
    }
    Ok(())
}
