//! The reference driver: everything in memory, nothing durable.
//!
//! It is the contract at its plainest, passes every suite, and is what to read before writing
//! another driver. Nothing here waits, does I/O, or starts a task: what expires is collected by the
//! writes that follow.

mod binding;
mod config;
mod file;
mod lock;
mod options;
mod pubsub;
mod secret;
mod sequencer;
mod state;

use std::sync::Arc;

use async_trait::async_trait;
use ottavo_blocks::binding::Binding;
use ottavo_blocks::config::Config;
use ottavo_blocks::file::File;
use ottavo_blocks::secret::Secrets;
use ottavo_blocks::state::State;
use ottavo_core::{Result, schema};
use ottavo_registry::{Driver, OpenContext};
use serde_json::Value;

use options::{MemoryOptions, SecretOptions};

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

#[async_trait]
impl Driver<dyn Binding> for Memory {
    fn name(&self) -> &'static str {
        NAME
    }

    fn schema(&self) -> Value {
        schema::of::<MemoryOptions>()
    }

    async fn open(&self, context: OpenContext, table: Value) -> Result<Arc<dyn Binding>> {
        let MemoryOptions {} = ottavo_registry::options(table)?;
        Ok(Arc::new(binding::MemoryBinding::new(context.clock, context.shutdown)))
    }
}

#[async_trait]
impl Driver<dyn Config> for Memory {
    fn name(&self) -> &'static str {
        NAME
    }

    fn schema(&self) -> Value {
        schema::of::<MemoryOptions>()
    }

    async fn open(&self, context: OpenContext, table: Value) -> Result<Arc<dyn Config>> {
        let MemoryOptions {} = ottavo_registry::options(table)?;
        Ok(Arc::new(config::MemoryConfig::new(context.shutdown)))
    }
}

#[async_trait]
impl Driver<dyn Secrets> for Memory {
    fn name(&self) -> &'static str {
        NAME
    }

    fn schema(&self) -> Value {
        schema::of::<SecretOptions>()
    }

    async fn open(&self, _: OpenContext, table: Value) -> Result<Arc<dyn Secrets>> {
        let options = ottavo_registry::options(table)?;
        Ok(Arc::new(secret::MemorySecrets::of(options)?))
    }
}

#[async_trait]
impl Driver<dyn File> for Memory {
    fn name(&self) -> &'static str {
        NAME
    }

    fn schema(&self) -> Value {
        schema::of::<MemoryOptions>()
    }

    async fn open(&self, context: OpenContext, table: Value) -> Result<Arc<dyn File>> {
        let MemoryOptions {} = ottavo_registry::options(table)?;
        Ok(Arc::new(file::MemoryFiles::new(context.clock)))
    }
}

/// The word in `driver = "..."`, and the prefix of this driver's call options.
const NAME: &str = "memory";
