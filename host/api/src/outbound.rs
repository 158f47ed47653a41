//! What one call of a function sends out and gets back: requests to the outside, to functions, to apps and to
//! bindings, and their bodies.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use http_body_util::BodyExt as _;
use ottavo_blocks::exchange::Body;
use ottavo_core::units::ByteCount;
use ottavo_core::{Error, Kind, Result};

/// The account of one call. Cheap to clone; apps have none.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outbound(Option<Arc<Account>>);

#[derive(Debug)]
struct Account {
    most_calls: u32,
    calls: AtomicU32,
    most_bytes: ByteCount,
    bytes: AtomicU64,
}

impl Outbound {
    pub(crate) fn new(most_calls: u32, most_bytes: ByteCount) -> Outbound {
        let (calls, bytes) = (AtomicU32::new(0), AtomicU64::new(0));
        Outbound(Some(Arc::new(Account { most_calls, calls, most_bytes, bytes })))
    }

    /// One more request, with a body of this size.
    ///
    /// # Errors
    /// `exhausted`, before anything is sent.
    pub(crate) fn request(&self, size: usize) -> Result<()> {
        let Some(Account { most_calls, calls, .. }) = self.0.as_deref() else { return Ok(()) };
        let one = |count: u32| (count < *most_calls).then(|| count + 1);
        if calls.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one).is_err() {
            let what = format!("the call has sent {most_calls} requests");
            return Err(over(what, "limits.outbound_calls", u64::from(*most_calls)));
        }
        self.bytes(size)
    }

    /// Bytes of a body, either way.
    ///
    /// # Errors
    /// `exhausted`.
    pub(crate) fn bytes(&self, size: usize) -> Result<()> {
        let Some(Account { most_bytes, bytes, .. }) = self.0.as_deref() else { return Ok(()) };
        let before = bytes.fetch_add(size as u64, Ordering::Relaxed);
        match before.saturating_add(size as u64) <= most_bytes.0 {
            true => Ok(()),
            false => {
                let what =
                    format!("the requests of the call and their answers have over {most_bytes}");
                Err(over(what, "limits.outbound_bytes", most_bytes.0))
            }
        }
    }

    /// A body whose bytes are counted as they pass.
    pub(crate) fn count(&self, body: Body) -> Body {
        match &self.0 {
            Some(_) => Counted { body, outbound: self.clone() }.boxed_unsync(),
            None => body,
        }
    }
}

fn over(what: String, name: &str, limit: u64) -> Error {
    let message = format!("{what}, which is `{name}`: send less, or raise it in the manifest");
    // the same call has no more later
    Error::new(Kind::Exhausted, message)
        .with_retryable(false)
        .with_detail("limit", limit.to_string())
        .with_detail("limit-name", name)
}

struct Counted {
    body: Body,
    outbound: Outbound,
}

impl http_body::Body for Counted {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let Some(frame) = ready!(Pin::new(&mut self.body).poll_frame(cx)) else {
            return Poll::Ready(None);
        };
        let frame = frame?;
        self.outbound.bytes(frame.data_ref().map_or(0, Bytes::len))?;
        Poll::Ready(Some(Ok(frame)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::Full;

    use super::*;

    #[tokio::test]
    async fn requests_and_bytes_have_limits_that_their_errors_name() {
        let outbound = Outbound::new(2, ByteCount(10));
        outbound.request(4).expect("the first");
        outbound.request(4).expect("the second");
        let error = outbound.request(0).expect_err("a third");
        assert_eq!((error.kind(), error.retryable()), (Kind::Exhausted, false));
        assert_eq!(error.detail("limit-name"), Some("limits.outbound_calls"));
        let body = |bytes| Full::new(Bytes::from(bytes)).map_err(|never| match never {});
        let few = outbound.count(body("ab").boxed_unsync());
        assert_eq!(few.collect().await.expect("they fit").to_bytes(), "ab");
        let error = outbound.count(body("c").boxed_unsync()).collect().await.expect_err("one more");
        assert_eq!(error.detail("limit-name"), Some("limits.outbound_bytes"));
        Outbound::default().request(usize::MAX).expect("an app has no such limit");
    }
}
