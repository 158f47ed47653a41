//! Configuration items in memory.
//!
//! One map under one lock, and one bell that is rung after each change: whoever follows a scope then
//! looks at it.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use ottavo_blocks::config::{
    Capability, Config, Item, Key, Scope, Source, Updates, Wanted, check, follow,
};
use ottavo_core::{CallContext, Error, Kind, Result, Shutdown};
use parking_lot::RwLock;
use tokio::sync::watch;

/// One store.
pub(crate) struct MemoryConfig(Arc<Inner>);

struct Inner {
    table: RwLock<Table>,
    bell: watch::Sender<()>,
    shutdown: Shutdown,
}

#[derive(Default)]
struct Table {
    scopes: BTreeMap<Scope, BTreeMap<Key, Item>>,
    /// Counts the changes; gives the versions.
    changes: u64,
}

impl MemoryConfig {
    pub(crate) fn new(shutdown: Shutdown) -> MemoryConfig {
        let (table, bell) = (RwLock::default(), watch::Sender::new(()));
        MemoryConfig(Arc::new(Inner { table, bell, shutdown }))
    }
}

impl Inner {
    fn get(&self, scope: &Scope, wanted: &Wanted) -> Vec<Item> {
        let table = self.table.read();
        table.scopes.get(scope).map_or_else(Vec::new, |items| wanted.among(items))
    }
}

#[async_trait]
impl Config for MemoryConfig {
    fn capabilities(&self) -> &'static [Capability] {
        &[Capability::Subscribe]
    }

    async fn get(&self, _: &CallContext, scope: &Scope, wanted: &Wanted) -> Result<Vec<Item>> {
        Ok(self.0.get(scope, wanted))
    }

    async fn save(&self, _: &CallContext, scope: &Scope, items: Vec<Item>) -> Result<()> {
        check(&items)?;
        {
            let mut table = self.0.table.write();
            let Table { scopes, changes } = &mut *table;
            let held = scopes.entry(scope.clone()).or_default();
            for item in items {
                *changes += 1;
                held.insert(item.key.clone(), Item { version: changes.to_string(), ..item });
            }
        }
        self.0.bell.send_replace(());
        Ok(())
    }

    async fn delete(&self, _: &CallContext, scope: &Scope, keys: &[Key]) -> Result<()> {
        {
            let mut table = self.0.table.write();
            let Some(held) = table.scopes.get_mut(scope) else { return Ok(()) };
            for key in keys {
                held.remove(key);
            }
            if held.is_empty() {
                table.scopes.remove(scope);
            }
        }
        self.0.bell.send_replace(());
        Ok(())
    }

    async fn subscribe(&self, _: &CallContext, scope: &Scope, wanted: &Wanted) -> Result<Updates> {
        follow(Follower {
            store: Arc::clone(&self.0),
            scope: scope.clone(),
            wanted: wanted.clone(),
            bell: self.0.bell.subscribe(),
        })
        .await
    }
}

/// One subscriber.
struct Follower {
    store: Arc<Inner>,
    scope: Scope,
    wanted: Wanted,
    bell: watch::Receiver<()>,
}

#[async_trait]
impl Source for Follower {
    async fn look(&mut self) -> Result<Vec<Item>> {
        // before the look: what changes during it is looked at again
        self.bell.mark_unchanged();
        Ok(self.store.get(&self.scope, &self.wanted))
    }

    async fn changed(&mut self) -> Result<()> {
        tokio::select! {
            rung = self.bell.changed() => rung.map_err(|_| stopping()),
            () = self.store.shutdown.begun() => Err(stopping()),
        }
    }
}

fn stopping() -> Error {
    Error::new(Kind::Unavailable, "the host stops")
}
