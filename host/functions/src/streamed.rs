//! The body of an answer that streams.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use ottavo_core::units::ByteCount;
use ottavo_core::{Clock as _, SystemClock};
use ottavo_imports::Part;
use ottavo_telemetry::{GuestEntry, Level, field};
use tokio::sync::{mpsc, oneshot};

use crate::version::Version;

/// The body of an answer: what is there, and what comes.
///
/// # Behavior
/// - Dropped before its end, it stops the guest.
/// - Its end is an error unless the guest has finished it: what is cut off must not look whole.
/// - What was there before an error is given out, and sent, before the error.
pub struct Streamed {
    ready: VecDeque<Frame<Bytes>>,
    coming: Option<Coming>,
}

/// The rest of a body.
struct Coming {
    parts: mpsc::Receiver<Part>,
    /// Lets the guest go on when the body is over. Dropped, it stops it.
    goes_on: Option<oneshot::Sender<()>>,
    /// What is still to come of the length that the head said.
    left: Option<u64>,
    sent: u64,
    account: Account,
    ending: Ending,
}

/// How far a broken body is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    Open,
    /// What came before is sent now, the error next.
    Breaks(Broken),
    Over,
}

/// Whose body it is, for the log.
pub(crate) struct Account {
    version: Arc<Version>,
    id: Arc<str>,
    limit: ByteCount,
}

/// Why a body is not whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// The guest was stopped, which was told already.
    Stopped,
    /// The guest did something wrong.
    Wrong(&'static str),
}

impl Account {
    pub(crate) fn new(version: Arc<Version>, id: Arc<str>, limit: ByteCount) -> Account {
        Account { version, id, limit }
    }

    /// Tells those who read the log what the client cannot be told any more.
    fn tell(&self, broken: Broken) {
        let Broken::Wrong(_) = broken else { return };
        let Version { name, info, log, .. } = &*self.version;
        tracing::error!(
            { field::REQUEST_ID } = &*self.id,
            { field::FUNCTION } = &**name,
            { field::VERSION } = info.version,
            "function `{name}` {broken}: its client sees a connection that breaks off"
        );
        log.keep(GuestEntry {
            at: SystemClock.now(),
            level: Level::Error,
            message: format!("function `{name}` {broken}"),
            fields: Vec::new(),
            request_id: self.id.as_ref().to_owned(),
            version: info.version,
        });
    }
}

impl Streamed {
    /// One that is there.
    pub(crate) fn whole(ready: VecDeque<Frame<Bytes>>) -> Streamed {
        Streamed { ready, coming: None }
    }

    /// One that comes.
    pub(crate) fn coming(
        parts: mpsc::Receiver<Part>,
        goes_on: oneshot::Sender<()>,
        said: Option<u64>,
        account: Account,
    ) -> Streamed {
        let (goes_on, left, ending) = (Some(goes_on), said, Ending::Open);
        let coming = Coming { parts, goes_on, left, sent: 0, account, ending };
        Streamed { ready: VecDeque::new(), coming: Some(coming) }
    }

    /// Whether all of it is there.
    pub fn is_whole(&self) -> bool {
        self.coming.is_none()
    }
}

impl Coming {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        match self.ending {
            Ending::Open => {}
            Ending::Breaks(broken) => {
                self.ending = Ending::Over;
                return Poll::Ready(Some(Err(broken)));
            }
            Ending::Over => return Poll::Ready(None),
        }
        let broken = match ready!(self.parts.poll_recv(cx)) {
            Some(Part::Frame(frame)) => match self.count(&frame) {
                Ok(()) => return Poll::Ready(Some(Ok(frame))),
                Err(broken) => broken,
            },
            Some(Part::End) if self.left.is_none_or(|left| left == 0) => {
                self.ending = Ending::Over;
                self.let_go_on();
                return Poll::Ready(None);
            }
            Some(Part::End) => Broken::Wrong("answered with less than its `content-length`"),
            Some(Part::Broken(why)) => {
                self.let_go_on();
                Broken::Wrong(why)
            }
            None => Broken::Stopped,
        };
        self.account.tell(broken);
        // whoever sends the body sends what it has before it asks once more
        self.ending = Ending::Breaks(broken);
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    fn count(&mut self, frame: &Frame<Bytes>) -> Result<(), Broken> {
        let Some(data) = frame.data_ref() else { return Ok(()) };
        let size = data.len() as u64;
        self.sent += size;
        if self.sent > self.account.limit.0 {
            return Err(Broken::Wrong("answered with more than `limits.body`"));
        }
        if let Some(left) = &mut self.left {
            let more = "answered with more than its `content-length`";
            *left = left.checked_sub(size).ok_or(Broken::Wrong(more))?;
        }
        Ok(())
    }

    fn let_go_on(&mut self) {
        if let Some(goes_on) = self.goes_on.take() {
            // the guest may have ended as well
            let _ended = goes_on.send(());
        }
    }
}

impl Drop for Coming {
    fn drop(&mut self) {
        // a body that has its length is not asked for its end
        if self.left == Some(0) {
            self.let_go_on();
        }
    }
}

impl Body for Streamed {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        if let Some(frame) = self.ready.pop_front() {
            return Poll::Ready(Some(Ok(frame)));
        }
        match &mut self.coming {
            Some(coming) => coming.poll(cx),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.ready.is_empty()
            && self.coming.as_ref().is_none_or(|coming| coming.ending == Ending::Over)
    }

    fn size_hint(&self) -> SizeHint {
        let Some(coming) = &self.coming else {
            // with a length there would be no place for trailers
            if self.ready.iter().any(Frame::is_trailers) {
                return SizeHint::default();
            }
            let ready = self.ready.iter().filter_map(Frame::data_ref);
            return SizeHint::with_exact(ready.map(|data| data.len() as u64).sum());
        };
        coming.left.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Broken::Stopped => f.write_str("was stopped before the end of its answer"),
            Broken::Wrong(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for Broken {}
