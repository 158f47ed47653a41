//! One subscriber: looks when it hears of a change, and every few seconds.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ottavo_blocks::config::{Item, Scope, Source, Wanted};
use ottavo_core::context::new_request_id;
use ottavo_core::{CallContext, Caller, Error, Kind, Result};
use tokio::sync::watch;

use super::Inner;

/// How long a change may stay unseen of which redis did not tell.
const POLL: Duration = Duration::from_secs(5);

/// For redis to answer.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) struct Follower {
    store: Arc<Inner>,
    scope: Scope,
    wanted: Wanted,
    bell: watch::Receiver<()>,
    /// That of the last look.
    revision: String,
}

impl Follower {
    pub(super) fn new(store: &Arc<Inner>, scope: Scope, wanted: Wanted) -> Follower {
        let bell = store.ears.bell();
        Follower { store: Arc::clone(store), scope, wanted, bell, revision: String::new() }
    }
}

fn cx() -> CallContext {
    CallContext::new(new_request_id(), Caller::Anonymous, PATIENCE)
}

#[async_trait]
impl Source for Follower {
    async fn look(&mut self) -> Result<Vec<Item>> {
        // before the look: what changes during it is looked at again
        self.bell.mark_unchanged();
        let (revision, items) = self.store.read(&cx(), &self.scope, &self.wanted).await?;
        self.revision = revision;
        Ok(items)
    }

    async fn changed(&mut self) -> Result<()> {
        loop {
            tokio::select! {
                rung = self.bell.changed() => rung.map_err(|_| stopping())?,
                () = tokio::time::sleep(POLL) => {}
                () = self.store.ears.stopped() => return Err(stopping()),
            }
            if self.store.revision(&cx(), &self.scope).await? != self.revision {
                return Ok(());
            }
        }
    }
}

fn stopping() -> Error {
    Error::new(Kind::Unavailable, "the host stops")
}
