//! `ottavo:runtime/state`: key-value state in named stores.

use std::time::Duration;

use ottavo_blocks::Options;
use ottavo_blocks::state as block;
use ottavo_core::Result;

use crate::Call;
use crate::answer::{Answer, Pairs, block, each};
use crate::bindings::ottavo::runtime::state::{
    Entry, Expiry, Host, KeyPage, Operation, Precondition, Removal, Value,
};

impl Host for Call {
    async fn get(&mut self, store: String, key: String, options: Pairs) -> Answer<Option<Value>> {
        let (clock, session) = self.door();
        block(clock, async {
            let (key, options) = (block::Key::parse(key)?, Options::parse(options)?);
            Ok(session.state(&store)?.get(key, options).await?.map(value))
        })
        .await
    }

    async fn get_many(
        &mut self,
        store: String,
        keys: Vec<String>,
        options: Pairs,
    ) -> Answer<Vec<Answer<Option<Value>>>> {
        let (clock, session) = self.door();
        block(clock, async {
            let keys = keys.into_iter().map(block::Key::parse);
            let options = Options::parse(options)?;
            let outcomes = session.state(&store)?.get_many(keys, options).await?;
            Ok(each(outcomes, |found| found.map(value)))
        })
        .await
    }

    async fn set(&mut self, store: String, entry: Entry) -> Answer<String> {
        let (clock, session) = self.door();
        block(clock, async {
            let entry = parse_entry(entry)?;
            Ok(session.state(&store)?.set(entry).await?.into_string())
        })
        .await
    }

    async fn set_many(
        &mut self,
        store: String,
        entries: Vec<Entry>,
    ) -> Answer<Vec<Answer<String>>> {
        let (clock, session) = self.door();
        block(clock, async {
            let entries = entries.into_iter().map(parse_entry);
            let outcomes = session.state(&store)?.set_many(entries).await?;
            Ok(each(outcomes, block::Etag::into_string))
        })
        .await
    }

    async fn delete(&mut self, store: String, removal: Removal) -> Answer<()> {
        let (clock, session) = self.door();
        block(clock, async {
            let removal = parse_removal(removal)?;
            session.state(&store)?.delete(removal).await
        })
        .await
    }

    async fn delete_many(
        &mut self,
        store: String,
        removals: Vec<Removal>,
    ) -> Answer<Vec<Answer<()>>> {
        let (clock, session) = self.door();
        block(clock, async {
            let removals = removals.into_iter().map(parse_removal);
            let outcomes = session.state(&store)?.delete_many(removals).await?;
            Ok(each(outcomes, |()| ()))
        })
        .await
    }

    async fn transact(
        &mut self,
        store: String,
        operations: Vec<Operation>,
    ) -> Answer<Vec<Option<String>>> {
        let (clock, session) = self.door();
        block(clock, async {
            let parse = |(index, operation)| {
                parse_operation(operation)
                    .map_err(|error| error.with_detail("index", usize::to_string(&index)))
            };
            let operations: Result<_> = operations.into_iter().enumerate().map(parse).collect();
            let etags = session.state(&store)?.transact(operations?).await?;
            Ok(etags.into_iter().map(|etag| etag.map(block::Etag::into_string)).collect())
        })
        .await
    }

    async fn increment(
        &mut self,
        store: String,
        key: String,
        delta: i64,
        initial: Expiry,
    ) -> Answer<i64> {
        let (clock, session) = self.door();
        block(clock, async {
            let key = block::Key::parse(key)?;
            session.state(&store)?.increment(key, delta, expiry(initial)).await
        })
        .await
    }

    async fn list_keys(
        &mut self,
        store: String,
        prefix: String,
        cursor: Option<String>,
        limit: u32,
    ) -> Answer<KeyPage> {
        let (clock, session) = self.door();
        block(clock, async {
            let limit = block::PageLimit::parse(limit)?;
            let calls = session.state(&store)?;
            let page = calls.list_keys(&prefix, cursor.as_deref(), limit).await?;
            let keys = page.keys.into_iter().map(block::Key::into_string).collect();
            Ok(KeyPage { keys, next: page.next })
        })
        .await
    }
}

fn value(value: block::Value) -> Value {
    Value { data: value.data.into(), etag: value.etag.into_string() }
}

fn parse_entry(entry: Entry) -> Result<block::Entry> {
    Ok(block::Entry {
        key: block::Key::parse(entry.key)?,
        data: entry.data.into(),
        precondition: precondition(entry.precondition)?,
        expiry: expiry(entry.expiry),
        options: Options::parse(entry.options)?,
    })
}

fn parse_removal(removal: Removal) -> Result<block::Removal> {
    let key = block::Key::parse(removal.key)?;
    Ok(block::Removal { key, precondition: precondition(removal.precondition)? })
}

fn parse_operation(operation: Operation) -> Result<block::Operation> {
    Ok(match operation {
        Operation::Upsert(entry) => block::Operation::Upsert(parse_entry(entry)?),
        Operation::Remove(removal) => block::Operation::Remove(parse_removal(removal)?),
        Operation::Check(removal) => block::Operation::Check(parse_removal(removal)?),
        Operation::Increment((key, delta)) => {
            block::Operation::Increment(block::Key::parse(key)?, delta)
        }
    })
}

pub(crate) fn precondition(precondition: Precondition) -> Result<block::Precondition> {
    Ok(match precondition {
        Precondition::Any => block::Precondition::Any,
        Precondition::Absent => block::Precondition::Absent,
        Precondition::Match(etag) => block::Precondition::Match(block::Etag::parse(etag)?),
    })
}

fn expiry(expiry: Expiry) -> block::Expiry {
    match expiry {
        Expiry::Keep => block::Expiry::Keep,
        Expiry::Never => block::Expiry::Never,
        Expiry::After(millis) => block::Expiry::After(Duration::from_millis(millis)),
    }
}
