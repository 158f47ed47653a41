//! State: which keys a grant covers, batches with an outcome for each item, and the prefix that the
//! store has for its keys. Grants and errors speak of the caller's keys, the driver of prefixed ones.

use ottavo_blocks::Options;
use ottavo_blocks::state::{
    Entry, Etag, Expiry, Key, KeyPage, Operation, PageLimit, Removal, State, Value,
};
use ottavo_core::Result;

use crate::scope::Scope;
use crate::{batch, prefix};

/// The calls of one session on one state store, as of [`State`].
///
/// Items of a batch come as results: what a door could not decode is answered in its place. A batch
/// of more than [`MAX_BATCH`](ottavo_blocks::state::MAX_BATCH) items is `too-large`.
pub struct StateCalls<'a>(pub(crate) Scope<'a, dyn State>);

impl StateCalls<'_> {
    /// As [`State::get`].
    pub async fn get(&self, key: Key, options: Options) -> Result<Option<Value>> {
        let scope = &self.0;
        scope
            .run("get", async {
                scope.allow(key.as_str())?;
                scope.live().get(&scope.session.cx, &scope.hold(key), &options).await
            })
            .await
    }

    /// As [`State::get_many`].
    pub async fn get_many(
        &self,
        keys: impl ExactSizeIterator<Item = Result<Key>>,
        options: Options,
    ) -> Result<Vec<Result<Option<Value>>>> {
        let scope = &self.0;
        let keys = scope.allow_each(keys, Key::as_str)?;
        scope
            .run("get-many", async {
                batch::each(keys, async |keys| {
                    let outcomes =
                        scope.live().get_many(&scope.session.cx, &keys, &options).await?;
                    Ok(scope.own_each(outcomes))
                })
                .await
            })
            .await
    }

    /// As [`State::set`].
    pub async fn set(&self, entry: Entry) -> Result<Etag> {
        let scope = &self.0;
        scope
            .run("set", async {
                scope.allow(entry.key.as_str())?;
                scope.live().set(&scope.session.cx, scope.hold(entry)).await
            })
            .await
    }

    /// As [`State::set_many`].
    pub async fn set_many(
        &self,
        entries: impl ExactSizeIterator<Item = Result<Entry>>,
    ) -> Result<Vec<Result<Etag>>> {
        let scope = &self.0;
        let entries = scope.allow_each(entries, |entry| entry.key.as_str())?;
        scope
            .run("set-many", async {
                batch::each(entries, async |entries| {
                    let outcomes = scope.live().set_many(&scope.session.cx, entries).await?;
                    Ok(scope.own_each(outcomes))
                })
                .await
            })
            .await
    }

    /// As [`State::delete`].
    pub async fn delete(&self, removal: Removal) -> Result<()> {
        let scope = &self.0;
        scope
            .run("delete", async {
                scope.allow(removal.key.as_str())?;
                scope.live().delete(&scope.session.cx, scope.hold(removal)).await
            })
            .await
    }

    /// As [`State::delete_many`].
    pub async fn delete_many(
        &self,
        removals: impl ExactSizeIterator<Item = Result<Removal>>,
    ) -> Result<Vec<Result<()>>> {
        let scope = &self.0;
        let removals = scope.allow_each(removals, |removal| removal.key.as_str())?;
        scope
            .run("delete-many", async {
                batch::each(removals, async |removals| {
                    let outcomes = scope.live().delete_many(&scope.session.cx, removals).await?;
                    Ok(scope.own_each(outcomes))
                })
                .await
            })
            .await
    }

    /// As [`State::transact`].
    pub async fn transact(&self, operations: Vec<Operation>) -> Result<Vec<Option<Etag>>> {
        let scope = &self.0;
        scope
            .run("transact", async {
                batch::check(operations.len())?;
                for (index, operation) in operations.iter().enumerate() {
                    let allowed = scope.allow(operation.key().as_str());
                    allowed.map_err(|error| error.with_detail("index", index.to_string()))?;
                }
                let operations =
                    operations.into_iter().map(|operation| scope.hold(operation)).collect();
                scope.live().transact(&scope.session.cx, operations).await
            })
            .await
    }

    /// As [`State::increment`].
    pub async fn increment(&self, key: Key, delta: i64, initial: Expiry) -> Result<i64> {
        let scope = &self.0;
        scope
            .run("increment", async {
                scope.allow(key.as_str())?;
                scope.live().increment(&scope.session.cx, &scope.hold(key), delta, initial).await
            })
            .await
    }

    /// As [`State::list_keys`]. All keys with the prefix must be within the grant.
    pub async fn list_keys(
        &self,
        prefix: &str,
        cursor: Option<&str>,
        limit: PageLimit,
    ) -> Result<KeyPage> {
        let scope = &self.0;
        scope
            .run("list-keys", async {
                Key::check_prefix(prefix)?;
                scope.allow_all(prefix)?;
                let held = prefix::join(scope.prefix(), prefix);
                let page = scope.live().list_keys(&scope.session.cx, &held, cursor, limit).await?;
                Ok(prefix::known(scope.prefix(), page))
            })
            .await
    }
}
