//! The key space of one case, with the calls that cases make most.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use ottavo_core::context::new_request_id;
use ottavo_core::{CallContext, Caller, Result};
use tokio::time::Instant;

use super::Harness;
use crate::Options;
use crate::state::{
    Capability, Entry, Etag, Expiry, Key, KeyPage, Operation, PageLimit, Precondition, Removal,
    State, Value,
};
use crate::suite::{self, Time, Verdict, ensure, equal, ok};

/// How long a store with a clock of its own may take beyond an expiry.
const PATIENCE: Duration = Duration::from_secs(30);

/// A part of the store that no other case touches.
pub(crate) struct Space {
    pub(super) store: Arc<dyn State>,
    time: Time,
    prefix: String,
    started: Instant,
}

impl suite::Space for Space {
    type Store = dyn State;
    type Capability = Capability;

    fn claimed(store: &dyn State) -> &'static [Capability] {
        store.capabilities()
    }

    fn new(case: &str, harness: &Harness) -> Space {
        Space {
            store: Arc::clone(&harness.store),
            time: harness.time.clone(),
            prefix: format!("suite/{case}/{:016x}/", fastrand::u64(..)),
            started: Instant::now(),
        }
    }
}

impl Space {
    /// What all keys of the case begin with.
    pub(super) fn prefix(&self) -> &str {
        &self.prefix
    }

    pub(super) fn key(&self, name: &str) -> Key {
        Key::parse(format!("{}{name}", self.prefix)).expect("cases use valid names")
    }

    pub(super) fn cx(&self) -> CallContext {
        CallContext::new(new_request_id(), Caller::Anonymous, Duration::from_secs(60))
    }

    pub(super) async fn read(&self, name: &str) -> Verdict<Option<Value>> {
        let got = self.store.get(&self.cx(), &self.key(name), &Options::default()).await;
        ok(got, &format!("get `{name}`"))
    }

    /// The value of a key that must exist.
    pub(super) async fn value(&self, name: &str) -> Verdict<Value> {
        self.read(name).await?.ok_or_else(|| format!("get `{name}`: expected a value, got none"))
    }

    pub(super) async fn expect_missing(&self, name: &str) -> Verdict {
        equal!(self.read(name).await?, None, "get `{name}`");
        Ok(())
    }

    pub(super) async fn expect_data(&self, name: &str, data: impl AsRef<[u8]>) -> Verdict {
        let got = self.value(name).await?.data;
        equal!(got, Bytes::copy_from_slice(data.as_ref()), "the value of `{name}`");
        Ok(())
    }

    /// Nothing was written: same bytes, same etag.
    pub(super) async fn expect_unchanged(&self, name: &str, before: &Value) -> Verdict {
        equal!(&self.value(name).await?, before, "`{name}` after a refused write");
        Ok(())
    }

    pub(super) fn entry(&self, name: &str, data: impl AsRef<[u8]>) -> Entry {
        Entry::new(self.key(name), Bytes::copy_from_slice(data.as_ref()))
    }

    pub(super) fn removal(&self, name: &str, precondition: Precondition) -> Removal {
        Removal { key: self.key(name), precondition }
    }

    pub(super) async fn write(&self, entry: Entry) -> Result<Etag> {
        self.store.set(&self.cx(), entry).await
    }

    pub(super) async fn set(&self, name: &str, data: impl AsRef<[u8]>) -> Verdict<Etag> {
        ok(self.write(self.entry(name, data)).await, &format!("set `{name}`"))
    }

    pub(super) async fn set_expiring(
        &self,
        name: &str,
        data: impl AsRef<[u8]>,
        expiry: Expiry,
    ) -> Verdict<Etag> {
        let entry = Entry { expiry, ..self.entry(name, data) };
        ok(self.write(entry).await, &format!("set `{name}` with {expiry:?}"))
    }

    pub(super) async fn set_if(
        &self,
        name: &str,
        data: impl AsRef<[u8]>,
        precondition: Precondition,
    ) -> Result<Etag> {
        self.write(Entry { precondition, ..self.entry(name, data) }).await
    }

    pub(super) async fn remove_if(&self, name: &str, precondition: Precondition) -> Result<()> {
        self.store.delete(&self.cx(), self.removal(name, precondition)).await
    }

    pub(super) async fn remove(&self, name: &str) -> Verdict {
        ok(self.remove_if(name, Precondition::Any).await, &format!("delete `{name}`"))
    }

    pub(super) async fn add(&self, name: &str, delta: i64) -> Result<i64> {
        self.store.increment(&self.cx(), &self.key(name), delta, Expiry::Keep).await
    }

    pub(super) async fn transact(&self, operations: Vec<Operation>) -> Result<Vec<Option<Etag>>> {
        self.store.transact(&self.cx(), operations).await
    }

    /// One page of the space's keys.
    pub(super) async fn page(&self, cursor: Option<&str>, limit: u32) -> Result<KeyPage> {
        self.store.list_keys(&self.cx(), &self.prefix, cursor, page_limit(limit)).await
    }

    /// Every key that begins with the space's prefix and `rest`, sorted, without the prefix; each
    /// page checked against `limit`.
    pub(super) async fn list(&self, rest: &str, limit: u32) -> Verdict<Vec<String>> {
        let prefix = format!("{}{rest}", self.prefix);
        let mut keys = Vec::new();
        let mut cursor = None;
        loop {
            let page = self
                .store
                .list_keys(&self.cx(), &prefix, cursor.as_deref(), page_limit(limit))
                .await;
            let page = ok(page, "list-keys")?;
            ensure!(
                page.keys.len() <= limit as usize,
                "a page of limit {limit} has {} keys",
                page.keys.len()
            );
            for key in page.keys {
                let name = key.as_str().strip_prefix(&*self.prefix);
                keys.push(name.ok_or_else(|| format!("`{key}` was listed for `{prefix}`"))?.into());
            }
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        keys.sort();
        Ok(keys)
    }

    /// An expiry that a case can outlive.
    pub(super) fn short(&self) -> Duration {
        self.time.short()
    }

    /// An expiry that no case outlives.
    pub(super) fn long(&self) -> Duration {
        Duration::from_secs(60 * 60 * 24 * 365)
    }

    /// Returns when everything that was written before with the short expiry has expired.
    ///
    /// A key that is written now with the same expiry goes last, by the store's own clock.
    pub(super) async fn outlive(&self) -> Verdict {
        let last = format!("sentinel-{:016x}", fastrand::u64(..));
        self.set_expiring(&last, "", Expiry::After(self.short())).await?;
        let deadline = Instant::now() + self.short() + PATIENCE;
        if let Time::Manual(clock) = &self.time {
            clock.advance(self.short());
            return self.expect_missing(&last).await;
        }
        while self.read(&last).await?.is_some() {
            ensure!(Instant::now() < deadline, "a key is there {PATIENCE:?} after its expiry");
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        Ok(())
    }

    /// Repeats `setup` until all of it falls within a short expiry: on a busy machine, or while
    /// other cases advance the clock, a key may expire in the middle.
    pub(super) async fn in_time<F>(&self, setup: impl Fn() -> F) -> Verdict
    where
        F: Future<Output = Verdict>,
    {
        for _ in 0..50 {
            let start = self.time.passed(self.started);
            let verdict = setup().await;
            if self.time.passed(self.started) - start < self.short() {
                return verdict;
            }
        }
        Err(format!("the store is too slow to do this within {:?}", self.short()))
    }
}

pub(super) fn page_limit(limit: u32) -> PageLimit {
    PageLimit::parse(limit).expect("cases use valid limits")
}
