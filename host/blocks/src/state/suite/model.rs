//! A plain model of a state store, and random steps that a store must answer as the model does.
//!
//! The steps are made from bytes, so that a property test can draw, shrink and print them.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use bytes::Bytes;
use ottavo_core::clock::{ManualClock, UnixMillis};
use ottavo_core::context::new_request_id;
use ottavo_core::{CallContext, Caller, Clock, Kind};

use crate::Options;
use crate::state::{
    Entry, Etag, Expiry, Key, Operation, PageLimit, Precondition, Removal, State, Value,
};
use crate::suite::{Verdict, ensure, equal};

/// What one step is made from.
pub type Seed = [u8; 4];

/// Few keys, some the beginning of others, so that steps meet.
const NAMES: [&str; 6] = ["a", "ab", "b", "b/1", "b/2", "ü"];

/// Makes each step on the store and on the model, and compares all they hold after each.
///
/// # Errors
/// The first difference.
pub async fn check(store: &dyn State, clock: &ManualClock, seeds: &[Seed]) -> Result<(), String> {
    let prefix = format!("model/{:016x}/", fastrand::u64(..));
    let mut run = Run { store, clock, prefix, model: Model::default(), etags: HashMap::new() };
    for (index, seed) in seeds.iter().enumerate() {
        let at = |failure| format!("step {index}, {seed:?}: {failure}");
        run.step(*seed).await.map_err(at)?;
        run.compare(seed[3]).await.map_err(at)?;
    }
    Ok(())
}

/// Counts the writes: the model's etag.
type Version = u64;

#[derive(Clone, Debug, PartialEq, Eq)]
struct Held {
    data: Vec<u8>,
    version: Version,
    expires: Option<UnixMillis>,
}

#[derive(Clone, Debug, Default)]
struct Model {
    held: BTreeMap<&'static str, Held>,
    /// The version before the one held, for stale etags.
    old: BTreeMap<&'static str, Version>,
    last: Version,
}

/// A precondition by version.
#[derive(Clone, Copy, Debug)]
enum If {
    Any,
    Absent,
    Is(Version),
}

#[derive(Clone, Debug)]
enum Act {
    Set(&'static str, Vec<u8>, If, Expiry),
    Remove(&'static str, If),
    Check(&'static str, If),
    Add(&'static str, i64, Expiry),
}

impl Model {
    fn expire(&mut self, now: UnixMillis) {
        self.held.retain(|_, held| held.expires.is_none_or(|at| at > now));
    }

    fn holds(&self, name: &str, condition: If) -> Result<(), Kind> {
        let holds = match (condition, self.held.get(name)) {
            (If::Any, _) | (If::Absent, None) => true,
            (If::Is(version), Some(held)) => held.version == version,
            _ => false,
        };
        if holds { Ok(()) } else { Err(Kind::Conflict) }
    }

    fn put(&mut self, name: &'static str, data: Vec<u8>, expires: Option<UnixMillis>) -> Version {
        self.last += 1;
        let held = Held { data, version: self.last, expires };
        if let Some(before) = self.held.insert(name, held) {
            self.old.insert(name, before.version);
        }
        self.last
    }

    /// The version of a `Set`, if it is one.
    fn act(&mut self, act: &Act, now: UnixMillis) -> Result<Option<Version>, Kind> {
        let version = match act {
            Act::Set(name, data, condition, expiry) => {
                self.holds(name, *condition)?;
                let expires = self.expires(name, *expiry, now);
                Some(self.put(name, data.clone(), expires))
            }
            Act::Remove(name, condition) => {
                self.holds(name, *condition)?;
                if let Some(before) = self.held.remove(name) {
                    self.old.insert(name, before.version);
                }
                None
            }
            Act::Check(name, condition) => self.holds(name, *condition).map(|()| None)?,
            Act::Add(name, delta, initial) => {
                let sum = self.sum(name, *delta)?;
                let initial = if self.held.contains_key(name) { Expiry::Keep } else { *initial };
                let expires = self.expires(name, initial, now);
                self.put(name, sum.to_string().into_bytes(), expires);
                None
            }
        };
        self.expire(now);
        Ok(version)
    }

    fn expires(&self, name: &str, expiry: Expiry, now: UnixMillis) -> Option<UnixMillis> {
        match expiry {
            Expiry::Keep => self.held.get(name).and_then(|held| held.expires),
            Expiry::Never => None,
            Expiry::After(span) => Some(now + span.as_millis() as u64),
        }
    }

    fn sum(&self, name: &str, delta: i64) -> Result<i64, Kind> {
        let Some(held) = self.held.get(name) else { return Ok(delta) };
        let number: Option<i64> = std::str::from_utf8(&held.data).ok().and_then(|t| t.parse().ok());
        number.and_then(|number| number.checked_add(delta)).ok_or(Kind::FailedPrecondition)
    }
}

/// A store and a model side by side.
struct Run<'a> {
    store: &'a dyn State,
    clock: &'a ManualClock,
    prefix: String,
    model: Model,
    etags: HashMap<Version, Etag>,
}

impl Run<'_> {
    async fn step(&mut self, [what, a, b, c]: Seed) -> Verdict {
        match what % 10 {
            0..=2 => self.one(self.set(a, b, c)).await,
            3 => self.one(self.remove(a, b)).await,
            4 | 5 => self.add(self.increment(a, b, c)).await,
            6 => {
                self.clock.advance(Duration::from_secs(u64::from(a % 8)));
                self.model.expire(self.clock.now());
                Ok(())
            }
            7 => self.many([self.set(a, b, c), self.set(b, c, a), self.set(c, a, b)]).await,
            _ => {
                let acts = [(a, b, c), (b, c, a), (c, a, b)];
                let acts = acts.map(|(a, b, c)| match (a ^ b ^ c) % 4 {
                    0 | 1 => self.set(a, b, c),
                    2 => self.remove(a, b),
                    _ if c % 2 == 0 => Act::Check(name(a), self.condition(a, b)),
                    _ => Act::Add(name(a), i64::from(b), Expiry::Keep),
                });
                self.transact(&acts).await
            }
        }
    }

    fn set(&self, a: u8, b: u8, c: u8) -> Act {
        let data = match c % 5 {
            0 => Vec::new(),
            1 => vec![b, c, 0, 0xff],
            2 => i64::MAX.to_string().into_bytes(),
            _ => c.to_string().into_bytes(),
        };
        let expiry = match b / 4 % 5 {
            0 | 1 => Expiry::Keep,
            2 => Expiry::Never,
            3 => Expiry::After(Duration::from_secs(u64::from(c % 6))),
            _ => Expiry::After(Duration::from_secs(3600)),
        };
        Act::Set(name(a), data, self.condition(a, b), expiry)
    }

    fn remove(&self, a: u8, b: u8) -> Act {
        Act::Remove(name(a), self.condition(a, b))
    }

    fn increment(&self, a: u8, b: u8, c: u8) -> Act {
        let initial = match c % 3 {
            0 => Expiry::Keep,
            1 => Expiry::Never,
            _ => Expiry::After(Duration::from_secs(2)),
        };
        Act::Add(name(a), i64::from(b) - 100, initial)
    }

    fn condition(&self, a: u8, b: u8) -> If {
        let version = match b % 4 {
            0 => return If::Any,
            1 => return If::Absent,
            2 => self.model.held.get(name(a)).map(|held| held.version),
            _ => self.model.old.get(name(a)).copied(),
        };
        // A version that was overwritten within its transaction has an etag nobody has seen.
        version.filter(|version| self.etags.contains_key(version)).map_or(If::Any, If::Is)
    }

    async fn one(&mut self, act: Act) -> Verdict {
        let now = self.clock.now();
        let expected = self.model.act(&act, now);
        match self.operation(&act) {
            Operation::Upsert(entry) => {
                let got = self.store.set(&cx(), entry).await.map(Some);
                self.same(expected, got)
            }
            Operation::Remove(removal) => {
                self.same(expected, self.store.delete(&cx(), removal).await.map(|()| None))
            }
            other => unreachable!("not a step of its own: {other:?}"),
        }
    }

    async fn add(&mut self, act: Act) -> Verdict {
        let Act::Add(name, delta, initial) = act else { unreachable!("an increment") };
        let sum = self.model.sum(name, delta);
        let expected = self.model.act(&act, self.clock.now()).and(sum);
        let got = self.store.increment(&cx(), &self.key(name), delta, initial).await;
        equal!(got.map_err(|error| error.kind()), expected, "increment");
        Ok(())
    }

    /// Three writes to different keys: the order within a batch is not promised.
    async fn many(&mut self, acts: [Act; 3]) -> Verdict {
        let mut acts = acts.to_vec();
        let mut seen = Vec::new();
        acts.retain(|act| {
            let Act::Set(name, ..) = act else { return false };
            let new = !seen.contains(name);
            seen.push(*name);
            new
        });
        let now = self.clock.now();
        let expected: Vec<_> = acts.iter().map(|act| self.model.act(act, now)).collect();
        let entries = acts.iter().map(|act| match self.operation(act) {
            Operation::Upsert(entry) => entry,
            other => unreachable!("not a write: {other:?}"),
        });
        let entries = entries.collect();
        let got = self.store.set_many(&cx(), entries).await.map_err(|e| format!("{e:?}"))?;
        equal!(got.len(), expected.len(), "outcomes of set-many");
        for (expected, got) in expected.into_iter().zip(got) {
            self.same(expected, got.map(Some))?;
        }
        Ok(())
    }

    async fn transact(&mut self, acts: &[Act]) -> Verdict {
        let now = self.clock.now();
        let mut next = self.model.clone();
        let mut expected = Vec::new();
        let mut failed = None;
        for (index, act) in acts.iter().enumerate() {
            match next.act(act, now) {
                Ok(version) => expected.push(version),
                Err(kind) => {
                    failed = Some((kind, index));
                    break;
                }
            }
        }
        let operations = acts.iter().map(|act| self.operation(act)).collect();
        let got = self.store.transact(&cx(), operations).await;
        match (failed, got) {
            (None, Ok(etags)) => {
                self.model = next;
                equal!(etags.len(), expected.len(), "answers of a transaction");
                for (version, etag) in expected.into_iter().zip(etags) {
                    self.same(Ok(version), Ok(etag))?;
                }
                Ok(())
            }
            (Some((kind, index)), Err(error)) => {
                equal!(error.kind(), kind, "the error of a transaction");
                equal!(error.detail("index"), Some(&*index.to_string()), "the detail `index`");
                Ok(())
            }
            (failed, got) => Err(format!("transact: expected failure {failed:?}, got {got:?}")),
        }
    }

    /// The same kind of error, or an etag for the same version.
    fn same(
        &mut self,
        expected: Result<Option<Version>, Kind>,
        got: ottavo_core::Result<Option<Etag>>,
    ) -> Verdict {
        match (expected, got) {
            (Ok(None), Ok(None)) => Ok(()),
            (Ok(Some(version)), Ok(Some(etag))) => self.learn(version, etag),
            (Err(kind), Err(error)) if error.kind() == kind => Ok(()),
            (expected, got) => Err(format!("expected {expected:?}, got {got:?}")),
        }
    }

    /// One version has one etag, and no other version has it.
    fn learn(&mut self, version: Version, etag: Etag) -> Verdict {
        let known = self.etags.entry(version).or_insert_with(|| etag.clone());
        equal!(&etag, known, "the etag of one version");
        let givers = self.etags.values().filter(|given| **given == etag).count();
        ensure!(givers == 1, "the etag {etag:?} was given {givers} times");
        Ok(())
    }

    fn operation(&self, act: &Act) -> Operation {
        match act {
            Act::Set(name, data, condition, expiry) => Operation::Upsert(Entry {
                precondition: self.precondition(*condition),
                expiry: *expiry,
                ..Entry::new(self.key(name), data.clone())
            }),
            Act::Remove(name, condition) => Operation::Remove(self.removal(name, *condition)),
            Act::Check(name, condition) => Operation::Check(self.removal(name, *condition)),
            Act::Add(name, delta, _) => Operation::Increment(self.key(name), *delta),
        }
    }

    fn removal(&self, name: &str, condition: If) -> Removal {
        Removal { key: self.key(name), precondition: self.precondition(condition) }
    }

    fn precondition(&self, condition: If) -> Precondition {
        match condition {
            If::Any => Precondition::Any,
            If::Absent => Precondition::Absent,
            If::Is(version) => Precondition::Match(self.etags[&version].clone()),
        }
    }

    fn key(&self, name: &str) -> Key {
        Key::parse(format!("{}{name}", self.prefix)).expect("the names are valid")
    }

    /// Every key as the model has it, by reading and by listing.
    async fn compare(&mut self, random: u8) -> Verdict {
        let keys: Vec<_> = NAMES.iter().map(|name| self.key(name)).collect();
        let got = self.store.get_many(&cx(), &keys, &Options::default()).await;
        let got = got.map_err(|error| format!("get-many: {error:?}"))?;
        for (name, got) in NAMES.into_iter().zip(got) {
            let got = got.map_err(|error| format!("get `{name}`: {error:?}"))?;
            let held = self.model.held.get(name).cloned();
            let data = held.as_ref().map(|held| Bytes::from(held.data.clone()));
            equal!(got.as_ref().map(|value| value.data.clone()), data, "the value of `{name}`");
            if let (Some(held), Some(Value { etag, .. })) = (held, got) {
                self.learn(held.version, etag)?;
            }
        }
        let rest = ["", "a", "b/"][usize::from(random % 3)];
        let there =
            NAMES.iter().filter(|n| n.starts_with(rest) && self.model.held.contains_key(*n));
        let expected: Vec<_> = there.map(|name| self.key(name)).collect();
        let listed = self.list(rest, 1 + u32::from(random % 4)).await?;
        equal!(listed, expected, "keys of `{rest}`");
        Ok(())
    }

    async fn list(&self, rest: &str, limit: u32) -> Verdict<Vec<Key>> {
        let prefix = format!("{}{rest}", self.prefix);
        let limit = PageLimit::parse(limit).expect("1 to 4");
        let (mut keys, mut cursor) = (Vec::new(), None::<String>);
        loop {
            let page = self.store.list_keys(&cx(), &prefix, cursor.as_deref(), limit).await;
            let page = page.map_err(|error| format!("list-keys: {error:?}"))?;
            keys.extend(page.keys);
            cursor = page.next;
            if cursor.is_none() {
                keys.sort();
                return Ok(keys);
            }
        }
    }
}

fn name(byte: u8) -> &'static str {
    NAMES[usize::from(byte) % NAMES.len()]
}

fn cx() -> CallContext {
    CallContext::new(new_request_id(), Caller::Anonymous, Duration::from_secs(60))
}
