//! A request's body, read whole within its bounds.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body::Body;
use http_body_util::BodyExt;
use ottavo_core::units::ByteCount;

/// What has to arrive within one body timeout.
const PART: usize = 64 << 10;

/// Why there is no body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unread {
    /// More than the cap, said or sent.
    TooLarge,
    /// The next part did not arrive in time.
    Late,
    /// It is not what its headers say, or the client went away.
    Broken(String),
}

/// Reads `body` whole.
///
/// # Behavior
/// - A body that says it is over `cap` is refused before any of it is read; one that does not say is
///   refused as soon as it is.
/// - Memory is taken for what has arrived, not for what was promised.
/// - A body in one piece is not copied.
/// - Trailers are dropped.
pub(crate) async fn read<B>(mut body: B, cap: ByteCount, wait: Duration) -> Result<Bytes, Unread>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: std::fmt::Display,
{
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    if body.size_hint().lower() > cap.0 {
        return Err(Unread::TooLarge);
    }
    let mut whole = Whole::default();
    loop {
        let part = tokio::time::timeout(wait, read_part(&mut body, &mut whole, cap));
        let ended = part.await.map_err(|_| Unread::Late)??;
        if ended {
            return Ok(whole.take());
        }
    }
}

/// Reads up to the next [`PART`]; true when the body has ended.
async fn read_part<B>(body: &mut B, whole: &mut Whole, cap: ByteCount) -> Result<bool, Unread>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: std::fmt::Display,
{
    let before = whole.len();
    while whole.len() - before < PART {
        let Some(frame) = body.frame().await else { return Ok(true) };
        let frame = frame.map_err(|error| Unread::Broken(error.to_string()))?;
        if let Ok(data) = frame.into_data() {
            if data.len() > cap.as_usize() - whole.len() {
                return Err(Unread::TooLarge);
            }
            whole.push(data);
        }
        if body.is_end_stream() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What has arrived; one piece stays as it came.
#[derive(Default)]
struct Whole {
    first: Bytes,
    all: BytesMut,
}

impl Whole {
    fn len(&self) -> usize {
        self.first.len() + self.all.len()
    }

    fn push(&mut self, data: Bytes) {
        if self.len() == 0 {
            self.first = data;
            return;
        }
        if !self.first.is_empty() {
            self.all.extend_from_slice(&std::mem::take(&mut self.first));
        }
        self.all.extend_from_slice(&data);
    }

    fn take(self) -> Bytes {
        match self.all.is_empty() {
            true => self.first,
            false => self.all.freeze(),
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::stream;
    use http_body::Frame;
    use http_body_util::{Full, StreamBody};
    use std::convert::Infallible;

    use super::*;

    const WAIT: Duration = Duration::from_secs(30);

    fn parts(parts: Vec<Bytes>) -> impl Body<Data = Bytes, Error = Infallible> + Unpin {
        StreamBody::new(stream::iter(parts.into_iter().map(|part| Ok(Frame::data(part)))))
    }

    #[tokio::test]
    async fn a_body_up_to_the_cap_is_read_and_one_byte_more_is_not() {
        let sent = vec![Bytes::from_static(b"abc"), Bytes::new(), Bytes::from_static(b"de")];
        let read_with = |cap| read(parts(sent.clone()), ByteCount(cap), WAIT);
        assert_eq!(read_with(5).await.expect("fits"), "abcde");
        assert_eq!(read_with(4).await, Err(Unread::TooLarge));
        assert_eq!(read_with(0).await, Err(Unread::TooLarge));
        let none = read(parts(Vec::new()), ByteCount(0), WAIT);
        assert_eq!(none.await.expect("nothing is within any cap"), "");
    }

    #[tokio::test]
    async fn a_body_that_says_too_much_is_not_read() {
        struct Promise;
        impl Body for Promise {
            type Data = Bytes;
            type Error = Infallible;
            fn poll_frame(
                self: std::pin::Pin<&mut Self>,
                _: &mut std::task::Context<'_>,
            ) -> std::task::Poll<Option<Result<Frame<Bytes>, Infallible>>> {
                panic!("the body was read")
            }
            fn size_hint(&self) -> http_body::SizeHint {
                http_body::SizeHint::with_exact(6)
            }
        }
        assert_eq!(read(Promise, ByteCount(5), WAIT).await, Err(Unread::TooLarge));
    }

    #[tokio::test]
    async fn a_body_in_one_piece_is_not_copied() {
        let sent = Bytes::from(vec![7; 1000]);
        let got = read(Full::new(sent.clone()), ByteCount(1000), WAIT).await.expect("fits");
        assert_eq!(got.as_ptr(), sent.as_ptr());
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_trickles_is_late() {
        let drops = stream::unfold(0u64, |at| async move {
            tokio::time::sleep(WAIT / 2).await;
            Some((Ok::<_, Infallible>(Frame::data(Bytes::from_static(b"x"))), at + 1))
        });
        let body = StreamBody::new(Box::pin(drops));
        assert_eq!(read(body, ByteCount::mib(1), WAIT).await, Err(Unread::Late));
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_body_that_goes_on_is_read() {
        let chunk = Bytes::from(vec![1; PART]);
        let chunks = stream::iter(0..4).then_wait(WAIT / 2, chunk.clone());
        let got = read(chunks, ByteCount::mib(1), WAIT).await.expect("in time");
        assert_eq!(got.len(), 4 * PART);
    }

    trait ThenWait {
        fn then_wait(
            self,
            wait: Duration,
            chunk: Bytes,
        ) -> impl Body<Data = Bytes, Error = Infallible> + Unpin;
    }

    impl<S: futures_util::Stream + Send + 'static> ThenWait for S {
        fn then_wait(
            self,
            wait: Duration,
            chunk: Bytes,
        ) -> impl Body<Data = Bytes, Error = Infallible> + Unpin {
            let frames = futures_util::StreamExt::then(self, move |_| {
                let chunk = chunk.clone();
                async move {
                    tokio::time::sleep(wait).await;
                    Ok(Frame::data(chunk))
                }
            });
            StreamBody::new(Box::pin(frames))
        }
    }
}
