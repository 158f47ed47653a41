//! The code of versions comes from disk with a call, and goes after a time without one.
//!
//! No call fails for that: what is missing on disk is compiled once more, and the files of a version
//! that is replaced stay until whoever has found it has its code.

use std::sync::Arc;

use ottavo_core::{Error, Kind, Result};
use ottavo_telemetry::field;
use tokio::time::{Instant, timeout_at};

use crate::Functions;
use crate::code::Code;
use crate::engines::Found;
use crate::load::compiled;
use crate::prepare::blocking;
use crate::slot::Slot;
use crate::version::Version;

/// How many rounds a version is watched before its code goes: what is over by less than one of them is
/// not noticed.
const ROUNDS: u32 = 4;

impl Version {
    /// The code for a call, which does not wait for it beyond `until`.
    ///
    /// # Errors
    /// `unavailable` with the reason why it does not load.
    pub(crate) async fn load(self: &Arc<Self>, slot: &Slot, until: Instant) -> Result<Arc<Code>> {
        loop {
            // one of many that come at once
            let turn = timeout_at(until, Arc::clone(&slot.loading).lock_owned()).await;
            if let Some(code) = slot.take() {
                return Ok(code);
            }
            let Ok(turn) = turn else {
                let message = "is compiled once more, which takes longer than its call may";
                return Err(Error::new(Kind::Unavailable, message));
            };
            if let Some(why) = slot.fails() {
                return Err(Error::new(Kind::Unavailable, why));
            }
            match blocking(|| self.find()) {
                Ok(Found::Code(code)) => {
                    slot.put(&code);
                    return Ok(code);
                }
                Err(error) => self.does_not_load(&error),
                Ok(Found::Missing(_)) => {
                    let version = Arc::clone(self);
                    // apart: it goes on when this client is gone, for the next one
                    self.host.shutdown.spawn("compilation of a function", async move {
                        match (&version.code, compiled(&version.host, &version.record).await) {
                            (Ok(slot), Ok(code)) => slot.put(&code),
                            (_, Err(error)) => version.does_not_load(&error),
                            (Err(_), Ok(_)) => {}
                        }
                        drop(turn);
                    });
                }
            }
        }
    }

    /// What is on disk, or what is to be compiled. Blocks.
    fn find(&self) -> Result<Found> {
        let linked = self.host.engines.of(self.record.concurrent)?;
        linked.find(&self.record.component, self.info.limits.memory)
    }

    fn does_not_load(&self, error: &Error) {
        let Ok(slot) = &self.code else { return };
        if slot.fail(&format!("does not load: {error}")) {
            let name = &self.name;
            tracing::error!({ field::FUNCTION } = %name, %error, "a deployed function does not load");
        }
    }

    /// Loads what is on disk, before it is removed from there. Blocks.
    pub(crate) fn hold(&self) {
        if let Ok(slot) = &self.code
            && slot.take().is_none()
            && let Ok(Found::Code(code)) = self.find()
        {
            slot.put(&code);
        }
    }

    /// Why it cannot be called, as far as anybody has found out.
    pub(crate) fn problem(&self) -> Option<String> {
        match &self.code {
            Ok(slot) => slot.problem(),
            Err(why) => Some(why.clone()),
        }
    }
}

impl Functions {
    /// Begins to give back the code of functions that were not called for a while, until shutdown.
    pub fn give_back(self: &Arc<Self>) {
        let functions = Arc::clone(self);
        let round = self.unload_after / ROUNDS;
        self.host.shutdown.spawn("code of functions", async move {
            loop {
                tokio::select! {
                    () = tokio::time::sleep(round) => {}
                    () = functions.host.shutdown.begun() => return,
                }
                let table = functions.table.load_full();
                blocking(|| {
                    for version in table.answering_versions() {
                        version.rest();
                    }
                });
            }
        });
    }
}

impl Version {
    fn rest(&self) {
        // an instance that waits has the code anyhow
        let waits = self.kept.as_ref().is_some_and(|kept| kept.waits());
        if let Ok(slot) = &self.code
            && !waits
        {
            slot.round(ROUNDS);
        }
    }
}
