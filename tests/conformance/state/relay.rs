//! A state store behind a guest.

use async_trait::async_trait;
use ottavo_blocks::Options;
use ottavo_blocks::state::{
    Capability, Entry, Etag, Expiry, Key, KeyPage, Operation, PageLimit, Precondition, Removal,
    State, Value,
};
use ottavo_core::{CallContext, Result};

use crate::relay::encoding::{Read, Reader, Writer};
use crate::relay::{Relay, checked, result, write_options};

/// Makes the calls of a store through a guest.
pub(crate) struct RelayState {
    pub(crate) relay: Relay,
    /// Those of the store's driver: a guest does not see them.
    pub(crate) capabilities: &'static [Capability],
}

#[async_trait]
impl State for RelayState {
    fn capabilities(&self) -> &'static [Capability] {
        self.capabilities
    }

    async fn get(&self, cx: &CallContext, key: &Key, options: &Options) -> Result<Option<Value>> {
        let mut call = self.relay.begin("state.get");
        call.string(key.as_str());
        write_options(&mut call, options);
        self.relay.call(cx, call, |answer| answer.option(value)).await
    }

    async fn get_many(
        &self,
        cx: &CallContext,
        keys: &[Key],
        options: &Options,
    ) -> Result<Vec<Result<Option<Value>>>> {
        let mut call = self.relay.begin("state.get-many");
        call.list(keys, |call, key| {
            call.string(key.as_str());
        });
        write_options(&mut call, options);
        let each = |answer: &mut Reader| result(answer, |answer| answer.option(value));
        self.relay.call(cx, call, |answer| answer.list(each)).await
    }

    async fn set(&self, cx: &CallContext, entry: Entry) -> Result<Etag> {
        let mut call = self.relay.begin("state.set");
        write_entry(&mut call, &entry);
        self.relay.call(cx, call, etag).await
    }

    async fn set_many(&self, cx: &CallContext, entries: Vec<Entry>) -> Result<Vec<Result<Etag>>> {
        let mut call = self.relay.begin("state.set-many");
        call.list(&entries, write_entry);
        self.relay.call(cx, call, |answer| answer.list(|answer| result(answer, etag))).await
    }

    async fn delete(&self, cx: &CallContext, removal: Removal) -> Result<()> {
        let mut call = self.relay.begin("state.delete");
        write_removal(&mut call, &removal);
        self.relay.call(cx, call, |_| Ok(())).await
    }

    async fn delete_many(
        &self,
        cx: &CallContext,
        removals: Vec<Removal>,
    ) -> Result<Vec<Result<()>>> {
        let mut call = self.relay.begin("state.delete-many");
        call.list(&removals, write_removal);
        self.relay.call(cx, call, |answer| answer.list(|answer| result(answer, |_| Ok(())))).await
    }

    async fn transact(
        &self,
        cx: &CallContext,
        operations: Vec<Operation>,
    ) -> Result<Vec<Option<Etag>>> {
        let mut call = self.relay.begin("state.transact");
        call.list(&operations, write_operation);
        self.relay.call(cx, call, |answer| answer.list(|answer| answer.option(etag))).await
    }

    async fn increment(
        &self,
        cx: &CallContext,
        key: &Key,
        delta: i64,
        initial: Expiry,
    ) -> Result<i64> {
        let mut call = self.relay.begin("state.increment");
        call.string(key.as_str()).s64(delta);
        write_expiry(&mut call, initial);
        self.relay.call(cx, call, Reader::s64).await
    }

    async fn list_keys(
        &self,
        cx: &CallContext,
        prefix: &str,
        cursor: Option<&str>,
        limit: PageLimit,
    ) -> Result<KeyPage> {
        let mut call = self.relay.begin("state.list-keys");
        call.string(prefix);
        match cursor {
            Some(cursor) => call.u8(1).string(cursor),
            None => call.u8(0),
        };
        call.u32(u32::try_from(limit.get()).expect("at most 1000"));
        self.relay
            .call(cx, call, |answer| {
                let keys = answer.list(|answer| checked(Key::parse(answer.string()?)))?;
                Ok(KeyPage { keys, next: answer.option(Reader::string)? })
            })
            .await
    }
}

pub(crate) fn value(answer: &mut Reader) -> Read<Value> {
    Ok(Value { data: answer.bytes()?, etag: etag(answer)? })
}

fn etag(answer: &mut Reader) -> Read<Etag> {
    checked(Etag::parse(answer.string()?))
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
