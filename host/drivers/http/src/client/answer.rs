//! An answer's body that is read while it comes, up to a bound.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use ottavo_core::units::ByteCount;
use ottavo_core::{Error, Result};

use super::{error, too_large};

/// Dropped before its end, it takes its connection with it.
pub(super) struct Answer {
    body: Incoming,
    most: ByteCount,
    left: u64,
}

impl Answer {
    /// # Errors
    /// `too-large` when it says so itself.
    pub(super) fn new(body: Incoming, most: ByteCount) -> Result<Answer> {
        match body.size_hint().lower() > most.0 {
            true => Err(too_large(most)),
            false => Ok(Answer { body, most, left: most.0 }),
        }
    }
}

impl Body for Answer {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>>>> {
        let frame = match ready!(Pin::new(&mut self.body).poll_frame(cx)) {
            Some(Ok(frame)) => frame,
            Some(Err(error)) => return Poll::Ready(Some(Err(error::of_body(error, false)))),
            None => return Poll::Ready(None),
        };
        let size = frame.data_ref().map_or(0, |data| data.len() as u64);
        Poll::Ready(Some(match self.left.checked_sub(size) {
            Some(left) => {
                self.left = left;
                Ok(frame)
            }
            None => Err(too_large(self.most)),
        }))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
