//! What events come through, and the task behind it.

use std::time::Duration;

use ottavo_core::{FunctionName, Shutdown, StoreName};
use ottavo_manifest::{Schedule, Subscribe};
use tokio::sync::watch::{Receiver, Sender};
use tokio::time::Instant;

use super::watch;

/// One trigger of a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Trigger {
    pub(super) function: FunctionName,
    pub(super) what: What,
}

/// As its manifest has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    Subscribe(Subscribe),
    Schedule(Box<Schedule>),
    Watch(watch::Place),
    Binding(StoreName),
}

/// A task that runs. Dropping it stops the task, once what it has begun is done.
pub(super) struct Running {
    pub(super) trigger: Trigger,
    /// Whether it stands.
    pub(super) ready: Receiver<bool>,
    /// Never sent to.
    pub(super) _stop: Sender<()>,
}

impl Running {
    /// Waits until it stands, or `deadline` passes.
    pub(super) async fn ready(&mut self, deadline: Instant) {
        // too late is what the caller expects to happen
        drop(tokio::time::timeout_at(deadline, self.ready.wait_for(|ready| *ready)).await);
    }
}

/// When a task is to stop, and when it must.
#[derive(Clone)]
pub(super) struct Halt {
    /// Ends with its sender.
    pub(super) stop: Receiver<()>,
    pub(super) shutdown: Shutdown,
    /// How long a call may go on after the shutdown has begun.
    pub(super) patience: Duration,
}

impl Halt {
    /// Resolves once nothing new is to be begun.
    pub(super) async fn soon(&self) {
        let mut stop = self.stop.clone();
        let stopped = async { while stop.changed().await.is_ok() {} };
        tokio::select! {
            () = stopped => {}
            () = self.shutdown.begun() => {}
        }
    }

    /// Resolves once a call under way must be given up. A version that is replaced ends its calls
    /// in their own time.
    pub(super) async fn now(&self) {
        self.shutdown.begun().await;
        tokio::time::sleep(self.patience).await;
    }
}
