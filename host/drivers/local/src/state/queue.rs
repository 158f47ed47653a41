//! The bounded way from callers to the writer, and the answers back.

use std::sync::Arc;

use ottavo_blocks::state::{Entry, Expiry, Key, Operation, Precondition, Removal};
use ottavo_core::{CallContext, Error, Kind, Result};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use tokio::time::{Instant, timeout_at};

/// How many requests wait at most.
const REQUESTS: usize = 4096;
/// How many KiB of keys and values wait at most, those being written included.
const KIBIBYTES: u32 = 64 << 10;

/// One step of a request.
#[derive(Debug)]
pub(super) enum Step {
    Upsert(Entry),
    Remove(Removal),
    Check(Removal),
    Increment(Key, i64, Expiry),
}

impl From<Operation> for Step {
    fn from(operation: Operation) -> Step {
        match operation {
            Operation::Upsert(entry) => Step::Upsert(entry),
            Operation::Remove(removal) => Step::Remove(removal),
            Operation::Check(removal) => Step::Check(removal),
            Operation::Increment(key, delta) => Step::Increment(key, delta, Expiry::Never),
        }
    }
}

impl Step {
    pub(super) fn key(&self) -> &Key {
        match self {
            Step::Upsert(entry) => &entry.key,
            Step::Remove(removal) | Step::Check(removal) => &removal.key,
            Step::Increment(key, ..) => key,
        }
    }

    fn bytes(&self) -> usize {
        let own = match self {
            Step::Upsert(entry) => etag(&entry.precondition) + entry.data.len(),
            Step::Remove(removal) | Step::Check(removal) => etag(&removal.precondition),
            Step::Increment(..) => 0,
        };
        size_of::<Step>() + self.key().as_str().len() + own
    }
}

fn etag(precondition: &Precondition) -> usize {
    match precondition {
        Precondition::Match(etag) => etag.as_str().len(),
        Precondition::Any | Precondition::Absent => 0,
    }
}

/// What the writer does at once.
#[derive(Debug)]
pub(super) enum Work {
    /// Each step on its own.
    Each(Vec<Step>),
    /// All steps or none.
    All(Vec<Step>),
}

impl Work {
    fn steps(&self) -> &[Step] {
        match self {
            Work::Each(steps) | Work::All(steps) => steps,
        }
    }
}

/// What a step that succeeded did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Done {
    /// Gave this version.
    Written(u64),
    /// Counted to this.
    Sum(i64),
    Nothing,
}

/// The outcome of each step; the whole fails when nothing of it happened.
pub(super) type Answer = Result<Vec<Result<Done>>>;

/// One caller's work.
pub(super) struct Request {
    pub(super) work: Work,
    /// What it holds of the queue.
    pub(super) kibibytes: u32,
    deadline: Instant,
    answer: oneshot::Sender<Answer>,
    _room: OwnedSemaphorePermit,
}

impl Request {
    /// Whether it is still worth beginning. A request that is not changes nothing: its caller went
    /// away, or has been told, or is told now, that the deadline passed.
    pub(super) fn is_wanted(&self) -> bool {
        !self.answer.is_closed() && Instant::now() < self.deadline
    }

    pub(super) fn answer(self, answer: Answer) {
        // The caller may have gone away meanwhile.
        drop(self.answer.send(answer));
    }

    pub(super) fn refuse(self) {
        let message = "the deadline passed while the write waited: nothing was written";
        self.answer(Err(Error::new(Kind::Timeout, message)));
    }
}

/// What the writer is sent.
pub(super) enum Message {
    Write(Request),
    /// Look for expired keys.
    Collect,
    /// Say whether writes could be made.
    Health(oneshot::Sender<Result<()>>),
}

/// The callers' end.
pub(super) struct Queue {
    messages: mpsc::Sender<Message>,
    room: Arc<Semaphore>,
}

/// Both ends.
pub(super) fn bounded() -> (Queue, mpsc::Receiver<Message>) {
    let (messages, received) = mpsc::channel(REQUESTS);
    let room = Arc::new(Semaphore::new(KIBIBYTES as usize));
    (Queue { messages, room }, received)
}

impl Queue {
    /// Waits for room, then for the answer, both until the deadline.
    pub(super) async fn write(&self, cx: &CallContext, work: Work) -> Answer {
        if work.steps().is_empty() {
            return Ok(Vec::new());
        }
        let (answer, answered) = oneshot::channel();
        let sent = timeout_at(cx.deadline, self.send(work, cx.deadline, answer)).await;
        sent.unwrap_or_else(|_| Err(full()))?;
        match timeout_at(cx.deadline, answered).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => Err(stopped()),
            Err(_) => Err(Error::new(
                Kind::Timeout,
                "the write was not confirmed by the deadline: it may or may not take effect",
            )),
        }
    }

    async fn send(
        &self,
        work: Work,
        deadline: Instant,
        answer: oneshot::Sender<Answer>,
    ) -> Result<()> {
        let bytes: usize = work.steps().iter().map(Step::bytes).sum();
        let kibibytes = u32::try_from(bytes.div_ceil(1024)).unwrap_or(KIBIBYTES).min(KIBIBYTES);
        let room = Arc::clone(&self.room).acquire_many_owned(kibibytes).await;
        let room = room.map_err(|_| stopped())?;
        let request = Request { work, kibibytes, deadline, answer, _room: room };
        self.messages.send(Message::Write(request)).await.map_err(|_| stopped())
    }

    /// Whether the writer is there and could write.
    pub(super) async fn health(&self, cx: &CallContext) -> Result<()> {
        let (answer, answered) = oneshot::channel();
        let asked = async {
            self.messages.send(Message::Health(answer)).await.map_err(|_| stopped())?;
            answered.await.map_err(|_| stopped())?
        };
        let late = || Error::new(Kind::Timeout, "the writer of the store is busy for too long");
        timeout_at(cx.deadline, asked).await.unwrap_or_else(|_| Err(late()))
    }

    /// A way to the writer that does not keep it running.
    pub(super) fn ticket(&self) -> Ticket {
        Ticket(self.messages.downgrade())
    }
}

/// Reaches the writer while the store lives.
pub(super) struct Ticket(mpsc::WeakSender<Message>);

impl Ticket {
    /// Asks for a collection, unless the writer is busy: then its writes collect. False once the
    /// store is gone.
    pub(super) fn collect(&self) -> bool {
        let Some(messages) = self.0.upgrade() else { return false };
        !matches!(messages.try_send(Message::Collect), Err(mpsc::error::TrySendError::Closed(_)))
    }
}

fn full() -> Error {
    let message = "the store has more to write than its disk takes: nothing was written";
    Error::new(Kind::Unavailable, message)
}

fn stopped() -> Error {
    Error::new(Kind::Unavailable, "the writer of the store has stopped: see the host's log")
        .with_retryable(false)
}
