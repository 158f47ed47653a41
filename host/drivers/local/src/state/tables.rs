//! The tables of the file, and the only functions that change them.
//!
//! Keys are bytes here: text that is damaged must be an error, not a panic in the database.

use std::ops::Bound;

use bytes::Bytes;
use ottavo_blocks::state::Key;
use ottavo_core::clock::UnixMillis;
use redb::{Database, ReadableTable, Table, TableDefinition, WriteTransaction};

use super::record::{self, Record};

/// Key -> record.
pub(super) const RECORDS: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("records");
/// Key -> a value too large for its record.
pub(super) const LARGE: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("large");
/// Expiry, big-endian, and key -> nothing.
pub(super) const EXPIRY: TableDefinition<'_, &[u8], ()> = TableDefinition::new("expiry");
/// Counters of the store itself.
const COUNTERS: TableDefinition<'_, &str, u64> = TableDefinition::new("counters");
/// The etag given last.
const VERSION: &str = "version";

/// Creates what a new file lacks and returns the etag given last.
pub(super) fn create(database: &Database) -> Result<u64, redb::Error> {
    let transaction = database.begin_write()?;
    let last = {
        transaction.open_table(RECORDS)?;
        transaction.open_table(LARGE)?;
        transaction.open_table(EXPIRY)?;
        let counters = transaction.open_table(COUNTERS)?;
        counters.get(VERSION)?.map_or(0, |last| last.value())
    };
    transaction.commit()?;
    Ok(last)
}

/// All tables, open for writing.
pub(super) struct Tables<'t> {
    pub(super) records: Table<'t, &'static [u8], &'static [u8]>,
    large: Table<'t, &'static [u8], &'static [u8]>,
    expiry: Table<'t, &'static [u8], ()>,
    counters: Table<'t, &'static str, u64>,
}

/// What is in the file for a key, as far as a change of it needs to know.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stored {
    pub(super) expires: Option<UnixMillis>,
    pub(super) large: bool,
}

impl<'t> Tables<'t> {
    pub(super) fn open(transaction: &'t WriteTransaction) -> Result<Tables<'t>, redb::Error> {
        Ok(Tables {
            records: transaction.open_table(RECORDS)?,
            large: transaction.open_table(LARGE)?,
            expiry: transaction.open_table(EXPIRY)?,
            counters: transaction.open_table(COUNTERS)?,
        })
    }

    pub(super) fn put(
        &mut self,
        key: &Key,
        stored: Option<Stored>,
        version: u64,
        expires: Option<UnixMillis>,
        data: &Bytes,
    ) -> Result<(), redb::Error> {
        let bytes = key.as_str().as_bytes();
        self.forget(key, stored.filter(|stored| stored.expires != expires))?;
        self.records.insert(bytes, &*record::encode(version, expires, data))?;
        if !record::is_small(data) {
            self.large.insert(bytes, &**data)?;
        } else if stored.is_some_and(|stored| stored.large) {
            self.large.remove(bytes)?;
        }
        if let Some(at) = expires {
            self.expiry.insert(&*expiry_key(at, bytes), ())?;
        }
        Ok(())
    }

    pub(super) fn remove(&mut self, key: &Key, stored: Stored) -> Result<(), redb::Error> {
        self.forget(key, Some(stored))?;
        self.records.remove(key.as_str().as_bytes())?;
        if stored.large {
            self.large.remove(key.as_str().as_bytes())?;
        }
        Ok(())
    }

    fn forget(&mut self, key: &Key, stored: Option<Stored>) -> Result<(), redb::Error> {
        if let Some(at) = stored.and_then(|stored| stored.expires) {
            self.expiry.remove(&*expiry_key(at, key.as_str().as_bytes()))?;
        }
        Ok(())
    }

    pub(super) fn set_version(&mut self, last: u64) -> Result<(), redb::Error> {
        self.counters.insert(VERSION, last)?;
        Ok(())
    }

    /// Removes keys that have expired, at most `limit`, and returns how many.
    pub(super) fn collect(&mut self, now: UnixMillis, limit: usize) -> Result<usize, redb::Error> {
        let mut due = Vec::new();
        for entry in self.expiry.range::<&[u8]>(until(&expiry_key(now.saturating_add(1), &[])))? {
            due.push(entry?.0.value().to_vec());
            if due.len() == limit {
                break;
            }
        }
        for due in &due {
            self.expiry.remove(&**due)?;
            let Some((at, key)) = due.split_first_chunk() else { continue };
            // Never on the word of the index alone.
            if self.expires_at(key, u64::from_be_bytes(*at))? {
                self.records.remove(key)?;
                self.large.remove(key)?;
            }
        }
        Ok(due.len())
    }

    fn expires_at(&self, bytes: &[u8], at: UnixMillis) -> Result<bool, redb::Error> {
        let Some(key) = std::str::from_utf8(bytes).ok().and_then(|key| Key::parse(key).ok()) else {
            return Ok(false);
        };
        let Some(record) = self.records.get(bytes)? else { return Ok(false) };
        Ok(Record::decode(&key, record.value()).is_ok_and(|record| record.expires == Some(at)))
    }
}

/// Whether a key has expired that is still in the file.
pub(super) fn anything_due(database: &Database, now: UnixMillis) -> Result<bool, redb::Error> {
    use redb::ReadableDatabase as _;
    let expiry = database.begin_read()?.open_table(EXPIRY)?;
    let first = expiry.first()?;
    Ok(first.is_some_and(|(key, _)| key.value() < &*expiry_key(now.saturating_add(1), &[])))
}

fn until(end: &[u8]) -> (Bound<&[u8]>, Bound<&[u8]>) {
    (Bound::Unbounded, Bound::Excluded(end))
}

fn expiry_key(at: UnixMillis, key: &[u8]) -> Vec<u8> {
    [&at.to_be_bytes()[..], key].concat()
}
