//! State in memory.
//!
//! One ordered map under one lock: reads share it, and a page of keys is a range of it. The lock is
//! never held across an await; the longest hold is a transaction.

mod table;

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use ottavo_blocks::Options;
use ottavo_blocks::state::{
    Capability, Entry, Etag, Expiry, Key, KeyPage, Operation, PageLimit, Removal, State, Value,
    cursor, rules,
};
use ottavo_core::{CallContext, Clock, Result};
use parking_lot::RwLock;

use crate::NAME;
use table::Table;

/// One store.
pub(crate) struct MemoryState {
    table: RwLock<Table>,
    clock: Arc<dyn Clock>,
}

impl MemoryState {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> MemoryState {
        MemoryState { table: RwLock::default(), clock }
    }

    fn set_one(&self, mut entry: Entry) -> Result<Etag> {
        own(&mut entry)?;
        self.table.write().set(entry, self.clock.now())
    }

    fn delete_one(&self, removal: &Removal) -> Result<()> {
        self.table.write().remove(removal, self.clock.now())
    }
}

#[async_trait]
impl State for MemoryState {
    fn capabilities(&self) -> &'static [Capability] {
        &[Capability::Transact, Capability::EtagsNeverReturn]
    }

    async fn get(&self, _: &CallContext, key: &Key, options: &Options) -> Result<Option<Value>> {
        options.of_driver(NAME, &[])?;
        Ok(self.table.read().get(key, self.clock.now()))
    }

    async fn get_many(
        &self,
        _: &CallContext,
        keys: &[Key],
        options: &Options,
    ) -> Result<Vec<Result<Option<Value>>>> {
        options.of_driver(NAME, &[])?;
        let now = self.clock.now();
        let table = self.table.read();
        Ok(keys.iter().map(|key| Ok(table.get(key, now))).collect())
    }

    async fn set(&self, _: &CallContext, entry: Entry) -> Result<Etag> {
        self.set_one(entry)
    }

    async fn set_many(&self, _: &CallContext, entries: Vec<Entry>) -> Result<Vec<Result<Etag>>> {
        Ok(entries.into_iter().map(|entry| self.set_one(entry)).collect())
    }

    async fn delete(&self, _: &CallContext, removal: Removal) -> Result<()> {
        self.delete_one(&removal)
    }

    async fn delete_many(
        &self,
        _: &CallContext,
        removals: Vec<Removal>,
    ) -> Result<Vec<Result<()>>> {
        Ok(removals.iter().map(|removal| self.delete_one(removal)).collect())
    }

    async fn transact(
        &self,
        _: &CallContext,
        mut operations: Vec<Operation>,
    ) -> Result<Vec<Option<Etag>>> {
        for (index, operation) in operations.iter_mut().enumerate() {
            if let Operation::Upsert(entry) = operation {
                own(entry).map_err(|error| error.with_detail("index", index.to_string()))?;
            }
        }
        self.table.write().transact(operations, self.clock.now())
    }

    async fn increment(
        &self,
        _: &CallContext,
        key: &Key,
        delta: i64,
        initial: Expiry,
    ) -> Result<i64> {
        self.table.write().increment(key, delta, initial, self.clock.now())
    }

    async fn list_keys(
        &self,
        _: &CallContext,
        prefix: &str,
        cursor: Option<&str>,
        limit: PageLimit,
    ) -> Result<KeyPage> {
        let after = cursor.map(|cursor| cursor::parse(cursor, prefix)).transpose()?;
        Ok(self.table.read().page(prefix, after.as_ref(), limit, self.clock.now()))
    }
}

/// Checks an entry, outside the lock, and makes its bytes our own: they may be a slice of a much
/// larger buffer that came from the network and would stay with it.
fn own(entry: &mut Entry) -> Result<()> {
    entry.options.of_driver(NAME, &[])?;
    rules::check_size(&entry.key, &entry.data)?;
    entry.data = Bytes::copy_from_slice(&entry.data);
    Ok(())
}
