//! The writer of a database: one thread that runs what callers ask for, in order, and commits what
//! has gathered with one sync.
//!
//! A job looks at the tables and changes them or not; its caller hears of it after the commit, and
//! not before. A job must not change anything and then refuse: nothing is rolled back for one of
//! them. State has a writer of its own, which also collects and counts bytes.

use std::sync::Arc;
use std::thread::JoinHandle;

use ottavo_core::{CallContext, Error, Kind, Result};
use redb::{Database, Durability, WriteTransaction};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout_at};

use crate::error::storage;

/// How many jobs wait at most, and how many share a commit.
const JOBS: usize = 4096;
const TOGETHER: usize = 1024;

/// The transaction that a job is part of.
pub(crate) struct Commit<'a> {
    transaction: &'a WriteTransaction,
    changed: bool,
    afterwards: Vec<Afterwards>,
}

/// What a job leaves to be done once everything is on the disk; dropped when it does not get there.
type Afterwards = Box<dyn FnOnce()>;

impl<'a> Commit<'a> {
    /// The tables, to be looked at.
    pub(crate) fn read(&self) -> &'a WriteTransaction {
        self.transaction
    }

    /// The tables, to be changed: the transaction will be committed.
    pub(crate) fn write(&mut self) -> &'a WriteTransaction {
        self.changed = true;
        self.transaction
    }

    /// Runs `then` after the commit, before any caller hears of it.
    pub(crate) fn afterwards(&mut self, then: impl FnOnce() + 'static) {
        self.afterwards.push(Box::new(then));
    }
}

/// Why a job did nothing.
pub(crate) enum Failure {
    /// For its caller.
    Refused(Error),
    /// For everybody in the commit.
    Storage(redb::Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Refused(error)
    }
}

impl From<redb::StorageError> for Failure {
    fn from(error: redb::StorageError) -> Failure {
        Failure::Storage(error.into())
    }
}

impl From<redb::TableError> for Failure {
    fn from(error: redb::TableError) -> Failure {
        Failure::Storage(error.into())
    }
}

/// The callers' end. Dropping it finishes what is queued and closes the file.
pub(crate) struct Commits {
    /// Present until dropped; the writer ends when it is gone.
    jobs: Option<mpsc::Sender<Box<dyn Job>>>,
    writer: Option<JoinHandle<()>>,
    database: Arc<Database>,
}

impl Commits {
    pub(crate) fn start(database: Database, name: &str) -> Result<Commits> {
        let database = Arc::new(database);
        let (jobs, received) = mpsc::channel(JOBS);
        let writes = Arc::clone(&database);
        let writer = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || run(&writes, received))
            .map_err(|error| Error::internal("cannot start the writer").with_source(error))?;
        Ok(Commits { jobs: Some(jobs), writer: Some(writer), database })
    }

    /// For snapshots, which never wait for the writer.
    pub(crate) fn database(&self) -> &Database {
        &self.database
    }

    /// Has a job done, and waits until what it did is on the disk; at most until the deadline.
    pub(crate) async fn run<R: Send + 'static>(
        &self,
        cx: &CallContext,
        work: impl FnOnce(&mut Commit<'_>) -> Result<R, Failure> + Send + 'static,
    ) -> Result<R> {
        let (answer, answered) = oneshot::channel();
        let job = Asked { work: Some(work), found: None, deadline: cx.deadline, answer };
        let jobs = self.jobs.as_ref().ok_or_else(stopped)?;
        match timeout_at(cx.deadline, jobs.send(Box::new(job))).await {
            Ok(sent) => sent.map_err(|_| stopped())?,
            Err(_) => {
                let message = "the store has more to write than its disk takes: nothing was done";
                return Err(Error::new(Kind::Unavailable, message));
            }
        }
        match timeout_at(cx.deadline, answered).await {
            Ok(answer) => answer.map_err(|_| stopped())?,
            Err(_) => {
                let message =
                    "the write was not confirmed by the deadline: it may or may not take effect";
                Err(Error::new(Kind::Timeout, message))
            }
        }
    }

    /// Whether writes could be made: a fault of the disk makes the database refuse all.
    pub(crate) async fn health(&self, cx: &CallContext) -> Result<()> {
        self.run(cx, |_| Ok(())).await
    }
}

impl Drop for Commits {
    /// Waits for the last commits: whoever opens the same file next finds it closed.
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(Err(_)) = self.writer.take().map(JoinHandle::join) {
            tracing::error!("the writer of a store had stopped before it was closed");
        }
    }
}

/// What a caller asked for.
trait Job: Send {
    /// Whether it is worth beginning; one that is not changes nothing.
    fn is_wanted(&self) -> bool;
    fn run(&mut self, commit: &mut Commit<'_>) -> Result<(), redb::Error>;
    /// Tells the caller what was found, or why nothing was done.
    fn conclude(self: Box<Self>, failed: Option<Error>);
}

struct Asked<R, W> {
    work: Option<W>,
    found: Option<Result<R>>,
    deadline: Instant,
    answer: oneshot::Sender<Result<R>>,
}

impl<R: Send, W> Job for Asked<R, W>
where
    W: FnOnce(&mut Commit<'_>) -> Result<R, Failure> + Send,
{
    fn is_wanted(&self) -> bool {
        !self.answer.is_closed() && Instant::now() < self.deadline
    }

    fn run(&mut self, commit: &mut Commit<'_>) -> Result<(), redb::Error> {
        let Some(work) = self.work.take() else { return Ok(()) };
        self.found = Some(match work(commit) {
            Ok(found) => Ok(found),
            Err(Failure::Refused(error)) => Err(error),
            Err(Failure::Storage(error)) => return Err(error),
        });
        Ok(())
    }

    fn conclude(self: Box<Self>, failed: Option<Error>) {
        let answer = match (failed, self.found) {
            (Some(failed), _) => Err(failed),
            (None, Some(found)) => found,
            (None, None) => {
                Err(Error::new(Kind::Timeout, "the deadline passed before anything was done"))
            }
        };
        // the caller may have gone away meanwhile
        drop(self.answer.send(answer));
    }
}

/// Until every sender is gone and the queue is empty.
fn run(database: &Database, mut received: mpsc::Receiver<Box<dyn Job>>) {
    let mut jobs = Vec::new();
    while received.blocking_recv_many(&mut jobs, TOGETHER) > 0 {
        let (mut wanted, late): (Vec<_>, _) = jobs.drain(..).partition(|job| job.is_wanted());
        late.into_iter().for_each(|job: Box<dyn Job>| job.conclude(None));
        let failed = commit(database, &mut wanted).err();
        if let Some(error) = &failed {
            tracing::error!(%error, jobs = wanted.len(), "a store could not write");
        }
        for job in wanted {
            // a commit that failed in its sync may be found after a restart
            let failed = failed.as_ref().map(|error| storage(error).with_retryable(false));
            job.conclude(failed);
        }
    }
}

/// What was found becomes true when this returns, and not before.
fn commit(database: &Database, jobs: &mut [Box<dyn Job>]) -> Result<(), redb::Error> {
    if jobs.is_empty() {
        return Ok(());
    }
    let mut transaction = database.begin_write()?;
    transaction.set_durability(Durability::Immediate)?;
    let mut commit = Commit { transaction: &transaction, changed: false, afterwards: Vec::new() };
    for job in jobs {
        job.run(&mut commit)?;
    }
    let Commit { changed, afterwards, .. } = commit;
    match changed {
        true => transaction.commit()?,
        false => transaction.abort()?,
    }
    afterwards.into_iter().for_each(|then| then());
    Ok(())
}

fn stopped() -> Error {
    Error::new(Kind::Unavailable, "the writer of the store has stopped: see the host's log")
        .with_retryable(false)
}
