//! A state store behind a guest: each call goes as `relay.md` says to a function that makes it
//! through its SDK.

mod connection;
pub(crate) mod encoding;

use async_trait::async_trait;
use bytes::Bytes;
use ottavo_blocks::Options;
use ottavo_blocks::state::{
    Capability, Entry, Etag, Expiry, Key, KeyPage, Operation, PageLimit, Precondition, Removal,
    State, Value,
};
use ottavo_core::{CallContext, Error, Kind, Result};

pub(crate) use connection::Connection;
use encoding::{Read, Reader, Writer};

/// Calls a store by its name through the relay.
pub(crate) struct RelayState {
    connection: Connection,
    store: String,
    capabilities: &'static [Capability],
}

impl RelayState {
    /// `capabilities` are those of the store's driver: a guest does not see them.
    pub(crate) fn new(
        connection: Connection,
        store: &str,
        capabilities: &'static [Capability],
    ) -> RelayState {
        RelayState { connection, store: store.to_owned(), capabilities }
    }

    /// A call whose parameters after the store are still to be written.
    fn begin(&self, operation: &str) -> Writer {
        let mut call = Writer::default();
        call.string(operation).string(&self.store);
        call
    }

    async fn call<T>(
        &self,
        cx: &CallContext,
        call: Writer,
        ok: impl FnOnce(&mut Reader) -> Read<T>,
    ) -> Result<T> {
        let answer = tokio::time::timeout_at(cx.deadline, self.connection.post(call.finish()));
        let answer = answer.await.map_err(|_| Error::new(Kind::Timeout, "the relay is silent"))?;
        // neither is an outcome of the call, so neither may look like one that a case expects
        let broken = |why: String| Error::new(Kind::Other, format!("the relay is broken: {why}"));
        let answer = answer.map_err(|error| broken(format!("{error:#}")))?;
        outcome(answer, ok).map_err(broken)?
    }
}

fn outcome<T>(answer: Bytes, ok: impl FnOnce(&mut Reader) -> Read<T>) -> Read<Result<T>> {
    let mut reader = Reader::new(answer);
    let outcome = result(&mut reader, ok)?;
    reader.end()?;
    Ok(outcome)
}

#[async_trait]
impl State for RelayState {
    fn capabilities(&self) -> &'static [Capability] {
        self.capabilities
    }

    async fn get(&self, cx: &CallContext, key: &Key, options: &Options) -> Result<Option<Value>> {
        let mut call = self.begin("state.get");
        call.string(key.as_str());
        write_options(&mut call, options);
        self.call(cx, call, |answer| answer.option(value)).await
    }

    async fn get_many(
        &self,
        cx: &CallContext,
        keys: &[Key],
        options: &Options,
    ) -> Result<Vec<Result<Option<Value>>>> {
        let mut call = self.begin("state.get-many");
        call.list(keys, |call, key| {
            call.string(key.as_str());
        });
        write_options(&mut call, options);
        let each = |answer: &mut Reader| result(answer, |answer| answer.option(value));
        self.call(cx, call, |answer| answer.list(each)).await
    }

    async fn set(&self, cx: &CallContext, entry: Entry) -> Result<Etag> {
        let mut call = self.begin("state.set");
        write_entry(&mut call, &entry);
        self.call(cx, call, etag).await
    }

    async fn set_many(&self, cx: &CallContext, entries: Vec<Entry>) -> Result<Vec<Result<Etag>>> {
        let mut call = self.begin("state.set-many");
        call.list(&entries, write_entry);
        self.call(cx, call, |answer| answer.list(|answer| result(answer, etag))).await
    }

    async fn delete(&self, cx: &CallContext, removal: Removal) -> Result<()> {
        let mut call = self.begin("state.delete");
        write_removal(&mut call, &removal);
        self.call(cx, call, |_| Ok(())).await
    }

    async fn delete_many(
        &self,
        cx: &CallContext,
        removals: Vec<Removal>,
    ) -> Result<Vec<Result<()>>> {
        let mut call = self.begin("state.delete-many");
        call.list(&removals, write_removal);
        self.call(cx, call, |answer| answer.list(|answer| result(answer, |_| Ok(())))).await
    }

    async fn transact(
        &self,
        cx: &CallContext,
        operations: Vec<Operation>,
    ) -> Result<Vec<Option<Etag>>> {
        let mut call = self.begin("state.transact");
        call.list(&operations, write_operation);
        self.call(cx, call, |answer| answer.list(|answer| answer.option(etag))).await
    }

    async fn increment(
        &self,
        cx: &CallContext,
        key: &Key,
        delta: i64,
        initial: Expiry,
    ) -> Result<i64> {
        let mut call = self.begin("state.increment");
        call.string(key.as_str()).s64(delta);
        write_expiry(&mut call, initial);
        self.call(cx, call, Reader::s64).await
    }

    async fn list_keys(
        &self,
        cx: &CallContext,
        prefix: &str,
        cursor: Option<&str>,
        limit: PageLimit,
    ) -> Result<KeyPage> {
        let mut call = self.begin("state.list-keys");
        call.string(prefix);
        match cursor {
            Some(cursor) => call.u8(1).string(cursor),
            None => call.u8(0),
        };
        call.u32(u32::try_from(limit.get()).expect("at most 1000"));
        self.call(cx, call, |answer| {
            let keys = answer.list(|answer| checked(Key::parse(answer.string()?)))?;
            Ok(KeyPage { keys, next: answer.option(Reader::string)? })
        })
        .await
    }
}

pub(crate) fn result<T>(
    answer: &mut Reader,
    ok: impl FnOnce(&mut Reader) -> Read<T>,
) -> Read<Result<T>> {
    match answer.u8()? {
        0 => Ok(Ok(ok(answer)?)),
        1 => Ok(Err(error(answer)?)),
        other => Err(format!("{other} is no case of a result")),
    }
}

fn error(answer: &mut Reader) -> Read<Error> {
    let case = answer.u8()?;
    let kind = Kind::all().nth(case.into()).ok_or(format!("{case} is no kind of error"))?;
    let error = Error::new(kind, answer.string()?).with_retryable(answer.flag()?);
    let details = answer.list(|answer| Ok((answer.string()?, answer.string()?)))?;
    Ok(details.into_iter().fold(error, |error, (name, value)| error.with_detail(name, value)))
}

pub(crate) fn value(answer: &mut Reader) -> Read<Value> {
    Ok(Value { data: answer.bytes()?, etag: etag(answer)? })
}

fn etag(answer: &mut Reader) -> Read<Etag> {
    checked(Etag::parse(answer.string()?))
}

fn checked<T>(parsed: Result<T>) -> Read<T> {
    parsed.map_err(|error| error.to_string())
}

fn write_options(call: &mut Writer, options: &Options) {
    call.list(options.pairs(), |call, (name, value)| {
        call.string(name).string(value);
    });
}

fn write_entry(call: &mut Writer, entry: &Entry) {
    call.string(entry.key.as_str()).bytes(&entry.data);
    write_precondition(call, &entry.precondition);
    write_expiry(call, entry.expiry);
    write_options(call, &entry.options);
}

fn write_removal(call: &mut Writer, removal: &Removal) {
    call.string(removal.key.as_str());
    write_precondition(call, &removal.precondition);
}

fn write_operation(call: &mut Writer, operation: &Operation) {
    match operation {
        Operation::Upsert(entry) => write_entry(call.u8(0), entry),
        Operation::Remove(removal) => write_removal(call.u8(1), removal),
        Operation::Check(removal) => write_removal(call.u8(2), removal),
        Operation::Increment(key, delta) => {
            call.u8(3).string(key.as_str()).s64(*delta);
        }
    }
}

fn write_precondition(call: &mut Writer, precondition: &Precondition) {
    match precondition {
        Precondition::Any => call.u8(0),
        Precondition::Absent => call.u8(1),
        Precondition::Match(etag) => call.u8(2).string(etag.as_str()),
    };
}

fn write_expiry(call: &mut Writer, expiry: Expiry) {
    match expiry {
        Expiry::Keep => call.u8(0),
        Expiry::Never => call.u8(1),
        Expiry::After(time) => call.u8(2).u64(u64::try_from(time.as_millis()).unwrap_or(u64::MAX)),
    };
}
