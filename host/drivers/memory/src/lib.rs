//! The reference driver: everything in memory, nothing durable.
//!
//! It is the contract at its plainest, passes every suite, and is what to read before writing
//! another driver. Nothing here waits, does I/O, or starts a task: what expires is collected by the
//! writes that follow.

mod lock;
mod options;
mod pubsub;
mod sequencer;
mod state;

use std::sync::Arc;

use async_trait::async_trait;
use ottavo_blocks::state::State;
use ottavo_core::{Result, schema};
use ottavo_registry::{Driver, OpenContext};
use serde_json::Value;

use options::MemoryOptions;

/// The driver `memory`.
pub struct Memory;

#[async_trait]
impl Driver<dyn State> for Memory {
    fn name(&self) -> &'static str {
        NAME
    }

    fn schema(&self) -> Value {
        schema::of::<MemoryOptions>()
    }

    async fn open(&self, context: OpenContext, table: Value) -> Result<Arc<dyn State>> {
        let MemoryOptions {} = ottavo_registry::options(table)?;
        Ok(Arc::new(state::MemoryState::new(context.clock)))
    }
}

/// The word in `driver = "..."`, and the prefix of this driver's call options.
const NAME: &str = "memory";
