//! What is written before anybody sees it.
//!
//! A draft belongs to a task of its own, so that it is removed also when whoever writes it goes away in
//! the middle of a request: only who waits for the answer learns what has to be removed.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use ottavo_blocks::file::{Info, NewFile, Writer, rules};
use ottavo_core::{CallContext, Error, Kind, Result, Shutdown, StoreName};
use tokio::sync::{OwnedRwLockReadGuard, RwLock, mpsc, oneshot};

use crate::error;

/// The place of a file in the making.
#[async_trait]
pub(crate) trait Draft: Send + 'static {
    /// Adds bytes.
    async fn write(&mut self, data: Bytes) -> Result<()>;

    /// Makes it the file, all of it at once.
    async fn finish(&mut self) -> Result<()>;

    /// Removes it. One that is not there is fine.
    async fn remove(&mut self) -> Result<()>;
}

/// How long a request may take that nobody waits for any more.
const PATIENCE: Duration = Duration::from_secs(30);

/// How often it is tried to remove a draft, with twice the pause before each.
const TRIES: u32 = 6;

enum Step {
    Write(Bytes, Answer),
    Finish(Answer),
}

type Answer = oneshot::Sender<Result<()>>;

/// The drafts of a store.
pub(crate) struct Drafts {
    store: StoreName,
    shutdown: Shutdown,
    /// Read by each draft.
    open: Arc<RwLock<()>>,
}

impl Drafts {
    pub(crate) fn new(store: StoreName, shutdown: Shutdown) -> Drafts {
        Drafts { store, shutdown, open: Arc::default() }
    }

    /// What can be written when there are no drafts.
    pub(crate) fn open(&self) -> Arc<RwLock<()>> {
        Arc::clone(&self.open)
    }

    /// Begins a file that may have up to `limit` bytes.
    pub(crate) fn begin(
        &self,
        file: NewFile,
        draft: impl Draft,
        limit: u64,
    ) -> Result<DraftWriter> {
        let Ok(held) = Arc::clone(&self.open).try_read_owned() else {
            return Err(Error::new(Kind::Unavailable, "the host stops: no file can be begun"));
        };
        let (steps, taken) = mpsc::channel(1);
        let (store, stopping) = (self.store.clone(), self.shutdown.clone());
        self.shutdown.spawn("a draft of a file", async move {
            run(draft, taken, &store, &stopping, held).await;
        });
        Ok(DraftWriter { file, steps, size: 0, limit })
    }
}

/// The writer of a draft.
pub(crate) struct DraftWriter {
    file: NewFile,
    steps: mpsc::Sender<Step>,
    size: u64,
    /// The most that the store takes.
    limit: u64,
}

impl DraftWriter {
    async fn take(&self, cx: &CallContext, step: impl FnOnce(Answer) -> Step) -> Result<()> {
        let (answer, answered) = oneshot::channel();
        let gone =
            || Error::new(Kind::Unavailable, "the file can no longer be written: begin again");
        error::in_time(cx, async {
            self.steps.send(step(answer)).await.map_err(|_| gone())?;
            answered.await.map_err(|_| gone())?
        })
        .await
    }
}

#[async_trait]
impl Writer for DraftWriter {
    async fn write(&mut self, cx: &CallContext, data: Bytes) -> Result<()> {
        rules::check_chunk(&data)?;
        let size = self.size + data.len() as u64;
        if size > self.limit {
            let limit = self.limit;
            let message = format!("the file has over {limit} bytes: the most in this store");
            let error = Error::new(Kind::TooLarge, message);
            return Err(error.with_detail("limit", limit.to_string()));
        }
        self.take(cx, |answer| Step::Write(data, answer)).await?;
        self.size = size;
        Ok(())
    }

    async fn finish(self: Box<Self>, cx: &CallContext) -> Result<Info> {
        self.take(cx, Step::Finish).await?;
        let DraftWriter { file: NewFile { name, content_type, metadata, .. }, size, .. } = *self;
        Ok(Info { name, size, content_type, last_modified: None, etag: None, metadata })
    }
}

async fn run(
    mut draft: impl Draft,
    mut steps: mpsc::Receiver<Step>,
    store: &StoreName,
    shutdown: &Shutdown,
    _held: OwnedRwLockReadGuard<()>,
) {
    let finished = tokio::select! {
        biased;
        () = shutdown.begun() => false,
        finished = follow(&mut draft, &mut steps) => finished,
    };
    drop(steps);
    if !finished {
        remove(draft, store, shutdown).await;
    }
}

/// Does step after step; whether the draft became the file.
async fn follow(draft: &mut impl Draft, steps: &mut mpsc::Receiver<Step>) -> bool {
    while let Some(step) = steps.recv().await {
        match step {
            Step::Write(data, mut answer) => {
                let mut writing = draft.write(data);
                let written = tokio::select! {
                    written = &mut writing => written,
                    () = answer.closed() => {
                        // its answer tells what is to be removed
                        let _ended = tokio::time::timeout(PATIENCE, writing).await.is_ok();
                        return false;
                    }
                };
                let good = written.is_ok();
                if answer.send(written).is_err() || !good {
                    return false;
                }
            }
            Step::Finish(mut answer) => {
                let finished = tokio::select! {
                    biased;
                    () = answer.closed() => return false,
                    finished = draft.finish() => finished,
                };
                let good = finished.is_ok();
                // who does not hear it any more has a file that was finished in time
                let _heard = answer.send(finished).is_ok();
                return good;
            }
        }
    }
    false
}

/// Removes a draft, also from a store that comes back after a while.
async fn remove(mut draft: impl Draft, store: &StoreName, shutdown: &Shutdown) {
    let mut pause = Duration::from_secs(1);
    for _ in 1..TRIES {
        let stops = shutdown.has_begun();
        let removed = tokio::time::timeout(if stops { pause } else { PATIENCE }, draft.remove());
        if let Ok(Ok(())) = removed.await {
            return;
        }
        if stops {
            break;
        }
        tokio::select! {
            () = shutdown.begun() => {}
            () = tokio::time::sleep(pause) => {}
        }
        pause *= 2;
    }
    tracing::warn!(%store, "the parts of a file that was not finished stay in the store");
}
