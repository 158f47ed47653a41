//! The connection on which redis tells of changes: one per store, made when somebody first
//! subscribes, and made again when it was lost.
//!
//! What it hears is only a reason to look. A change of the connection itself is one too: while it was
//! away, a message may have been missed.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ottavo_core::Shutdown;
use tokio::sync::watch;

use super::BEGINNING;
use crate::reach::{Node, Reach};

/// Between one attempt to connect and the next.
const PAUSE: Duration = Duration::from_secs(1);

pub(super) struct Ears {
    inner: Arc<Inner>,
    shutdown: Shutdown,
    begun: AtomicBool,
}

struct Inner {
    reach: Reach,
    timeout: Duration,
    bell: Arc<watch::Sender<()>>,
}

impl Ears {
    pub(super) fn new(reach: Reach, timeout: Duration, shutdown: Shutdown) -> Ears {
        let inner = Inner { reach, timeout, bell: Arc::new(watch::Sender::new(())) };
        Ears { inner: Arc::new(inner), shutdown, begun: AtomicBool::new(false) }
    }

    /// Rings when something may have changed.
    pub(super) fn bell(&self) -> watch::Receiver<()> {
        if !self.begun.swap(true, Ordering::AcqRel) {
            let (inner, shutdown) = (Arc::clone(&self.inner), self.shutdown.clone());
            self.shutdown.spawn("redis-config", async move {
                tokio::select! {
                    () = inner.listen() => {}
                    () = shutdown.begun() => {}
                }
            });
        }
        self.inner.bell.subscribe()
    }

    /// Resolves once the host stops.
    pub(super) async fn stopped(&self) {
        self.shutdown.begun().await;
    }
}

impl Inner {
    async fn listen(&self) {
        let mut rung = self.bell.subscribe();
        loop {
            if let Some(node) = self.subscribe().await {
                self.bell.send_replace(());
                while node.lives() {
                    // each message rings, and so does the end of the connection
                    if rung.changed().await.is_err() {
                        return;
                    }
                }
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// None when redis cannot be reached: subscribers find that out by themselves.
    async fn subscribe(&self) -> Option<Node> {
        let bell = Arc::clone(&self.bell);
        let heard = move || {
            bell.send_replace(());
        };
        let pattern = format!("{BEGINNING}*");
        let made = self.reach.listen(self.timeout, &pattern, heard);
        tokio::time::timeout(self.timeout, made).await.ok()?.ok()
    }
}
