//! The files of a folder as an input binding: each that is new, changed or gone.
//!
//! Invariants: a folder is walked by handles and no link is followed, so that nothing outside of it is
//! told; a file is told when it has stayed as it is for a while; what a listener has not asked for is
//! looked at again rather than queued. Deliberately absent: the contents of files (a store of files on
//! the same folder has them), and any account of what was told beyond the end of a listener.

mod bell;
mod binding;
mod changes;
mod options;
mod walk;

use std::sync::Arc;

use async_trait::async_trait;
use ottavo_blocks::binding::Binding;
use ottavo_core::{Result, schema};
use ottavo_registry::{Driver, OpenContext};
use serde_json::Value;

use binding::FileWatchBinding;
use options::FileWatchOptions;

/// The driver `file-watch`.
pub struct FileWatch;

#[async_trait]
impl Driver<dyn Binding> for FileWatch {
    fn name(&self) -> &'static str {
        NAME
    }

    fn schema(&self) -> Value {
        schema::of::<FileWatchOptions>()
    }

    fn check(&self, table: &Value) -> Result<()> {
        ottavo_registry::options::<FileWatchOptions>(table.clone())?.check()
    }

    async fn open(&self, context: OpenContext, table: Value) -> Result<Arc<dyn Binding>> {
        let options: FileWatchOptions = ottavo_registry::options(table)?;
        options.check()?;
        Ok(Arc::new(FileWatchBinding::new(options, context.clock, context.shutdown)))
    }
}

/// The word in `driver = "..."`.
const NAME: &str = "file-watch";
