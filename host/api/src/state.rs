//! State: which keys a grant covers, batches with an outcome for each item, and the prefix that the
//! store has for its keys. Grants and errors speak of the caller's keys, the driver of prefixed ones.

use ottavo_blocks::Options;
use ottavo_blocks::state::{
    Entry, Etag, Expiry, Key, KeyPage, Operation, PageLimit, Removal, State, Value,
};
use ottavo_core::{Error, Result};
use ottavo_registry::Store;

use crate::grants::KeyGrant;
use crate::{Session, batch, call, prefix};

/// The calls of one session on one state store, as of [`State`].
///
/// Items of a batch come as results: what a door could not decode is answered in its place. A batch
/// of more than [`MAX_BATCH`](ottavo_blocks::state::MAX_BATCH) items is `too-large`.
pub struct StateCalls<'a> {
    session: &'a Session,
    store: &'a Store<dyn State>,
    grant: &'a KeyGrant,
}

impl<'a> StateCalls<'a> {
    pub(crate) fn new(
        session: &'a Session,
        store: &'a Store<dyn State>,
        grant: &'a KeyGrant,
    ) -> StateCalls<'a> {
        StateCalls { session, store, grant }
    }

    /// As [`State::get`].
    pub async fn get(&self, key: Key, options: Options) -> Result<Option<Value>> {
        self.run("get", async {
            self.allow(key.as_str())?;
            self.live().get(&self.session.cx, &self.hold(key), &options).await
        })
        .await
    }

    /// As [`State::get_many`].
    pub async fn get_many(
        &self,
        keys: impl ExactSizeIterator<Item = Result<Key>>,
        options: Options,
    ) -> Result<Vec<Result<Option<Value>>>> {
        let keys = self.allow_each(keys, Key::as_str)?;
        self.run("get-many", async {
            batch::each(keys, async |keys| {
                let outcomes = self.live().get_many(&self.session.cx, &keys, &options).await?;
                Ok(self.own_each(outcomes))
            })
            .await
        })
        .await
    }

    /// As [`State::set`].
    pub async fn set(&self, entry: Entry) -> Result<Etag> {
        self.run("set", async {
            self.allow(entry.key.as_str())?;
            self.live().set(&self.session.cx, self.hold(entry)).await
        })
        .await
    }

    /// As [`State::set_many`].
    pub async fn set_many(
        &self,
        entries: impl ExactSizeIterator<Item = Result<Entry>>,
    ) -> Result<Vec<Result<Etag>>> {
        let entries = self.allow_each(entries, |entry| entry.key.as_str())?;
        self.run("set-many", async {
            batch::each(entries, async |entries| {
                let outcomes = self.live().set_many(&self.session.cx, entries).await?;
                Ok(self.own_each(outcomes))
            })
            .await
        })
        .await
    }

    /// As [`State::delete`].
    pub async fn delete(&self, removal: Removal) -> Result<()> {
        self.run("delete", async {
            self.allow(removal.key.as_str())?;
            self.live().delete(&self.session.cx, self.hold(removal)).await
        })
        .await
    }

    /// As [`State::delete_many`].
    pub async fn delete_many(
        &self,
        removals: impl ExactSizeIterator<Item = Result<Removal>>,
    ) -> Result<Vec<Result<()>>> {
        let removals = self.allow_each(removals, |removal| removal.key.as_str())?;
        self.run("delete-many", async {
            batch::each(removals, async |removals| {
                let outcomes = self.live().delete_many(&self.session.cx, removals).await?;
                Ok(self.own_each(outcomes))
            })
            .await
        })
        .await
    }

    /// As [`State::transact`].
    pub async fn transact(&self, operations: Vec<Operation>) -> Result<Vec<Option<Etag>>> {
        self.run("transact", async {
            batch::check(operations.len())?;
            for (index, operation) in operations.iter().enumerate() {
                let allowed = self.allow(operation.key().as_str());
                allowed.map_err(|error| error.with_detail("index", index.to_string()))?;
            }
            let operations = operations.into_iter().map(|operation| self.hold(operation)).collect();
            self.live().transact(&self.session.cx, operations).await
        })
        .await
    }

    /// As [`State::increment`].
    pub async fn increment(&self, key: Key, delta: i64, initial: Expiry) -> Result<i64> {
        self.run("increment", async {
            self.allow(key.as_str())?;
            self.live().increment(&self.session.cx, &self.hold(key), delta, initial).await
        })
        .await
    }

    /// As [`State::list_keys`]. The prefix itself must be within the grant.
    pub async fn list_keys(
        &self,
        prefix: &str,
        cursor: Option<&str>,
        limit: PageLimit,
    ) -> Result<KeyPage> {
        self.run("list-keys", async {
            Key::check_prefix(prefix)?;
            self.allow(prefix)?;
            let held = prefix::join(self.store.key_prefix(), prefix);
            let page = self.live().list_keys(&self.session.cx, &held, cursor, limit).await?;
            Ok(prefix::known(self.store.key_prefix(), page))
        })
        .await
    }

    async fn run<T>(
        &self,
        operation: &'static str,
        call: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let meter = self.session.api.meter(self.store.place());
        let target = call::Target { block: "state", operation, store: self.store.name(), meter };
        let own = async { call.await.map_err(|error| self.own(error)) };
        call::run(&self.session.cx, target, own).await
    }

    /// As the driver holds it.
    fn hold<T: prefix::Prefixed>(&self, item: T) -> T {
        item.within(self.store.key_prefix())
    }

    /// In the words of the caller.
    fn own(&self, error: Error) -> Error {
        prefix::own(self.store.key_prefix(), error)
    }

    /// The outcomes of a batch, in the words of the caller.
    fn own_each<T>(&self, outcomes: Vec<Result<T>>) -> Vec<Result<T>> {
        let own = |outcome: Result<T>| outcome.map_err(|error| self.own(error));
        outcomes.into_iter().map(own).collect()
    }

    fn live(&self) -> &'a dyn State {
        &**self.store.live()
    }

    fn allow(&self, key: &str) -> Result<()> {
        self.grant.check(&self.session.cx.caller, self.store.name(), key)
    }

    /// Items are taken, and so decoded, only when there are not too many.
    fn allow_each<I: prefix::Prefixed>(
        &self,
        items: impl ExactSizeIterator<Item = Result<I>>,
        key: fn(&I) -> &str,
    ) -> Result<Vec<Result<I>>> {
        batch::check(items.len())?;
        let allow = |item: Result<I>| {
            let item = item?;
            self.allow(key(&item)).map(|()| self.hold(item))
        };
        Ok(items.map(allow).collect())
    }
}
