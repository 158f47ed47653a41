//! State in one file.
//!
//! Reads are snapshots of the database, made on the caller's own thread. A cached read takes a few
//! microseconds, less than handing it to another thread would; one that misses the cache waits for
//! the disk once or twice, as any page fault does. Writes go through a queue to the one writer,
//! which commits what has gathered with one sync.

mod group;
mod queue;
mod reader;
mod record;
mod tables;
mod writer;

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use async_trait::async_trait;
use ottavo_blocks::Options;
use ottavo_blocks::state::{
    Capability, Entry, Etag, Expiry, Key, KeyPage, Operation, PageLimit, Removal, State, Value,
    cursor, rules,
};
use ottavo_core::{CallContext, Clock, Error, Result, Shutdown};
use redb::Database;

use crate::NAME;
use queue::{Done, Queue, Step, Work};
use reader::Reader;
use writer::Writer;

/// How often expired keys are collected while nobody writes.
const IDLE_COLLECTION: Duration = Duration::from_secs(10);

/// One store. Dropping it finishes the writes that are queued and closes the file.
pub(crate) struct LocalState {
    reader: Reader,
    /// Present until the store is dropped; the writer ends when it is gone.
    queue: Option<Queue>,
    writer: Option<JoinHandle<()>>,
    clock: Arc<dyn Clock>,
}

impl LocalState {
    pub(crate) fn start(
        database: Database,
        clock: Arc<dyn Clock>,
        shutdown: &Shutdown,
    ) -> Result<LocalState> {
        let database = Arc::new(database);
        let last = tables::create(&database).map_err(|error| crate::error::storage(&error))?;
        let (queue, requests) = queue::bounded();
        let writer = Writer::new(Arc::clone(&database), Arc::clone(&clock), requests, last);
        let writer = std::thread::Builder::new()
            .name("local-writer".to_owned())
            .spawn(move || writer.run())
            .map_err(|error| Error::internal("cannot start the writer").with_source(error))?;
        shutdown.spawn("local-expiry", collect_when_idle(queue.ticket(), shutdown.clone()));
        let reader = Reader::new(database);
        Ok(LocalState { reader, queue: Some(queue), writer: Some(writer), clock })
    }

    async fn write(&self, cx: &CallContext, work: Work) -> Result<Vec<Result<Done>>> {
        self.queue().write(cx, work).await
    }

    fn queue(&self) -> &Queue {
        self.queue.as_ref().expect("the queue is taken by drop alone")
    }

    async fn write_one(&self, cx: &CallContext, step: Step) -> Result<Done> {
        let mut outcomes = self.write(cx, Work::Each(vec![step])).await?;
        outcomes.pop().unwrap_or_else(|| Err(Error::internal("the writer gave no answer")))
    }
}

impl Drop for LocalState {
    /// Waits for the last commits: whoever opens the same file next finds it closed.
    fn drop(&mut self) {
        self.queue = None;
        if let Some(Err(_)) = self.writer.take().map(JoinHandle::join) {
            tracing::error!("the writer of a store had stopped before it was closed");
        }
    }
}

async fn collect_when_idle(ticket: queue::Ticket, shutdown: Shutdown) {
    let mut ticks = tokio::time::interval(IDLE_COLLECTION);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    loop {
        tokio::select! {
            () = shutdown.begun() => return,
            _ = ticks.tick() => {}
        }
        if !ticket.collect() {
            return;
        }
    }
}

#[async_trait]
impl State for LocalState {
    fn capabilities(&self) -> &'static [Capability] {
        &[Capability::Durable, Capability::Transact, Capability::EtagsNeverReturn]
    }

    /// Whether the writer takes writes: after a fault of the disk the database refuses all.
    async fn health(&self, cx: &CallContext) -> Result<()> {
        self.queue().health(cx).await
    }

    async fn get(&self, _: &CallContext, key: &Key, options: &Options) -> Result<Option<Value>> {
        options.of_driver(NAME, &[])?;
        self.reader.get(key, self.clock.now())
    }

    async fn get_many(
        &self,
        _: &CallContext,
        keys: &[Key],
        options: &Options,
    ) -> Result<Vec<Result<Option<Value>>>> {
        options.of_driver(NAME, &[])?;
        self.reader.get_many(keys, self.clock.now())
    }

    async fn set(&self, cx: &CallContext, entry: Entry) -> Result<Etag> {
        check(&entry)?;
        etag(self.write_one(cx, Step::Upsert(entry)).await)
    }

    async fn set_many(&self, cx: &CallContext, entries: Vec<Entry>) -> Result<Vec<Result<Etag>>> {
        // An entry that is refused here keeps its place among the outcomes of the others.
        let checked: Vec<Result<()>> = entries.iter().map(check).collect();
        let good = entries.into_iter().zip(&checked).filter(|(_, checked)| checked.is_ok());
        let steps = good.map(|(entry, _)| Step::Upsert(entry)).collect();
        let mut outcomes = self.write(cx, Work::Each(steps)).await?.into_iter();
        let missing = || Err(Error::internal("the writer gave no answer"));
        let answer = |checked: Result<()>| {
            checked.and_then(|()| etag(outcomes.next().unwrap_or_else(missing)))
        };
        Ok(checked.into_iter().map(answer).collect())
    }

    async fn delete(&self, cx: &CallContext, removal: Removal) -> Result<()> {
        self.write_one(cx, Step::Remove(removal)).await.map(drop)
    }

    async fn delete_many(
        &self,
        cx: &CallContext,
        removals: Vec<Removal>,
    ) -> Result<Vec<Result<()>>> {
        let steps = removals.into_iter().map(Step::Remove).collect();
        let outcomes = self.write(cx, Work::Each(steps)).await?;
        Ok(outcomes.into_iter().map(|outcome| outcome.map(drop)).collect())
    }

    async fn transact(
        &self,
        cx: &CallContext,
        operations: Vec<Operation>,
    ) -> Result<Vec<Option<Etag>>> {
        for (index, operation) in operations.iter().enumerate() {
            if let Operation::Upsert(entry) = operation {
                check(entry).map_err(|error| error.with_detail("index", index.to_string()))?;
            }
        }
        let steps = operations.into_iter().map(Step::from).collect();
        let outcomes = self.write(cx, Work::All(steps)).await?;
        let etag = |done| match done {
            Done::Written(version) => Some(Etag::from_version(version)),
            Done::Sum(_) | Done::Nothing => None,
        };
        outcomes.into_iter().map(|outcome| outcome.map(etag)).collect()
    }

    async fn increment(
        &self,
        cx: &CallContext,
        key: &Key,
        delta: i64,
        initial: Expiry,
    ) -> Result<i64> {
        match self.write_one(cx, Step::Increment(key.clone(), delta, initial)).await? {
            Done::Sum(sum) => Ok(sum),
            _ => Err(Error::internal("the writer answered an increment without a sum")),
        }
    }

    async fn list_keys(
        &self,
        _: &CallContext,
        prefix: &str,
        cursor: Option<&str>,
        limit: PageLimit,
    ) -> Result<KeyPage> {
        let after = cursor.map(|cursor| cursor::parse(cursor, prefix)).transpose()?;
        self.reader.page(prefix, after.as_ref(), limit, self.clock.now())
    }
}

fn check(entry: &Entry) -> Result<()> {
    entry.options.of_driver(NAME, &[])?;
    rules::check_size(&entry.key, &entry.data)
}

fn etag(done: Result<Done>) -> Result<Etag> {
    match done? {
        Done::Written(version) => Ok(Etag::from_version(version)),
        _ => Err(Error::internal("the writer answered a write without an etag")),
    }
}
