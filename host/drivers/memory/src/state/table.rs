//! The keys and what they hold, with the time as an argument.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use bytes::Bytes;
use ottavo_blocks::state::{
    Entry, Etag, Expiry, Key, KeyPage, Operation, PageLimit, Removal, Value, cursor, rules,
};
use ottavo_core::Result;
use ottavo_core::clock::UnixMillis;

/// How many expired keys a write collects: more than the one it may add, so that they run out, and
/// few enough that no write pays for many.
const COLLECTED: usize = 8;

/// How many expired keys a page passes over before it ends early.
const PASSED_OVER: usize = 1000;

#[derive(Clone)]
struct Item {
    data: Bytes,
    version: u64,
    expires: Option<UnixMillis>,
}

impl Item {
    fn lives(&self, now: UnixMillis) -> bool {
        self.expires.is_none_or(|at| now < at)
    }
}

/// Every key, and those that expire by when they do.
#[derive(Default)]
pub(super) struct Table {
    items: BTreeMap<Key, Item>,
    by_expiry: BTreeSet<(UnixMillis, Key)>,
    /// The etag given last, over all keys: none ever returns.
    version: u64,
}

/// What undoes a transaction: each key with what it held before, latest last.
type Undo = Vec<(Key, Option<Item>)>;

impl Table {
    pub(super) fn get(&self, key: &Key, now: UnixMillis) -> Option<Value> {
        let item = self.live(key, now)?;
        Some(Value { data: item.data.clone(), etag: Etag::from_version(item.version) })
    }

    pub(super) fn set(&mut self, entry: Entry, now: UnixMillis) -> Result<Etag> {
        let current = self.live(&entry.key, now);
        entry.precondition.check(&entry.key, current.map(|item| item.version))?;
        let expires = entry.expiry.at(now, current.and_then(|item| item.expires));
        let version = self.next_version();
        self.replace(&entry.key, Some(Item { data: entry.data, version, expires }));
        self.collect(now);
        Ok(Etag::from_version(version))
    }

    pub(super) fn remove(&mut self, removal: &Removal, now: UnixMillis) -> Result<()> {
        self.check(removal, now)?;
        self.replace(&removal.key, None);
        self.collect(now);
        Ok(())
    }

    pub(super) fn increment(
        &mut self,
        key: &Key,
        delta: i64,
        initial: Expiry,
        now: UnixMillis,
    ) -> Result<i64> {
        let current = self.live(key, now);
        let sum = rules::sum(key, current.map(|item| &*item.data), delta)?;
        let expires = match current {
            Some(item) => item.expires,
            None => initial.at(now, None),
        };
        let version = self.next_version();
        self.replace(key, Some(Item { data: sum.to_string().into(), version, expires }));
        self.collect(now);
        Ok(sum)
    }

    pub(super) fn transact(
        &mut self,
        operations: Vec<Operation>,
        now: UnixMillis,
    ) -> Result<Vec<Option<Etag>>> {
        let mut undo = Undo::new();
        let mut etags = Vec::with_capacity(operations.len());
        for (index, operation) in operations.into_iter().enumerate() {
            let key = operation.key().clone();
            let before = self.items.get(&key).cloned();
            match self.operate(operation, now) {
                Ok(etag) => etags.push(etag),
                Err(error) => {
                    for (key, before) in undo.into_iter().rev() {
                        self.replace(&key, before);
                    }
                    return Err(error.with_detail("index", index.to_string()));
                }
            }
            undo.push((key, before));
        }
        Ok(etags)
    }

    fn operate(&mut self, operation: Operation, now: UnixMillis) -> Result<Option<Etag>> {
        match operation {
            Operation::Upsert(entry) => self.set(entry, now).map(Some),
            Operation::Remove(removal) => self.remove(&removal, now).map(|()| None),
            Operation::Check(check) => self.check(&check, now).map(|()| None),
            Operation::Increment(key, delta) => {
                self.increment(&key, delta, Expiry::Never, now).map(|_| None)
            }
        }
    }

    pub(super) fn page(
        &self,
        prefix: &str,
        after: Option<&Key>,
        limit: PageLimit,
        now: UnixMillis,
    ) -> KeyPage {
        let start = match after {
            Some(key) => Bound::Excluded(key.as_str()),
            None => Bound::Included(prefix),
        };
        let mut rest = self
            .items
            .range::<str, _>((start, Bound::Unbounded))
            .take_while(|(key, _)| key.as_str().starts_with(prefix))
            .peekable();
        let mut page = KeyPage::default();
        let mut seen = 0;
        while let Some((key, item)) = rest.next() {
            seen += 1;
            if item.lives(now) {
                page.keys.push(key.clone());
            }
            if page.keys.len() == limit.get() || seen == limit.get() + PASSED_OVER {
                page.next = rest.peek().map(|_| cursor::after(key.as_str()));
                break;
            }
        }
        page
    }

    fn live(&self, key: &Key, now: UnixMillis) -> Option<&Item> {
        self.items.get(key).filter(|item| item.lives(now))
    }

    fn check(&self, removal: &Removal, now: UnixMillis) -> Result<()> {
        let version = self.live(&removal.key, now).map(|item| item.version);
        removal.precondition.check(&removal.key, version)
    }

    fn next_version(&mut self) -> u64 {
        self.version += 1;
        self.version
    }

    /// The only place that changes what is held, so that the index follows.
    fn replace(&mut self, key: &Key, item: Option<Item>) {
        if let Some(at) = item.as_ref().and_then(|item| item.expires) {
            self.by_expiry.insert((at, key.clone()));
        }
        let new = item.as_ref().and_then(|item| item.expires);
        let before = match item {
            Some(item) => self.items.insert(key.clone(), item),
            None => self.items.remove(key),
        };
        if let Some(at) = before.and_then(|item| item.expires).filter(|at| Some(*at) != new) {
            self.by_expiry.remove(&(at, key.clone()));
        }
    }

    fn collect(&mut self, now: UnixMillis) {
        for _ in 0..COLLECTED {
            match self.by_expiry.first() {
                Some((at, _)) if *at <= now => {}
                _ => return,
            }
            let Some((_, key)) = self.by_expiry.pop_first() else { return };
            self.items.remove(&key);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn expired_keys_are_collected_by_later_writes_a_few_at_a_time() {
        let mut table = Table::default();
        let key = |name: String| Key::parse(name).expect("valid");
        let count = COLLECTED * 3;
        for i in 0..count {
            let mut entry = Entry::new(key(format!("expires{i}")), "1");
            entry.expiry = Expiry::After(Duration::from_millis(10));
            table.set(entry, 0).expect("set");
        }
        assert_eq!((table.items.len(), table.by_expiry.len()), (count, count));
        for write in 1..=3 {
            table.set(Entry::new(key("stays".to_owned()), "1"), 10).expect("set");
            let left = count - COLLECTED * write;
            assert_eq!((table.items.len(), table.by_expiry.len()), (left + 1, left));
        }
    }

    #[test]
    fn the_index_follows_every_change_of_expiry() {
        let mut table = Table::default();
        let key = Key::parse("a").expect("valid");
        let spans = [Expiry::After(Duration::from_secs(1)), Expiry::Keep, Expiry::Never];
        for (expiry, indexed) in spans.into_iter().zip([1, 1, 0]) {
            let entry = Entry { expiry, ..Entry::new(key.clone(), "1") };
            table.set(entry, 0).expect("set");
            assert_eq!(table.by_expiry.len(), indexed);
        }
    }

    #[test]
    fn a_page_passes_over_a_bounded_number_of_expired_keys() {
        let mut table = Table::default();
        for i in 0..PASSED_OVER + 5 {
            let mut entry = Entry::new(Key::parse(format!("{i:06}")).expect("valid"), "1");
            entry.expiry = Expiry::After(Duration::from_millis(10));
            table.set(entry, 0).expect("set");
        }
        let limit = PageLimit::parse(1).expect("valid");
        let first = table.page("", None, limit, 10);
        assert_eq!(first.keys, []);
        let after = cursor::parse(&first.next.expect("more to see"), "").expect("ours");
        let second = table.page("", Some(&after), limit, 10);
        assert_eq!((second.keys, second.next), (vec![], None));
    }
}
