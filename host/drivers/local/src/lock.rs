//! Locks in one file, so that they outlive a crash of the host: whoever holds one still does.
//!
//! Whether a lock is held is read from a snapshot; taking, renewing and unlocking are jobs of the
//! writer, synced before they are answered.

mod tables;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ottavo_blocks::Key;
use ottavo_blocks::lock::handover::Handover;
use ottavo_blocks::lock::waiting::{Attempt, Waiting};
use ottavo_blocks::lock::{Capability, Claim, Lease, Lock, Owner, Release, Ttl};
use ottavo_core::clock::UnixMillis;
use ottavo_core::{CallContext, Clock, Error, Kind, Result, Shutdown, schema};
use ottavo_registry::{Driver, OpenContext};
use redb::Database;
use serde_json::Value;
use tokio::time::timeout_at;

use crate::commits::{Commit, Commits};
use crate::error::storage;
use crate::options::LocalOptions;
use crate::{Local, NAME, blocking, file};

/// How long what was begun may take when nobody waits for it any more.
const AFTERWARDS: Duration = Duration::from_secs(10);

#[async_trait]
impl Driver<dyn Lock> for Local {
    fn name(&self) -> &'static str {
        NAME
    }

    fn schema(&self) -> Value {
        schema::of::<LocalOptions>()
    }

    async fn open(&self, context: OpenContext, table: Value) -> Result<Arc<dyn Lock>> {
        let options: LocalOptions = ottavo_registry::options(table)?;
        let database = file::open(&context, "lock.redb", &options).await?;
        Ok(Arc::new(start(database, context.clock, &context.shutdown).await?))
    }
}

/// One store.
pub(crate) struct LocalLock {
    file: Arc<File>,
    waiting: Arc<Waiting>,
    shutdown: Shutdown,
}

/// The file and the time, for what outlives a call.
struct File {
    commits: Commits,
    clock: Arc<dyn Clock>,
}

pub(crate) async fn start(
    database: Database,
    clock: Arc<dyn Clock>,
    shutdown: &Shutdown,
) -> Result<LocalLock> {
    let shutdown = shutdown.clone();
    blocking(move || {
        tables::create(&database).map_err(|error| storage(&error))?;
        let file = File { commits: Commits::start(database, "local-lock")?, clock };
        Ok(LocalLock { file: Arc::new(file), waiting: Arc::default(), shutdown })
    })
    .await
}

impl File {
    async fn take(
        &self,
        cx: &CallContext,
        resource: Key,
        owner: Owner,
        ttl: Ttl,
    ) -> Result<Attempt<UnixMillis>> {
        let now = self.clock.now();
        if let Some(expires) = tables::held(self.commits.database(), &resource, now)? {
            return Ok(Attempt::Held(expires));
        }
        let clock = Arc::clone(&self.clock);
        let job = move |commit: &mut Commit<'_>| {
            tables::take(commit, &resource, &owner, ttl, clock.now())
        };
        self.commits.run(cx, job).await
    }

    async fn release(&self, cx: &CallContext, resource: Key, owner: Owner) -> Result<Release> {
        let clock = Arc::clone(&self.clock);
        let job =
            move |commit: &mut Commit<'_>| tables::release(commit, &resource, &owner, clock.now());
        self.commits.run(cx, job).await
    }
}

impl LocalLock {
    /// One attempt, which is given back if its caller goes away meanwhile.
    fn attempt(&self, cx: &CallContext, claim: &Claim, owner: &Owner) -> Handover<UnixMillis> {
        let (resource, owner, ttl) = (claim.resource.clone(), owner.clone(), claim.ttl);
        let mut own = cx.clone();
        own.deadline += AFTERWARDS;
        let (file, taken) = (Arc::clone(&self.file), resource.clone());
        let attempt = async move { file.take(&own, taken, owner, ttl).await };
        let (file, waiting) = (Arc::clone(&self.file), Arc::clone(&self.waiting));
        let cx = cx.clone();
        Handover::new(&self.shutdown, attempt, move |lease| async move {
            let cx = CallContext::new(cx.request_id, cx.caller, AFTERWARDS);
            // else it expires
            let _released = file.release(&cx, resource.clone(), lease.owner).await;
            waiting.freed(&resource);
        })
    }
}

#[async_trait]
impl Lock for LocalLock {
    fn capabilities(&self) -> &'static [Capability] {
        &[Capability::Durable]
    }

    async fn health(&self, cx: &CallContext) -> Result<()> {
        self.file.commits.health(cx).await
    }

    async fn try_lock(&self, cx: &CallContext, claim: Claim) -> Result<Option<Lease>> {
        let owner = claim.owner();
        let attempt = async || {
            let attempt = timeout_at(cx.deadline, self.attempt(cx, &claim, &owner)).await;
            attempt.unwrap_or_else(|_| {
                let message = "the lock could not be taken by the deadline: it is given back";
                Err(Error::new(Kind::Timeout, message))
            })
        };
        let pause = |expires| self.file.clock.sleep_until(expires);
        self.waiting.until_taken(cx, &claim.resource, claim.wait, attempt, pause).await
    }

    async fn renew(
        &self,
        cx: &CallContext,
        resource: &Key,
        owner: &Owner,
        ttl: Ttl,
    ) -> Result<Lease> {
        let (resource, owner) = (resource.clone(), owner.clone());
        let clock = Arc::clone(&self.file.clock);
        let job = move |commit: &mut Commit<'_>| {
            tables::renew(commit, &resource, &owner, ttl, clock.now())
        };
        self.file.commits.run(cx, job).await
    }

    async fn unlock(&self, cx: &CallContext, resource: &Key, owner: &Owner) -> Result<Release> {
        let release = self.file.release(cx, resource.clone(), owner.clone()).await?;
        if release == Release::Released {
            self.waiting.freed(resource);
        }
        Ok(release)
    }
}
