//! Embedded durable storage in the data directory.
//!
//! Invariants: what was acknowledged is on the disk; one thread writes, so that writes have an
//! order and share their syncs; readers never wait for it. Deliberately absent: a log of our own
//! (the database has crash safety), a task per write, and sharing between hosts.

mod error;
mod folder;
mod options;
mod state;

use std::sync::Arc;

use async_trait::async_trait;
use ottavo_blocks::state::State;
use ottavo_core::{Clock, Error, Result, Shutdown, schema};
use ottavo_registry::{Driver, OpenContext};
use redb::{Builder, Database, DatabaseError};
use serde_json::Value;

use options::LocalOptions;
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
        let LocalOptions { cache } = ottavo_registry::options(table)?;
        let file = context.folder.join("state.redb");
        let (name, path) = (context.name.clone(), file.clone());
        let open = move || {
            folder::prepare(&context.folder)?;
            let mut builder = Builder::new();
            builder.set_cache_size(cache.as_usize());
            // Called while the whole file is read to repair it, which can take minutes.
            builder.set_repair_callback(move |repair| {
                let percent = (repair.progress() * 100.0).round();
                tracing::warn!(store = %name, percent, "repairing a store that was not closed");
            });
            let database = builder.create(&file).map_err(|error| error::open(&path, error))?;
            folder::sync(&context.folder)?;
            Ok(database)
        };
        let database = blocking(open).await?;
        Ok(Arc::new(start(database, context.clock, &context.shutdown).await?))
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
    let database = blocking(move || {
        let path = "the given storage".as_ref();
        open(&Builder::new()).map_err(|error| error::open(path, error))
    });
    Ok(Arc::new(start(database.await?, clock, shutdown).await?))
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
