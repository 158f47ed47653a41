//! The answers of commands and scripts as the contract has them.

use bytes::Bytes;
use ottavo_blocks::state::{Etag, Key, Operation, Precondition, Value, rules};
use ottavo_core::{Error, Kind, Result};
use redis::Value as Reply;

use crate::error::strange;
use crate::script::text_of as text;

/// The fields `data` and `version`; none when a script has to look closer.
pub(super) fn fields(fields: Reply) -> Result<Option<Option<Value>>> {
    let Reply::Array(fields) = fields else { return Err(strange()) };
    let mut fields = fields.into_iter();
    match (fields.next(), fields.next()) {
        (Some(Reply::BulkString(data)), Some(Reply::BulkString(version))) => {
            let etag = counted(version).map(Etag::parse).transpose()?;
            Ok(etag.map(|etag| Some(Value { data: Bytes::from(data), etag })))
        }
        (Some(Reply::Nil), Some(Reply::Nil)) => Ok(Some(None)),
        (Some(_), Some(_)) => Ok(None),
        _ => Err(strange()),
    }
}

/// A version that the scripts would count on, as `load` in `value.lua` decides.
fn counted(version: Vec<u8>) -> Option<String> {
    let digits = version.iter().all(u8::is_ascii_digit) && version.len() <= 15;
    let first = version.first().is_some_and(|digit| *digit != b'0');
    (digits && first).then(|| String::from_utf8(version).ok())?
}

/// Of `get.lua`.
pub(super) fn value(key: &Key, answer: Vec<Reply>) -> Result<Option<Value>> {
    let mut answer = answer.into_iter();
    match (text(answer.next())?.as_str(), answer.next(), answer.next()) {
        ("none", ..) => Ok(None),
        ("foreign", kind, _) => Err(foreign(key, &text(kind)?)),
        ("ok", Some(Reply::BulkString(data)), etag) => {
            Ok(Some(Value { data: Bytes::from(data), etag: Etag::parse(text(etag)?)? }))
        }
        _ => Err(strange()),
    }
}

/// Of `set.lua`.
pub(super) fn etag(key: &Key, precondition: &Precondition, answer: Vec<Reply>) -> Result<Etag> {
    let mut answer = answer.into_iter();
    match (text(answer.next())?.as_str(), text(answer.next())?) {
        ("ok", etag) => Etag::parse(etag),
        (refusal, kind) => Err(refused(key, precondition, refusal, &kind)),
    }
}

/// Of `delete.lua`.
pub(super) fn done(key: &Key, precondition: &Precondition, answer: Vec<Reply>) -> Result<()> {
    let mut answer = answer.into_iter();
    match text(answer.next())?.as_str() {
        "ok" => Ok(()),
        refusal => Err(refused(key, precondition, refusal, &text(answer.next())?)),
    }
}

/// Of `increment.lua`.
pub(super) fn sum(key: &Key, delta: i64, answer: Vec<Reply>) -> Result<i64> {
    let mut answer = answer.into_iter();
    match (text(answer.next())?.as_str(), text(answer.next())?) {
        ("ok", sum) => sum.parse().map_err(|_| strange()),
        (refusal, kind) => Err(no_sum(key, delta, refusal, &kind)),
    }
}

/// Of `transact.lua`.
pub(super) fn etags(operations: &[Operation], answer: Vec<Reply>) -> Result<Vec<Option<Etag>>> {
    let mut answer = answer.into_iter();
    let refusal = text(answer.next())?;
    if refusal != "ok" {
        let index = text(answer.next())?;
        let at = index.parse::<usize>().map_err(|_| strange())?;
        let (operation, kind) = (operations.get(at).ok_or_else(strange)?, text(answer.next())?);
        let any = Precondition::Any;
        let key = operation.key();
        let error = match operation {
            Operation::Upsert(entry) => refused(key, &entry.precondition, &refusal, &kind),
            Operation::Remove(removal) | Operation::Check(removal) => {
                refused(key, &removal.precondition, &refusal, &kind)
            }
            Operation::Increment(_, delta) if refusal != "foreign" => {
                no_sum(key, *delta, &refusal, &kind)
            }
            Operation::Increment(..) => refused(key, &any, &refusal, &kind),
        };
        return Err(error.with_detail("index", index));
    }
    let etag = |(operation, given): (&Operation, Reply)| match operation {
        Operation::Upsert(_) => Etag::parse(text(Some(given))?).map(Some),
        _ => Ok(None),
    };
    if answer.len() != operations.len() {
        return Err(strange());
    }
    operations.iter().zip(answer).map(etag).collect()
}

fn refused(key: &Key, precondition: &Precondition, refusal: &str, kind: &str) -> Error {
    let there = match refusal {
        "exists" | "stale" => Some(0),
        "missing" => None,
        "foreign" => return foreign(key, kind),
        "guarded" => {
            let key = key.as_str().escape_debug();
            let message = format!("key `{key}` was made by a first-write: write it with its etag");
            return Error::new(Kind::Conflict, message);
        }
        _ => return strange(),
    };
    // no key has the version 0, so this says in the words of the contract what redis found
    precondition.check(key, there).err().unwrap_or_else(strange)
}

fn no_sum(key: &Key, delta: i64, refusal: &str, kind: &str) -> Error {
    let beyond = if delta > 0 { i64::MAX } else { i64::MIN }.to_string();
    let found: &[u8] = match refusal {
        "no-integer" => b"",
        "overflow" => beyond.as_bytes(),
        "foreign" => return foreign(key, kind),
        _ => return strange(),
    };
    rules::sum(key, Some(found), delta).err().unwrap_or_else(strange)
}

fn foreign(key: &Key, kind: &str) -> Error {
    let key = key.as_str().escape_debug();
    let message = match kind {
        "hash" => format!("key `{key}` holds a redis hash without the field `data`"),
        kind => format!("key `{key}` holds a redis {kind}"),
    };
    Error::new(Kind::FailedPrecondition, format!("{message}, which is no value of this store"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_version_that_the_scripts_count_on_is_an_etag() {
        let hash = |version: &str| {
            let data = Reply::BulkString(b"x".to_vec());
            fields(Reply::Array(vec![data, Reply::BulkString(version.into())])).expect("fields")
        };
        for good in ["1", "10", "999999999999999"] {
            let value = hash(good).expect("counted").expect("there");
            assert_eq!(value.etag.as_str(), good);
        }
        for bad in ["", "0", "01", "-1", "1.5", "x", "1000000000000000"] {
            assert_eq!(hash(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_refusal_is_said_in_the_words_of_the_contract() {
        let key = Key::parse("a").expect("valid");
        let stale = Precondition::Match(Etag::from_version(3));
        let said = |precondition: &Precondition, refusal: &str| {
            refused(&key, precondition, refusal, "").to_string()
        };
        assert_eq!(said(&Precondition::Absent, "exists"), "key `a` exists already");
        assert_eq!(said(&stale, "missing"), "key `a` does not exist");
        assert_eq!(said(&stale, "stale"), "the etag of key `a` is no longer `3`: read it again");
        for (delta, refusal) in [(1, "overflow"), (-1, "overflow"), (0, "no-integer")] {
            assert_eq!(no_sum(&key, delta, refusal, "").kind(), Kind::FailedPrecondition);
        }
        assert_eq!(foreign(&key, "list").kind(), Kind::FailedPrecondition);
    }
}
