//! A request's body that is read while it comes, within its bounds.

use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures_util::task::AtomicWaker;
use http_body::{Body, Frame, SizeHint};
use ottavo_core::units::ByteCount;
use ottavo_core::{Error, Kind};
use tokio::time::Sleep;

use crate::body::Unread;
use crate::link::Link;

/// A body on its way to a function.
///
/// # Behavior
/// - More than `cap` is an error where it begins, and so is a client that lets a function wait for
///   longer than `wait`. A function that does not read takes as long as it likes.
/// - What is wrong is told to whoever holds a [`Failed`] first, who may end the function.
/// - A client that is gone is no error of the function's: it gets no more, and is ended.
/// - Trailers are passed on.
/// - What nobody read is known to the connection: it must not be taken for the next request.
pub(crate) struct Upload<B> {
    body: B,
    cap: ByteCount,
    left: u64,
    wait: Duration,
    /// Since the function has waited.
    late: Option<Pin<Box<Sleep>>>,
    ended: bool,
    failed: Failed,
    /// None where streams are apart (HTTP/2).
    link: Option<Arc<Link>>,
}

/// Why a body could not be read to its end, once that is so.
#[derive(Clone, Default)]
pub(crate) struct Failed(Arc<State>);

#[derive(Default)]
struct State {
    why: OnceLock<Unread>,
    watcher: AtomicWaker,
}

impl Failed {
    pub(crate) fn why(&self) -> Option<Unread> {
        self.0.why.get().cloned()
    }

    /// Whether the client is gone; the task is woken when it goes.
    pub(crate) fn is_gone(&self, cx: &Context<'_>) -> bool {
        let gone = || matches!(self.0.why.get(), Some(Unread::Broken(_)));
        gone() || {
            self.0.watcher.register(cx.waker());
            gone()
        }
    }
}

impl<B: Body> Upload<B> {
    pub(crate) fn new(body: B, cap: ByteCount, wait: Duration, link: Option<Arc<Link>>) -> Self {
        let (left, ended, failed) = (cap.0, body.is_end_stream(), Failed::default());
        Upload { body, cap, left, wait, late: None, ended, failed, link }
    }

    /// Tells whether it fails, while somebody else reads it.
    pub(crate) fn failed(&self) -> Failed {
        self.failed.clone()
    }
}

impl<B> Upload<B> {
    /// Something is wrong, which is told before the function is.
    fn fail(&mut self, why: Unread, cx: &Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        self.failed.0.why.get_or_init(|| why);
        self.failed.0.watcher.wake();
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    /// What the function is told.
    fn told(&mut self, why: Unread) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        Poll::Ready(Some(Err(match why {
            Unread::TooLarge => Error::new(Kind::TooLarge, "the request's body is over the limit")
                .with_detail("limit", self.cap.0.to_string()),
            Unread::Late => Error::new(Kind::Timeout, "the request's body did not arrive in time"),
            Unread::Broken(_) => return Poll::Pending,
        })))
    }
}

impl<B> Body for Upload<B>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: std::fmt::Display,
{
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let this = &mut *self;
        if let Some(why) = this.failed.why() {
            return this.told(why);
        }
        let Poll::Ready(frame) = Pin::new(&mut this.body).poll_frame(cx) else {
            let wait = this.wait;
            let late = this.late.get_or_insert_with(|| Box::pin(tokio::time::sleep(wait)));
            ready!(late.as_mut().poll(cx));
            return this.fail(Unread::Late, cx);
        };
        this.late = None;
        let frame = match frame {
            Some(Ok(frame)) => frame,
            Some(Err(error)) => return this.fail(Unread::Broken(error.to_string()), cx),
            None => {
                this.ended = true;
                return Poll::Ready(None);
            }
        };
        let size = frame.data_ref().map_or(0, |data| data.len() as u64);
        let Some(left) = this.left.checked_sub(size) else {
            return this.fail(Unread::TooLarge, cx);
        };
        this.left = left;
        this.ended = this.body.is_end_stream();
        Poll::Ready(Some(Ok(frame)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl<B> Drop for Upload<B> {
    fn drop(&mut self) {
        if let Some(link) = self.link.as_ref().filter(|_| !self.ended) {
            link.leave_unread();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::future::poll_fn;

    use futures_util::stream;
    use http_body_util::{BodyExt, StreamBody};

    use super::*;

    const WAIT: Duration = Duration::from_secs(30);

    fn parts(
        parts: &'static [&'static str],
    ) -> impl Body<Data = Bytes, Error = Infallible> + Unpin {
        StreamBody::new(stream::iter(
            parts.iter().map(|part| Ok(Frame::data(Bytes::from_static(part.as_bytes())))),
        ))
    }

    #[tokio::test]
    async fn one_byte_over_the_cap_is_an_error_where_it_begins() {
        let upload = |cap| Upload::new(parts(&["abc", "", "de"]), ByteCount(cap), WAIT, None);
        assert_eq!(upload(5).collect().await.expect("fits").to_bytes(), "abcde");
        let mut body = upload(4);
        let failed = body.failed();
        for expected in ["abc", ""] {
            let frame = body.frame().await.expect("a frame").expect("fits");
            assert_eq!(frame.into_data().expect("data"), expected);
        }
        assert_eq!(failed.why(), None);
        let error = body.frame().await.expect("an error").expect_err("too large");
        assert_eq!((error.kind(), error.detail("limit")), (Kind::TooLarge, Some("4")));
        assert_eq!(failed.why(), Some(Unread::TooLarge));
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_lets_the_function_wait_is_late_and_a_slow_function_is_not() {
        let slow = stream::unfold((), |()| async {
            tokio::time::sleep(WAIT - Duration::from_secs(1)).await;
            Some((Ok::<_, Infallible>(Frame::data(Bytes::from_static(b"x"))), ()))
        });
        let mut body = Upload::new(StreamBody::new(Box::pin(slow)), ByteCount::mib(1), WAIT, None);
        for _ in 0..3 {
            assert!(body.frame().await.expect("a frame").is_ok());
            tokio::time::sleep(WAIT * 2).await;
        }
        let silent = stream::pending::<Result<Frame<Bytes>, Infallible>>();
        let mut body = Upload::new(StreamBody::new(silent), ByteCount::mib(1), WAIT, None);
        let error = body.frame().await.expect("an error").expect_err("late");
        assert_eq!(error.kind(), Kind::Timeout);
    }

    #[tokio::test]
    async fn a_client_that_is_gone_is_told_to_who_watches_and_not_to_the_function() {
        let broken = stream::iter([Err::<Frame<Bytes>, _>("reset")]);
        let mut body = Upload::new(StreamBody::new(broken), ByteCount::mib(1), WAIT, None);
        let failed = body.failed();
        let watched = poll_fn(|cx| match failed.is_gone(cx) {
            true => Poll::Ready(()),
            false => Poll::Pending,
        });
        tokio::select! {
            biased;
            () = watched => {}
            frame = body.frame() => panic!("the function got {frame:?}"),
        }
    }

    #[tokio::test]
    async fn what_nobody_read_is_known_to_the_connection() {
        for (sent, reads, unread) in
            [(&["a"] as &[&str], 0, true), (&["a"], 1, true), (&["a"], 2, false)]
        {
            let link = Arc::<Link>::default();
            let mut body =
                Upload::new(parts(sent), ByteCount::mib(1), WAIT, Some(Arc::clone(&link)));
            for _ in 0..reads {
                drop(body.frame().await);
            }
            drop(body);
            assert_eq!(link.has_unread(), unread, "{reads} reads");
        }
    }
}
