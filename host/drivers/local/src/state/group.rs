//! What one commit will change: requests are evaluated in order against what is in the file and
//! what the requests before them did. The file itself is touched once per key, at the end.

use std::collections::BTreeMap;

use bytes::Bytes;
use ottavo_blocks::state::{Entry, Expiry, Key, Removal, rules};
use ottavo_core::clock::UnixMillis;
use ottavo_core::{Error, Result};
use redb::{ReadableTable, StorageError};

use super::queue::{Answer, Done, Step, Work};
use super::record::Record;
use super::tables::{Stored, Tables};

/// The changes so far.
pub(super) struct Group {
    slots: BTreeMap<Key, Slot>,
    now: UnixMillis,
    last: u64,
}

/// One key that a request has looked at.
#[derive(Clone)]
struct Slot {
    stored: Option<Stored>,
    item: Option<Item>,
}

#[derive(Clone)]
struct Item {
    version: u64,
    expires: Option<UnixMillis>,
    data: Data,
}

#[derive(Clone)]
enum Data {
    /// As in the file.
    Small(Bytes),
    Large,
    /// Written by this group.
    New(Bytes),
}

impl Slot {
    fn is_changed(&self) -> bool {
        match &self.item {
            Some(item) => matches!(item.data, Data::New(_)),
            None => self.stored.is_some(),
        }
    }
}

/// Why a step did not happen.
enum Failure {
    /// For its caller.
    Refused(Error),
    /// For everybody in the group.
    Storage(redb::Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Refused(error)
    }
}

impl From<StorageError> for Failure {
    fn from(error: StorageError) -> Failure {
        Failure::Storage(error.into())
    }
}

type Undo = Vec<(Key, Option<Slot>)>;

impl Group {
    /// `last` is the version given last.
    pub(super) fn new(now: UnixMillis, last: u64) -> Group {
        Group { slots: BTreeMap::new(), now, last }
    }

    /// Evaluates one request.
    ///
    /// # Errors
    /// When the file cannot be read: the group as a whole is lost.
    pub(super) fn run(&mut self, tables: &Tables<'_>, work: &Work) -> Result<Answer, redb::Error> {
        match work {
            Work::Each(steps) => {
                let mut outcomes = Vec::with_capacity(steps.len());
                for step in steps {
                    outcomes.push(match self.step(tables, step) {
                        Ok(done) => Ok(done),
                        Err(Failure::Refused(error)) => Err(error),
                        Err(Failure::Storage(error)) => return Err(error),
                    });
                }
                Ok(Ok(outcomes))
            }
            Work::All(steps) => self.run_all(tables, steps),
        }
    }

    fn run_all(&mut self, tables: &Tables<'_>, steps: &[Step]) -> Result<Answer, redb::Error> {
        let mut undo = Undo::new();
        let mut outcomes = Vec::with_capacity(steps.len());
        for (index, step) in steps.iter().enumerate() {
            let key = step.key();
            undo.push((key.clone(), self.slots.get(key).cloned()));
            match self.step(tables, step) {
                Ok(done) => outcomes.push(Ok(done)),
                Err(Failure::Storage(error)) => return Err(error),
                Err(Failure::Refused(error)) => {
                    for (key, slot) in undo.into_iter().rev() {
                        match slot {
                            Some(slot) => self.slots.insert(key, slot),
                            None => self.slots.remove(&key),
                        };
                    }
                    return Ok(Err(error.with_detail("index", index.to_string())));
                }
            }
        }
        Ok(Ok(outcomes))
    }

    /// Puts the changes into the tables; false when there is none.
    pub(super) fn apply(&self, tables: &mut Tables<'_>) -> Result<bool, redb::Error> {
        let mut changed = false;
        for (key, slot) in self.slots.iter().filter(|(_, slot)| slot.is_changed()) {
            changed = true;
            match (&slot.item, slot.stored) {
                (Some(Item { version, expires, data: Data::New(data) }), stored) => {
                    tables.put(key, stored, *version, *expires, data)?;
                }
                (None, Some(stored)) => tables.remove(key, stored)?,
                (Some(_), _) | (None, None) => {}
            }
        }
        if changed {
            tables.set_version(self.last)?;
        }
        Ok(changed)
    }

    /// The version given last.
    pub(super) fn last(&self) -> u64 {
        self.last
    }

    fn step(&mut self, tables: &Tables<'_>, step: &Step) -> Result<Done, Failure> {
        match step {
            Step::Upsert(entry) => self.upsert(tables, entry),
            Step::Remove(removal) => self.remove(tables, removal),
            Step::Check(removal) => self.check(tables, removal).map(|()| Done::Nothing),
            Step::Increment(key, delta, initial) => self.increment(tables, key, *delta, *initial),
        }
    }

    fn upsert(&mut self, tables: &Tables<'_>, entry: &Entry) -> Result<Done, Failure> {
        let current = self.live(tables, &entry.key)?;
        entry.precondition.check(&entry.key, current.map(|item| item.version))?;
        let kept = current.and_then(|item| item.expires);
        let expires = entry.expiry.at(self.now, kept);
        Ok(Done::Written(self.put(&entry.key, entry.data.clone(), expires)))
    }

    fn remove(&mut self, tables: &Tables<'_>, removal: &Removal) -> Result<Done, Failure> {
        self.check(tables, removal)?;
        self.slot(&removal.key).item = None;
        Ok(Done::Nothing)
    }

    fn check(&mut self, tables: &Tables<'_>, removal: &Removal) -> Result<(), Failure> {
        let version = self.live(tables, &removal.key)?.map(|item| item.version);
        Ok(removal.precondition.check(&removal.key, version)?)
    }

    fn increment(
        &mut self,
        tables: &Tables<'_>,
        key: &Key,
        delta: i64,
        initial: Expiry,
    ) -> Result<Done, Failure> {
        let current = self.live(tables, key)?;
        let data: Option<&[u8]> = current.map(|item| match &item.data {
            Data::Small(data) | Data::New(data) => &**data,
            // No integer is that long.
            Data::Large => &[],
        });
        let sum = rules::sum(key, data, delta)?;
        let kept = current.map(|item| item.expires);
        let expires = kept.unwrap_or_else(|| initial.at(self.now, None));
        self.put(key, sum.to_string().into(), expires);
        Ok(Done::Sum(sum))
    }

    fn put(&mut self, key: &Key, data: Bytes, expires: Option<UnixMillis>) -> u64 {
        self.last += 1;
        let version = self.last;
        self.slot(key).item = Some(Item { version, expires, data: Data::New(data) });
        version
    }

    /// A slot that [`Group::live`] has filled.
    fn slot(&mut self, key: &Key) -> &mut Slot {
        self.slots.get_mut(key).expect("every change looks at its key first")
    }

    fn live(&mut self, tables: &Tables<'_>, key: &Key) -> Result<Option<&Item>, Failure> {
        if !self.slots.contains_key(key) {
            self.slots.insert(key.clone(), load(tables, key)?);
        }
        let item = self.slots.get(key).and_then(|slot| slot.item.as_ref());
        Ok(item.filter(|item| item.expires.is_none_or(|at| self.now < at)))
    }
}

fn load(tables: &Tables<'_>, key: &Key) -> Result<Slot, Failure> {
    let Some(found) = tables.records.get(key.as_str().as_bytes())? else {
        return Ok(Slot { stored: None, item: None });
    };
    let Record { version, expires, small } = Record::decode(key, found.value())?;
    let data = match small {
        Some(data) => Data::Small(Bytes::copy_from_slice(data)),
        None => Data::Large,
    };
    let stored = Stored { expires, large: small.is_none() };
    Ok(Slot { stored: Some(stored), item: Some(Item { version, expires, data }) })
}
