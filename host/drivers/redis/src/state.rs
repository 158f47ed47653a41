//! State as Layotto lays it out in redis: a hash with the fields `data` and `version`, the version
//! being the etag. A plain string is a value too, whose etag is a hash of its bytes.

mod cursor;
mod list;
mod reply;
mod scripts;
mod words;

use async_trait::async_trait;
use futures_util::future::join_all;
use ottavo_blocks::Options;
use ottavo_blocks::state::{
    Capability, Entry, Etag, Expiry, Key, KeyPage, Operation, PageLimit, Removal, State, Value,
    rules,
};
use ottavo_core::{CallContext, Result};

use crate::NAME;
use crate::conn::{Answer, At, Conn, Effect};
use scripts::{DELETE, GET, INCREMENT, SET, TRANSACT};

/// One store.
pub(crate) struct RedisState {
    conn: Conn,
}

impl RedisState {
    pub(crate) fn new(conn: Conn) -> RedisState {
        RedisState { conn }
    }

    async fn read(&self, cx: &CallContext, key: &Key) -> Result<Option<Value>> {
        let mut command = redis::cmd("HMGET");
        command.arg(key.as_str()).arg("data").arg("version");
        // else it is no hash, perhaps a string
        if let Answer::Value(fields) =
            self.conn.call(cx, &command, Effect::Reads, 0, At::Key(key.as_str())).await?
            && let Some(found) = reply::fields(fields)?
        {
            return Ok(found);
        }
        let call = GET.on([key.as_str()]);
        reply::value(key, call.run(&self.conn, cx, Effect::Reads).await?)
    }

    async fn write(&self, cx: &CallContext, entry: &Entry) -> Result<Etag> {
        check(entry)?;
        let Entry { key, data, precondition, expiry, .. } = entry;
        let (condition, etag) = words::precondition(precondition);
        let mut call = SET.on([key.as_str()]);
        call.arg(condition).arg(etag).arg(words::expiry(*expiry)).arg(data);
        let answer = call.run(&self.conn, cx, Effect::Writes).await?;
        reply::etag(key, precondition, answer)
    }

    async fn remove(&self, cx: &CallContext, removal: &Removal) -> Result<()> {
        let Removal { key, precondition } = removal;
        let (condition, etag) = words::precondition(precondition);
        let mut call = DELETE.on([key.as_str()]);
        call.arg(condition).arg(etag);
        let answer = call.run(&self.conn, cx, Effect::Writes).await?;
        reply::done(key, precondition, answer)
    }
}

#[async_trait]
impl State for RedisState {
    fn capabilities(&self) -> &'static [Capability] {
        match self.conn.is_cluster() {
            true => &[Capability::Shared],
            false => &[Capability::Shared, Capability::Transact],
        }
    }

    async fn health(&self, cx: &CallContext) -> Result<()> {
        self.conn.ping(cx).await
    }

    async fn get(&self, cx: &CallContext, key: &Key, options: &Options) -> Result<Option<Value>> {
        options.of_driver(NAME, &[])?;
        self.read(cx, key).await
    }

    async fn get_many(
        &self,
        cx: &CallContext,
        keys: &[Key],
        options: &Options,
    ) -> Result<Vec<Result<Option<Value>>>> {
        options.of_driver(NAME, &[])?;
        Ok(join_all(keys.iter().map(|key| self.read(cx, key))).await)
    }

    async fn set(&self, cx: &CallContext, entry: Entry) -> Result<Etag> {
        self.write(cx, &entry).await
    }

    async fn set_many(&self, cx: &CallContext, entries: Vec<Entry>) -> Result<Vec<Result<Etag>>> {
        Ok(join_all(entries.iter().map(|entry| self.write(cx, entry))).await)
    }

    async fn delete(&self, cx: &CallContext, removal: Removal) -> Result<()> {
        self.remove(cx, &removal).await
    }

    async fn delete_many(
        &self,
        cx: &CallContext,
        removals: Vec<Removal>,
    ) -> Result<Vec<Result<()>>> {
        Ok(join_all(removals.iter().map(|removal| self.remove(cx, removal))).await)
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
        if operations.is_empty() {
            return Ok(Vec::new());
        }
        let (keys, numbers) = words::distinct(&operations);
        let mut call = TRANSACT.on(keys);
        for (operation, number) in operations.iter().zip(numbers) {
            words::operation(operation, number, &mut call);
        }
        let answer = call.run(&self.conn, cx, Effect::Writes).await?;
        reply::etags(&operations, answer)
    }

    async fn increment(
        &self,
        cx: &CallContext,
        key: &Key,
        delta: i64,
        initial: Expiry,
    ) -> Result<i64> {
        let mut call = INCREMENT.on([key.as_str()]);
        call.arg(delta.to_string()).arg(words::expiry(initial));
        reply::sum(key, delta, call.run(&self.conn, cx, Effect::Writes).await?)
    }

    async fn list_keys(
        &self,
        cx: &CallContext,
        prefix: &str,
        cursor: Option<&str>,
        limit: PageLimit,
    ) -> Result<KeyPage> {
        list::page(&self.conn, cx, prefix, cursor, limit).await
    }
}

fn check(entry: &Entry) -> Result<()> {
    entry.options.of_driver(NAME, &[])?;
    rules::check_size(&entry.key, &entry.data)
}
