//! The app id of one case, with the calls that cases make most.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use ottavo_core::context::new_request_id;
use ottavo_core::{CallContext, Caller, Result};

use super::{Capability, Config, Harness};
use crate::config::{Item, Key, Scope, Update, Updates, Wanted};
use crate::suite::{Verdict, ok};

/// How long a change may take to be told.
const PATIENCE: Duration = Duration::from_secs(30);

/// A part of the store that no other case touches.
pub(crate) struct Space {
    pub(super) store: Arc<dyn Config>,
    app_id: String,
}

impl crate::suite::Space for Space {
    type Store = dyn Config;
    type Capability = Capability;

    fn claimed(store: &dyn Config) -> &'static [Capability] {
        store.capabilities()
    }

    fn new(_: &str, harness: &Harness) -> Space {
        let app_id = format!("suite-{:016x}", fastrand::u64(..));
        Space { store: Arc::clone(&harness.store), app_id }
    }
}

impl Space {
    pub(super) fn cx(&self) -> CallContext {
        CallContext::new(new_request_id(), Caller::Anonymous, Duration::from_secs(60))
    }

    pub(super) fn scope(&self) -> Scope {
        self.scope_of("", "")
    }

    pub(super) fn scope_of(&self, group: &str, label: &str) -> Scope {
        Scope::parse(self.app_id.as_str(), group, label).expect("cases use valid words")
    }

    pub(super) async fn save(&self, items: &[(&str, &str)]) -> Verdict {
        self.save_in(&self.scope(), items).await
    }

    pub(super) async fn save_in(&self, scope: &Scope, items: &[(&str, &str)]) -> Verdict {
        let items = items.iter().map(|(name, value)| Item::new(key(name), *value)).collect();
        ok(self.store.save(&self.cx(), scope, items).await, "save")
    }

    pub(super) async fn try_save(&self, items: Vec<Item>) -> Result<()> {
        self.store.save(&self.cx(), &self.scope(), items).await
    }

    pub(super) async fn delete(&self, keys: &[&str]) -> Verdict {
        let keys: Vec<_> = keys.iter().map(|name| key(name)).collect();
        ok(self.store.delete(&self.cx(), &self.scope(), &keys).await, "delete")
    }

    pub(super) async fn items(&self, scope: &Scope, wanted: &Wanted) -> Verdict<Vec<Item>> {
        ok(self.store.get(&self.cx(), scope, wanted).await, "get")
    }

    /// One item, which must exist.
    pub(super) async fn item(&self, name: &str) -> Verdict<Item> {
        let mut items = self.items(&self.scope(), &Wanted::Keys(vec![key(name)])).await?;
        items.pop().ok_or_else(|| format!("get `{name}`: expected an item, got none"))
    }

    /// Keys and values, in the order they come.
    pub(super) async fn values(&self, wanted: &[&str]) -> Verdict<Vec<(String, String)>> {
        self.values_in(&self.scope(), wanted).await
    }

    pub(super) async fn values_in(
        &self,
        scope: &Scope,
        wanted: &[&str],
    ) -> Verdict<Vec<(String, String)>> {
        Ok(self.items(scope, &only(wanted)).await?.into_iter().map(pair).collect())
    }

    pub(super) async fn follow(&self, wanted: &[&str]) -> Verdict<Follower> {
        let updates = self.store.subscribe(&self.cx(), &self.scope(), &only(wanted)).await;
        Ok(Follower { updates: ok(updates, "subscribe")?, known: BTreeMap::new() })
    }
}

/// One subscriber, with what it was told.
pub(super) struct Follower {
    updates: Updates,
    known: BTreeMap<String, String>,
}

impl Follower {
    /// The next update.
    pub(super) async fn next(&mut self) -> Verdict<Update> {
        let update = tokio::time::timeout(PATIENCE, self.updates.next()).await;
        let update = update.map_err(|_| "no update in time".to_owned())?;
        let update = ok(update.ok_or("the updates ended")?, "an update")?;
        for key in &update.deleted {
            self.known.remove(key.as_str());
        }
        self.known.extend(update.items.iter().cloned().map(pair));
        Ok(update)
    }

    /// Takes updates until they have led to these items.
    pub(super) async fn until(&mut self, items: &[(&str, &str)]) -> Verdict {
        let items = items.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        let expected: BTreeMap<_, _> = items.collect();
        while self.known != expected {
            self.next().await.map_err(|why| {
                format!("{why}: expected the updates to lead to {expected:?}, got {:?}", self.known)
            })?;
        }
        Ok(())
    }
}

pub(super) fn key(name: &str) -> Key {
    Key::parse(name).expect("cases use valid keys")
}

/// None: every one.
fn only(wanted: &[&str]) -> Wanted {
    match wanted.is_empty() {
        true => Wanted::All,
        false => Wanted::Keys(wanted.iter().map(|name| key(name)).collect()),
    }
}

fn pair(item: Item) -> (String, String) {
    (item.key.into_string(), item.value)
}

/// Keys and values as `values` gives them.
pub(super) fn pairs(items: &[(&str, &str)]) -> Vec<(String, String)> {
    items.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}
