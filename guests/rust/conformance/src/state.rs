//! The nine operations on state.

use std::time::Duration;

use ottavo_sdk::Result;
use ottavo_sdk::state::{Entry, Expiry, Removal, Store, Transaction, Value};

use crate::decode::{Decoder, no_case};
use crate::{encode, unknown};

type Pair<'a> = (&'a str, &'a str);

/// Reads the parameters, makes the call, and encodes its outcome.
pub(crate) fn call(operation: &str, mut call: Decoder<'_>) -> Result<Vec<u8>> {
    let to = &mut Vec::new();
    match operation {
        "get" => {
            let (store, key, options) = (store(&mut call)?, call.string()?, options(&mut call)?);
            call.end()?;
            let outcome = store.get_with(key, &options);
            encode::result(to, outcome, |to, found| encode::option(to, found, value));
        }
        "get-many" => {
            let (store, keys) = (store(&mut call)?, call.list(Decoder::string)?);
            let options = options(&mut call)?;
            call.end()?;
            encode::result(to, store.get_many_with(&keys, &options), |to, outcomes| {
                encode::list(to, outcomes, |to, outcome| {
                    encode::result(to, outcome, |to, found| encode::option(to, found, value));
                });
            });
        }
        "set" => {
            let (store, entry) = (store(&mut call)?, entry(&mut call)?);
            call.end()?;
            encode::result(to, store.set_with(&entry), encode::string);
        }
        "set-many" => {
            let (store, entries) = (store(&mut call)?, call.list(entry)?);
            call.end()?;
            encode::result(to, store.set_many(&entries), |to, outcomes| {
                encode::list(to, outcomes, |to, etag| encode::result(to, etag, encode::string));
            });
        }
        "delete" => {
            let (store, removal) = (store(&mut call)?, removal(&mut call)?);
            call.end()?;
            encode::result(to, store.delete_with(&removal), encode::nothing);
        }
        "delete-many" => {
            let (store, removals) = (store(&mut call)?, call.list(removal)?);
            call.end()?;
            encode::result(to, store.delete_many(&removals), |to, outcomes| {
                encode::list(to, outcomes, |to, done| encode::result(to, done, encode::nothing));
            });
        }
        "transact" => {
            let (store, transaction) = (store(&mut call)?, transaction(&mut call)?);
            call.end()?;
            encode::result(to, store.transact(&transaction), |to, etags| {
                encode::list(to, etags, |to, etag| encode::option(to, etag, encode::string));
            });
        }
        "increment" => {
            let (store, key, delta) = (store(&mut call)?, call.string()?, call.s64()?);
            let initial = expiry(&mut call)?;
            call.end()?;
            let outcome = store.increment_with(key, delta, initial);
            encode::result(to, outcome, |to, sum| to.extend_from_slice(&sum.to_le_bytes()));
        }
        "list-keys" => {
            let (store, prefix) = (store(&mut call)?, call.string()?);
            let (cursor, limit) = (call.option(Decoder::string)?, call.u32()?);
            call.end()?;
            encode::result(to, store.list_page(prefix, cursor, limit), |to, page| {
                encode::list(to, page.keys, encode::string);
                encode::option(to, page.next, encode::string);
            });
        }
        _ => return Err(unknown(&format!("state.{operation}"))),
    }
    Ok(std::mem::take(to))
}

fn value(to: &mut Vec<u8>, found: Value) {
    encode::bytes(to, found.bytes());
    encode::string(to, found.etag());
}

fn store(call: &mut Decoder<'_>) -> Result<Store> {
    Ok(Store::open(call.string()?.to_owned()))
}

fn options<'a>(call: &mut Decoder<'a>) -> Result<Vec<Pair<'a>>> {
    call.list(|call| Ok((call.string()?, call.string()?)))
}

fn entry<'a>(call: &mut Decoder<'a>) -> Result<Entry<'a>> {
    let mut entry = Entry::new(call.string()?, call.bytes()?);
    entry = match call.u8()? {
        0 => entry,
        1 => entry.if_absent(),
        2 => entry.if_match(call.string()?),
        other => return Err(no_case("precondition", other)),
    };
    entry = entry.expiry(expiry(call)?);
    let options = options(call)?;
    Ok(options.into_iter().fold(entry, |entry, (name, value)| entry.option(name, value)))
}

fn removal<'a>(call: &mut Decoder<'a>) -> Result<Removal<'a>> {
    let removal = Removal::new(call.string()?);
    match call.u8()? {
        0 => Ok(removal),
        1 => Ok(removal.if_absent()),
        2 => Ok(removal.if_match(call.string()?)),
        other => Err(no_case("precondition", other)),
    }
}

fn expiry(call: &mut Decoder<'_>) -> Result<Expiry> {
    match call.u8()? {
        0 => Ok(Expiry::Keep),
        1 => Ok(Expiry::Never),
        2 => Ok(Expiry::After(Duration::from_millis(call.u64()?))),
        other => Err(no_case("expiry", other)),
    }
}

fn transaction<'a>(call: &mut Decoder<'a>) -> Result<Transaction<'a>> {
    (0..call.u32()?).try_fold(Transaction::new(), |steps, _| match call.u8()? {
        0 => Ok(steps.upsert(entry(call)?)),
        1 => Ok(steps.remove(removal(call)?)),
        2 => Ok(steps.check(removal(call)?)),
        3 => Ok(steps.increment(call.string()?, call.s64()?)),
        other => Err(no_case("operation", other)),
    })
}
