//! Both bodies of a request that a guest sends: bounded, and timed where the guest asks for it.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use ottavo_blocks::exchange::Body;
use ottavo_core::units::ByteCount;
use ottavo_core::{Error, Kind};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, Sleep};
use wasmtime_wasi_http::{Error as WasiError, WasiBody};

use super::to_wasi;

/// What a guest sends.
pub(super) struct Sent {
    body: WasiBody,
    most: ByteCount,
    left: u64,
}

impl Sent {
    pub(super) fn new(body: WasiBody, most: ByteCount) -> Sent {
        Sent { body, most, left: most.0 }
    }
}

impl http_body::Body for Sent {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let frame = match ready!(Pin::new(&mut self.body).poll_frame(cx)) {
            Some(Ok(frame)) => frame,
            Some(Err(_)) => {
                let message = "the function did not finish the body of its request";
                return Poll::Ready(Some(Err(Error::new(Kind::Cancelled, message))));
            }
            None => return Poll::Ready(None),
        };
        let size = frame.data_ref().map_or(0, |data| data.len() as u64);
        Poll::Ready(Some(match self.left.checked_sub(size) {
            Some(left) => {
                self.left = left;
                Ok(frame)
            }
            None => {
                let most = self.most;
                let message = format!("the request's body is over `limits.body`, {most}");
                Err(Error::new(Kind::TooLarge, message))
            }
        }))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// What it gets. Takes the place of one request until it is read or dropped.
pub(super) struct Answer {
    body: Body,
    between: Option<Duration>,
    /// Since the body was asked in vain.
    late: Option<Pin<Box<Sleep>>>,
    _place: OwnedSemaphorePermit,
}

impl Answer {
    pub(super) fn new(
        body: Body,
        between: Option<Duration>,
        place: OwnedSemaphorePermit,
    ) -> Answer {
        Answer { body, between, late: None, _place: place }
    }
}

impl http_body::Body for Answer {
    type Data = Bytes;
    type Error = WasiError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, WasiError>>> {
        let this = &mut *self;
        if let Poll::Ready(frame) = Pin::new(&mut this.body).poll_frame(cx) {
            this.late = None;
            return Poll::Ready(frame.map(|frame| frame.map_err(|error| to_wasi(&error))));
        }
        let Some(between) = this.between else { return Poll::Pending };
        // beyond what a clock can tell is as good as never
        let Some(until) = Instant::now().checked_add(between) else { return Poll::Pending };
        let late = this.late.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(until)));
        ready!(late.as_mut().poll(cx));
        Poll::Ready(Some(Err(WasiError::ConnectionReadTimeout)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
