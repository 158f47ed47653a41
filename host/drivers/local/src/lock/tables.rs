//! The tables of the file, and the only functions that change them; the time is an argument.

use ottavo_blocks::Key;
use ottavo_blocks::lock::waiting::Attempt;
use ottavo_blocks::lock::{Lease, Owner, Release, Ttl, rules};
use ottavo_core::clock::UnixMillis;
use ottavo_core::{Error, Kind, Result};
use redb::{Database, ReadableDatabase, ReadableTable, Table, TableDefinition, WriteTransaction};

use crate::commits::{Commit, Failure};
use crate::error::storage;

/// Resource -> token and expiry, little-endian, and the owner.
const LOCKS: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("locks");
/// Expiry, big-endian, and resource -> nothing.
const EXPIRY: TableDefinition<'_, &[u8], ()> = TableDefinition::new("expiry");
/// Counters of the store itself.
const COUNTERS: TableDefinition<'_, &str, u64> = TableDefinition::new("counters");
/// The token given last, over all resources.
const TOKEN: &str = "token";

/// How many expired locks each new one collects: more than one, so that they run out.
const COLLECTED: usize = 8;

/// Creates what a new file lacks.
pub(super) fn create(database: &Database) -> Result<(), redb::Error> {
    let transaction = database.begin_write()?;
    transaction.open_table(LOCKS)?;
    transaction.open_table(EXPIRY)?;
    transaction.open_table(COUNTERS)?;
    Ok(transaction.commit()?)
}

/// Until when a resource is held, in what is on the disk.
pub(super) fn held(
    database: &Database,
    resource: &Key,
    now: UnixMillis,
) -> Result<Option<UnixMillis>> {
    let found = || {
        let locks = database.begin_read()?.open_table(LOCKS)?;
        let found = locks.get(bytes(resource))?;
        Ok::<_, redb::Error>(found.map(|found| found.value().to_vec()))
    };
    let Some(found) = found().map_err(|error| storage(&error))? else { return Ok(None) };
    let held = Held::decode(resource, &found)?;
    Ok(held.lives(now).then_some(held.expires))
}

/// The lock, or until when somebody else has it.
pub(super) fn take(
    commit: &mut Commit<'_>,
    resource: &Key,
    owner: &Owner,
    ttl: Ttl,
    now: UnixMillis,
) -> Result<Attempt<UnixMillis>, Failure> {
    let found = load(commit, resource)?;
    if let Some(held) = found.as_ref().filter(|held| held.lives(now)) {
        return Ok(Attempt::Held(held.expires));
    }
    let mut tables = Tables::open(commit.write())?;
    let token = rules::next_token(tables.token()?, now);
    let expires = rules::expires(now, ttl);
    tables.remove(resource, found.as_ref())?;
    tables.collect(now)?;
    tables.counters.insert(TOKEN, token)?;
    tables.insert(resource, &Held { token, expires, owner: owner.as_str().as_bytes().to_vec() })?;
    Ok(Attempt::Taken(lease(owner, token, ttl)))
}

pub(super) fn renew(
    commit: &mut Commit<'_>,
    resource: &Key,
    owner: &Owner,
    ttl: Ttl,
    now: UnixMillis,
) -> Result<Lease, Failure> {
    let found = load(commit, resource)?.filter(|held| held.lives(now));
    let Some(held) = found.filter(|held| held.is_by(owner)) else {
        return Err(rules::not_held(resource, owner).into());
    };
    let mut tables = Tables::open(commit.write())?;
    tables.remove(resource, Some(&held))?;
    let token = held.token;
    tables.insert(resource, &Held { expires: rules::expires(now, ttl), ..held })?;
    Ok(lease(owner, token, ttl))
}

pub(super) fn release(
    commit: &mut Commit<'_>,
    resource: &Key,
    owner: &Owner,
    now: UnixMillis,
) -> Result<Release, Failure> {
    match load(commit, resource)?.filter(|held| held.lives(now)) {
        None => Ok(Release::NotHeld),
        Some(held) if !held.is_by(owner) => Ok(Release::HeldByOther),
        Some(held) => {
            Tables::open(commit.write())?.remove(resource, Some(&held))?;
            Ok(Release::Released)
        }
    }
}

fn load(commit: &Commit<'_>, resource: &Key) -> Result<Option<Held>, Failure> {
    let locks = commit.read().open_table(LOCKS)?;
    let Some(found) = locks.get(bytes(resource))? else { return Ok(None) };
    Ok(Some(Held::decode(resource, found.value())?))
}

struct Tables<'t> {
    locks: Table<'t, &'static [u8], &'static [u8]>,
    expiry: Table<'t, &'static [u8], ()>,
    counters: Table<'t, &'static str, u64>,
}

impl<'t> Tables<'t> {
    fn open(transaction: &'t WriteTransaction) -> Result<Tables<'t>, Failure> {
        Ok(Tables {
            locks: transaction.open_table(LOCKS)?,
            expiry: transaction.open_table(EXPIRY)?,
            counters: transaction.open_table(COUNTERS)?,
        })
    }

    fn token(&self) -> Result<u64, Failure> {
        Ok(self.counters.get(TOKEN)?.map_or(0, |token| token.value()))
    }

    fn insert(&mut self, resource: &Key, held: &Held) -> Result<(), Failure> {
        self.locks.insert(bytes(resource), &*held.encode())?;
        self.expiry.insert(&*expiry_key(held.expires, bytes(resource)), ())?;
        Ok(())
    }

    fn remove(&mut self, resource: &Key, held: Option<&Held>) -> Result<(), Failure> {
        let Some(held) = held else { return Ok(()) };
        self.locks.remove(bytes(resource))?;
        self.expiry.remove(&*expiry_key(held.expires, bytes(resource)))?;
        Ok(())
    }

    /// Removes some of the locks that have expired.
    fn collect(&mut self, now: UnixMillis) -> Result<(), Failure> {
        let end = expiry_key(now.saturating_add(1), &[]);
        let mut due = Vec::new();
        for entry in self.expiry.range::<&[u8]>(..&*end)?.take(COLLECTED) {
            due.push(entry?.0.value().to_vec());
        }
        for due in due {
            self.expiry.remove(&*due)?;
            let Some((at, resource)) = due.split_first_chunk() else { continue };
            // never on the word of the index alone
            let found = self.locks.get(resource)?.and_then(|found| Held::parse(found.value()));
            let expired = found.is_some_and(|held| held.expires == u64::from_be_bytes(*at));
            if expired {
                self.locks.remove(resource)?;
            }
        }
        Ok(())
    }
}

/// One lock.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Held {
    token: u64,
    expires: UnixMillis,
    owner: Vec<u8>,
}

impl Held {
    fn encode(&self) -> Vec<u8> {
        [&self.token.to_le_bytes()[..], &self.expires.to_le_bytes(), &self.owner].concat()
    }

    fn decode(resource: &Key, bytes: &[u8]) -> Result<Held> {
        Held::parse(bytes).ok_or_else(|| {
            let resource = resource.as_str().escape_debug();
            Error::new(Kind::DataLoss, format!("the lock of `{resource}` cannot be read back"))
        })
    }

    fn parse(bytes: &[u8]) -> Option<Held> {
        let (token, rest) = number(bytes)?;
        let (expires, owner) = number(rest)?;
        (!owner.is_empty()).then(|| Held { token, expires, owner: owner.to_vec() })
    }

    fn lives(&self, now: UnixMillis) -> bool {
        now < self.expires
    }

    fn is_by(&self, owner: &Owner) -> bool {
        self.owner == owner.as_str().as_bytes()
    }
}

fn lease(owner: &Owner, fencing_token: u64, ttl: Ttl) -> Lease {
    Lease { owner: owner.clone(), fencing_token, remaining: ttl.duration() }
}

fn number(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let (number, rest) = bytes.split_first_chunk()?;
    Some((u64::from_le_bytes(*number), rest))
}

fn bytes(resource: &Key) -> &[u8] {
    resource.as_str().as_bytes()
}

fn expiry_key(at: UnixMillis, resource: &[u8]) -> Vec<u8> {
    [&at.to_be_bytes()[..], resource].concat()
}
