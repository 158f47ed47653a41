//! Locks in memory: they go with the process. An attempt is a look at one table under a lock of the
//! process, never held across an await, so that who goes away has taken nothing.

mod table;

use std::sync::Arc;

use async_trait::async_trait;
use ottavo_blocks::Key;
use ottavo_blocks::lock::waiting::Waiting;
use ottavo_blocks::lock::{Capability, Claim, Lease, Lock, Owner, Release, Ttl};
use ottavo_core::{CallContext, Clock, Result, schema};
use ottavo_registry::{Driver, OpenContext};
use parking_lot::Mutex;
use serde_json::Value;

use crate::options::MemoryOptions;
use crate::{Memory, NAME};
use table::Table;

#[async_trait]
impl Driver<dyn Lock> for Memory {
    fn name(&self) -> &'static str {
        NAME
    }

    fn schema(&self) -> Value {
        schema::of::<MemoryOptions>()
    }

    async fn open(&self, context: OpenContext, table: Value) -> Result<Arc<dyn Lock>> {
        let MemoryOptions {} = ottavo_registry::options(table)?;
        Ok(Arc::new(MemoryLock::new(context.clock)))
    }
}

/// One store.
struct MemoryLock {
    table: Mutex<Table>,
    waiting: Waiting,
    clock: Arc<dyn Clock>,
}

impl MemoryLock {
    fn new(clock: Arc<dyn Clock>) -> MemoryLock {
        MemoryLock { table: Mutex::default(), waiting: Waiting::default(), clock }
    }
}

#[async_trait]
impl Lock for MemoryLock {
    fn capabilities(&self) -> &'static [Capability] {
        &[]
    }

    async fn try_lock(&self, cx: &CallContext, claim: Claim) -> Result<Option<Lease>> {
        let (owner, ttl) = (claim.owner(), claim.ttl);
        let attempt =
            async || Ok(self.table.lock().take(&claim.resource, &owner, ttl, self.clock.now()));
        let pause = |expires| self.clock.sleep_until(expires);
        self.waiting.until_taken(cx, &claim.resource, claim.wait, attempt, pause).await
    }

    async fn renew(
        &self,
        _: &CallContext,
        resource: &Key,
        owner: &Owner,
        ttl: Ttl,
    ) -> Result<Lease> {
        self.table.lock().renew(resource, owner, ttl, self.clock.now())
    }

    async fn unlock(&self, _: &CallContext, resource: &Key, owner: &Owner) -> Result<Release> {
        let release = self.table.lock().release(resource, owner, self.clock.now());
        if release == Release::Released {
            self.waiting.freed(resource);
        }
        Ok(release)
    }
}
