//! A store whose `get` answers when the test says so.

use std::sync::Arc;

use async_trait::async_trait;
use ottavo_blocks::Options;
use ottavo_blocks::state::{
    Capability, Entry, Etag, Expiry, Key, KeyPage, Operation, PageLimit, Removal, State, Value,
};
use ottavo_core::{CallContext, Error, Kind, Result};
use ottavo_registry::{Driver, OpenContext};
use tokio::sync::Semaphore;

use crate::host::PATIENCE;

/// The driver, the store, and what the test holds of both.
#[derive(Clone)]
pub(crate) struct Gate {
    entered: Arc<Semaphore>,
    open: Arc<Semaphore>,
    left: Arc<Semaphore>,
}

impl Default for Gate {
    fn default() -> Gate {
        let closed = || Arc::new(Semaphore::new(0));
        Gate { entered: closed(), open: closed(), left: closed() }
    }
}

impl Gate {
    /// Resolves once one more call waits in the store.
    pub(crate) async fn entered(&self) {
        take(&self.entered, "no call came to the store").await;
    }

    /// How many calls are in the store, as long as the test has waited for none of them.
    pub(crate) fn inside(&self) -> usize {
        self.entered.available_permits() - self.left.available_permits()
    }

    /// Answers one call.
    pub(crate) fn open(&self) {
        self.open.add_permits(1);
    }

    /// Resolves once one more call is over, answered or dropped.
    pub(crate) async fn left(&self) {
        take(&self.left, "the call is still in the store").await;
    }
}

async fn take(semaphore: &Semaphore, otherwise: &str) {
    tokio::time::timeout(PATIENCE, semaphore.acquire())
        .await
        .expect(otherwise)
        .expect("never closed")
        .forget();
}

struct Leave(Arc<Semaphore>);

impl Drop for Leave {
    fn drop(&mut self) {
        self.0.add_permits(1);
    }
}

#[async_trait]
impl Driver<dyn State> for Gate {
    fn name(&self) -> &'static str {
        "gate"
    }

    async fn open(&self, _: OpenContext, _: serde_json::Value) -> Result<Arc<dyn State>> {
        Ok(Arc::new(self.clone()))
    }
}

fn only_get<T>() -> Result<T> {
    Err(Error::new(Kind::Unsupported, "the gate only gets"))
}

#[async_trait]
impl State for Gate {
    fn capabilities(&self) -> &'static [Capability] {
        &[]
    }

    async fn get(&self, _: &CallContext, _: &Key, _: &Options) -> Result<Option<Value>> {
        let _leave = Leave(Arc::clone(&self.left));
        self.entered.add_permits(1);
        self.open.acquire().await.expect("never closed").forget();
        Ok(None)
    }

    async fn get_many(
        &self,
        _: &CallContext,
        _: &[Key],
        _: &Options,
    ) -> Result<Vec<Result<Option<Value>>>> {
        Err(Error::internal("broken").with_source("password=secret"))
    }

    async fn set(&self, _: &CallContext, _: Entry) -> Result<Etag> {
        only_get()
    }

    async fn set_many(&self, _: &CallContext, _: Vec<Entry>) -> Result<Vec<Result<Etag>>> {
        only_get()
    }

    async fn delete(&self, _: &CallContext, _: Removal) -> Result<()> {
        only_get()
    }

    async fn delete_many(&self, _: &CallContext, _: Vec<Removal>) -> Result<Vec<Result<()>>> {
        only_get()
    }

    async fn transact(&self, _: &CallContext, _: Vec<Operation>) -> Result<Vec<Option<Etag>>> {
        only_get()
    }

    async fn increment(&self, _: &CallContext, _: &Key, _: i64, _: Expiry) -> Result<i64> {
        only_get()
    }

    async fn list_keys(
        &self,
        _: &CallContext,
        _: &str,
        _: Option<&str>,
        _: PageLimit,
    ) -> Result<KeyPage> {
        only_get()
    }
}
