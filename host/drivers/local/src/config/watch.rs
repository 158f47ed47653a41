//! One subscriber: woken by what this host saves, and looking at the file for what people write.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ottavo_blocks::config::{Item, Scope, Source, Wanted};
use ottavo_core::{Error, Kind, Result};
use tokio::sync::watch;

use super::Inner;
use super::file::{Stamp, TICK};

/// How long what people write may stay unseen.
const POLL: Duration = Duration::from_secs(1);

/// How often a file that is being written is looked at before it is read as it is.
const PATIENCE: u32 = 20;

pub(super) struct Follower {
    store: Arc<Inner>,
    scope: Scope,
    wanted: Wanted,
    bell: watch::Receiver<()>,
    /// Of the file that was looked at last.
    stamp: Option<Stamp>,
}

impl Follower {
    pub(super) fn new(store: &Arc<Inner>, scope: Scope, wanted: Wanted) -> Follower {
        let bell = store.bell.subscribe();
        Follower { store: Arc::clone(store), scope, wanted, bell, stamp: None }
    }

    async fn stamp(&self) -> Result<Option<Stamp>> {
        let scope = self.scope.clone();
        Inner::ask(&self.store, move |inner| inner.files.stamp(&scope)).await
    }
}

#[async_trait]
impl Source for Follower {
    async fn look(&mut self) -> Result<Vec<Item>> {
        // both before the look: what changes during it is looked at again
        self.bell.mark_unchanged();
        self.stamp = self.stamp().await?;
        let (scope, wanted) = (self.scope.clone(), self.wanted.clone());
        Inner::ask(&self.store, move |inner| Ok(wanted.among(&*inner.files.read(&scope)?))).await
    }

    async fn changed(&mut self) -> Result<()> {
        let (mut pause, mut patience) = (POLL, PATIENCE);
        loop {
            tokio::select! {
                rung = self.bell.changed() => return rung.map_err(|_| stopping()),
                () = self.store.shutdown.begun() => return Err(stopping()),
                () = tokio::time::sleep(pause) => {
                    let now = self.stamp().await?;
                    let written = now.is_some_and(|stamp| !stamp.settled);
                    if now == self.stamp && !written {
                        (pause, patience) = (POLL, PATIENCE);
                    } else if written && patience > 0 {
                        // half of it would be told as the loss of the rest
                        (pause, patience) = (TICK, patience - 1);
                    } else {
                        return Ok(());
                    }
                }
            }
        }
    }
}

fn stopping() -> Error {
    Error::new(Kind::Unavailable, "the host stops")
}
