//! Embedded durable storage in the data directory.
//!
//! Invariants: what was acknowledged is on the disk; one thread writes, so that writes have an
//! order and share their syncs; readers never wait for it. Deliberately absent: a log of our own
//! (the database has crash safety), a task per write, and sharing between hosts.

mod commits;
mod config;
mod error;
mod file;
mod files;
mod folder;
mod lock;
mod options;
mod pubsub;
mod sequencer;
mod state;

use std::sync::Arc;

use async_trait::async_trait;
use ottavo_blocks::config::Config;
use ottavo_blocks::file::File;
use ottavo_blocks::lock::Lock;
use ottavo_blocks::pubsub::PubSub;
use ottavo_blocks::sequencer::Sequencer;
use ottavo_blocks::state::State;
use ottavo_core::{Clock, Error, Result, Shutdown, schema};
use ottavo_registry::{Driver, OpenContext};
use redb::{Builder, Database, DatabaseError};
use serde_json::Value;

use config::LocalConfig;
use files::{LocalFiles, Root};
use options::{ConfigOptions, FileOptions, LocalOptions, PubSubOptions};
use state::LocalState;

/// The driver `local`.
pub struct Local;

#[async_trait]
impl Driver<dyn State> for Local {
    fn name(&self) -> &'static str {
        NAME
    }

    fn schema(&self) -> Value {
        schema::of::<LocalOptions>()
    }

    async fn open(&self, context: OpenContext, table: Value) -> Result<Arc<dyn State>> {
        let options: LocalOptions = ottavo_registry::options(table)?;
        let database = file::open(&context, "state.redb", &options).await?;
        Ok(Arc::new(start(database, context.clock, &context.shutdown).await?))
    }
}

#[async_trait]
impl Driver<dyn Config> for Local {
    fn name(&self) -> &'static str {
        NAME
    }

    fn schema(&self) -> Value {
        schema::of::<ConfigOptions>()
    }

    async fn open(&self, context: OpenContext, table: Value) -> Result<Arc<dyn Config>> {
        let ConfigOptions {} = ottavo_registry::options(table)?;
        let OpenContext { name, folder, shutdown, .. } = context;
        Ok(Arc::new(blocking(move || LocalConfig::open(name, folder, shutdown)).await?))
    }
}

#[async_trait]
impl Driver<dyn File> for Local {
    fn name(&self) -> &'static str {
        NAME
    }

    fn schema(&self) -> Value {
        schema::of::<FileOptions>()
    }

    async fn open(&self, context: OpenContext, table: Value) -> Result<Arc<dyn File>> {
        let FileOptions { root } = ottavo_registry::options(table)?;
        let root = root.unwrap_or_else(|| context.folder.join("files"));
        let root = blocking(move || Root::take(&root)).await?;
        Ok(Arc::new(LocalFiles::new(root)))
    }
}

/// Opens a store on storage that is not a file in the data directory: for tests of durability, and
/// for embedders with storage of their own.
///
/// # Errors
/// As [`Local::open`].
pub async fn open_on(
    open: impl FnOnce(&Builder) -> Result<Database, DatabaseError> + Send + 'static,
    clock: Arc<dyn Clock>,
    shutdown: &Shutdown,
) -> Result<Arc<dyn State>> {
    Ok(Arc::new(start(file::open_on(open).await?, clock, shutdown).await?))
}

/// The same, a store of locks.
///
/// # Errors
/// As [`Local::open`].
pub async fn open_lock_on(
    open: impl FnOnce(&Builder) -> Result<Database, DatabaseError> + Send + 'static,
    clock: Arc<dyn Clock>,
    shutdown: &Shutdown,
) -> Result<Arc<dyn Lock>> {
    Ok(Arc::new(lock::start(file::open_on(open).await?, clock, shutdown).await?))
}

/// The same, a store of ids.
///
/// # Errors
/// As [`Local::open`].
pub async fn open_sequencer_on(
    open: impl FnOnce(&Builder) -> Result<Database, DatabaseError> + Send + 'static,
) -> Result<Arc<dyn Sequencer>> {
    Ok(Arc::new(sequencer::start(file::open_on(open).await?).await?))
}

/// The same, a store of events.
///
/// # Errors
/// As [`Local::open`].
pub async fn open_pubsub_on(
    open: impl FnOnce(&Builder) -> Result<Database, DatabaseError> + Send + 'static,
    clock: Arc<dyn Clock>,
    shutdown: &Shutdown,
) -> Result<Arc<dyn PubSub>> {
    let (database, options) = (file::open_on(open).await?, PubSubOptions::default());
    Ok(Arc::new(pubsub::start(database, &options, clock, shutdown).await?))
}

/// The word in `driver = "..."`, and the prefix of this driver's call options.
const NAME: &str = "local";

async fn start(
    database: Database,
    clock: Arc<dyn Clock>,
    shutdown: &Shutdown,
) -> Result<LocalState> {
    let shutdown = shutdown.clone();
    blocking(move || LocalState::start(database, clock, &shutdown)).await
}

/// Opening reads and syncs the disk.
async fn blocking<T: Send + 'static>(
    open: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let opened = tokio::task::spawn_blocking(open).await;
    opened.map_err(|error| Error::internal("cannot open the store").with_source(error))?
}
