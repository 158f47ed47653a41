//! Secrets from a file, or from a folder with a file for each.
//!
//! Invariants: nothing is read that others on the machine may read; what changes on the disk is seen
//! by the next call, which looks at the file and reads it only when it is another. No text of a file
//! is in any error. Deliberately absent: a task that watches, and writing.

mod folder;
mod options;
mod secret;
mod table;
mod text;

use std::sync::Arc;

use async_trait::async_trait;
use ottavo_blocks::secret::Secrets;
use ottavo_core::{Error, Result, schema};
use ottavo_registry::{Driver, OpenContext};
use serde_json::Value;

use options::FileOptions;
use secret::FileSecrets;

/// The driver `file`.
pub struct File;

#[async_trait]
impl Driver<dyn Secrets> for File {
    fn name(&self) -> &'static str {
        NAME
    }

    fn schema(&self) -> Value {
        schema::of::<FileOptions>()
    }

    async fn open(&self, context: OpenContext, table: Value) -> Result<Arc<dyn Secrets>> {
        let options: FileOptions = ottavo_registry::options(table)?;
        let opened = tokio::task::spawn_blocking(|| FileSecrets::open(context.name, options.path));
        let opened = opened.await;
        let opened =
            opened.map_err(|error| Error::internal("cannot open the store").with_source(error));
        Ok(Arc::new(opened??))
    }
}

/// The word in `driver = "..."`.
const NAME: &str = "file";
