//! The thread that advances the epoch.
//!
//! A thread of its own, never a task: a task would not run while every worker is busy with guests,
//! which is when it is needed.

use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use ottavo_core::{Error, Result};

/// How often busy guests are looked at.
pub(crate) const TICK: Duration = Duration::from_millis(10);

/// Ends with the value.
pub(crate) struct Ticker {
    stop: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Ticker {
    pub(crate) fn start(engine: &wasmtime::Engine) -> Result<Ticker> {
        let engine = engine.weak();
        let (stop, stopped) = sync_channel::<()>(0);
        let run = move || {
            while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(TICK) {
                let Some(engine) = engine.upgrade() else { break };
                engine.increment_epoch();
            }
        };
        let thread = std::thread::Builder::new()
            .name("epoch".into())
            .spawn(run)
            .map_err(|error| Error::internal("cannot start the epoch thread").with_source(error))?;
        Ok(Ticker { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the epoch thread panicked");
        }
    }
}
