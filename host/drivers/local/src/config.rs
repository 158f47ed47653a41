//! Configuration in files that people may edit: one per scope, `APP-ID/GROUP/LABEL.toml` in the
//! store's folder.
//!
//! Invariants: a file is replaced as a whole, and on the disk before a save is acknowledged; what
//! people write is seen by the next call, and by subscribers within the poll, once it is written whole;
//! a file that makes no sense, or was emptied just now, changes nothing and is not written over. The
//! disk is looked at on threads that may wait.

mod document;
mod file;
mod name;
mod watch;

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use ottavo_blocks::config::{Capability, Config, Item, Key, Scope, Updates, Wanted, check, follow};
use ottavo_core::{CallContext, Error, Result, Shutdown, StoreName};
use parking_lot::Mutex;

use file::{Files, Held};
use watch::Follower;

/// One store.
pub(crate) struct LocalConfig(Arc<Inner>);

pub(crate) struct Inner {
    files: Files,
    /// One at a time: a save reads what is there first.
    writing: Mutex<()>,
    /// Rung after each change of this host.
    bell: tokio::sync::watch::Sender<()>,
    shutdown: Shutdown,
}

impl LocalConfig {
    /// Makes the folder. Blocks.
    pub(crate) fn open(
        store: StoreName,
        folder: PathBuf,
        shutdown: Shutdown,
    ) -> Result<LocalConfig> {
        crate::folder::prepare(&folder)?;
        Ok(LocalConfig(Arc::new(Inner {
            files: Files::new(store, folder),
            writing: Mutex::default(),
            bell: tokio::sync::watch::Sender::new(()),
            shutdown,
        })))
    }

    /// Looks at the disk, on a thread that may wait for it.
    async fn ask<T: Send + 'static>(
        &self,
        look: impl FnOnce(&Inner) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        Inner::ask(&self.0, look).await
    }
}

impl Inner {
    async fn ask<T: Send + 'static>(
        this: &Arc<Inner>,
        look: impl FnOnce(&Inner) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let inner = Arc::clone(this);
        let asked = tokio::task::spawn_blocking(move || look(&inner)).await;
        asked.map_err(|error| Error::internal("the disk was not asked").with_source(error))?
    }

    /// Changes what a scope holds. Blocks.
    fn change(&self, scope: &Scope, change: impl FnOnce(&mut Held)) -> Result<()> {
        {
            let _one = self.writing.lock();
            let before = self.files.sound(scope)?;
            let mut after = (*before).clone();
            change(&mut after);
            if *before == after {
                return Ok(());
            }
            self.files.write(scope, &after)?;
        }
        self.bell.send_replace(());
        Ok(())
    }
}

#[async_trait]
impl Config for LocalConfig {
    fn capabilities(&self) -> &'static [Capability] {
        &[Capability::Durable, Capability::Subscribe]
    }

    async fn health(&self, _: &CallContext) -> Result<()> {
        self.ask(|inner| inner.files.health()).await
    }

    async fn get(&self, _: &CallContext, scope: &Scope, wanted: &Wanted) -> Result<Vec<Item>> {
        let (scope, wanted) = (scope.clone(), wanted.clone());
        self.ask(move |inner| Ok(wanted.among(&*inner.files.read(&scope)?))).await
    }

    async fn save(&self, _: &CallContext, scope: &Scope, items: Vec<Item>) -> Result<()> {
        check(&items)?;
        let scope = scope.clone();
        self.ask(move |inner| {
            inner.change(&scope, |held| {
                for item in items {
                    let item = document::versioned(item);
                    held.insert(item.key.clone(), item);
                }
            })
        })
        .await
    }

    async fn delete(&self, _: &CallContext, scope: &Scope, keys: &[Key]) -> Result<()> {
        let (scope, keys) = (scope.clone(), keys.to_vec());
        self.ask(move |inner| {
            inner.change(&scope, |held| held.retain(|key, _| !keys.contains(key)))
        })
        .await
    }

    async fn subscribe(&self, _: &CallContext, scope: &Scope, wanted: &Wanted) -> Result<Updates> {
        follow(Follower::new(&self.0, scope.clone(), wanted.clone())).await
    }
}
