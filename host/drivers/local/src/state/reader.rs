//! Reads: each call is one snapshot of the database, which never waits for the writer.

use std::ops::Bound;
use std::sync::Arc;

use bytes::Bytes;
use ottavo_blocks::state::{Etag, Key, KeyPage, PageLimit, Value, cursor};
use ottavo_core::clock::UnixMillis;
use ottavo_core::{Error, Kind, Result};
use redb::{Database, ReadTransaction, ReadableDatabase, ReadableTable};

use super::record::{self, Record};
use super::tables::{LARGE, RECORDS};
use crate::error::storage;

/// How many expired keys a page passes over before it ends early.
const PASSED_OVER: usize = 1000;

/// The reading half of a store.
pub(super) struct Reader {
    database: Arc<Database>,
}

impl Reader {
    pub(super) fn new(database: Arc<Database>) -> Reader {
        Reader { database }
    }

    pub(super) fn get(&self, key: &Key, now: UnixMillis) -> Result<Option<Value>> {
        let snapshot = self.snapshot()?;
        let records = snapshot.open_table(RECORDS).map_err(failed)?;
        read(&snapshot, &records, key, now)
    }

    pub(super) fn get_many(
        &self,
        keys: &[Key],
        now: UnixMillis,
    ) -> Result<Vec<Result<Option<Value>>>> {
        let snapshot = self.snapshot()?;
        let records = snapshot.open_table(RECORDS).map_err(failed)?;
        Ok(keys.iter().map(|key| read(&snapshot, &records, key, now)).collect())
    }

    pub(super) fn page(
        &self,
        prefix: &str,
        after: Option<&Key>,
        limit: PageLimit,
        now: UnixMillis,
    ) -> Result<KeyPage> {
        let records = self.snapshot()?.open_table(RECORDS).map_err(failed)?;
        let start = match after {
            Some(key) => Bound::Excluded(key.as_str().as_bytes()),
            None => Bound::Included(prefix.as_bytes()),
        };
        let range = records.range::<&[u8]>((start, Bound::Unbounded)).map_err(failed)?;
        let mut page = KeyPage::default();
        let mut last = None;
        for (seen, entry) in range.enumerate() {
            let (key, record) = entry.map_err(failed)?;
            if !key.value().starts_with(prefix.as_bytes()) {
                return Ok(page);
            }
            // There is more: the page ends after the key before.
            if page.keys.len() == limit.get() || seen == limit.get() + PASSED_OVER {
                page.next = last.map(|key: Key| cursor::after(key.as_str()));
                return Ok(page);
            }
            let key = parse(key.value())?;
            if Record::decode(&key, record.value())?.lives(now) {
                page.keys.push(key.clone());
            }
            last = Some(key);
        }
        Ok(page)
    }

    fn snapshot(&self) -> Result<ReadTransaction> {
        self.database.begin_read().map_err(failed)
    }
}

fn read(
    snapshot: &ReadTransaction,
    records: &impl ReadableTable<&'static [u8], &'static [u8]>,
    key: &Key,
    now: UnixMillis,
) -> Result<Option<Value>> {
    let bytes = key.as_str().as_bytes();
    let Some(found) = records.get(bytes).map_err(failed)? else { return Ok(None) };
    let record = Record::decode(key, found.value())?;
    if !record.lives(now) {
        return Ok(None);
    }
    let data = match record.small {
        Some(data) => Bytes::copy_from_slice(data),
        None => {
            let large = snapshot.open_table(LARGE).map_err(failed)?;
            let data = large.get(bytes).map_err(failed)?.ok_or_else(|| record::lost(key))?;
            Bytes::copy_from_slice(data.value())
        }
    };
    Ok(Some(Value { data, etag: Etag::from_version(record.version) }))
}

fn parse(bytes: &[u8]) -> Result<Key> {
    let key = std::str::from_utf8(bytes).ok().and_then(|key| Key::stored(key).ok());
    key.ok_or_else(|| Error::new(Kind::DataLoss, "a key of the store cannot be read back"))
}

fn failed(error: impl Into<redb::Error>) -> Error {
    storage(&error.into())
}
