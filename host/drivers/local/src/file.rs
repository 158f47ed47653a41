//! The database file of a store, opened in its folder.

use ottavo_core::Result;
use ottavo_registry::OpenContext;
use redb::{Builder, Database, DatabaseError};

use crate::options::LocalOptions;
use crate::{blocking, error, folder};

/// Opens or creates the file of this name.
pub(crate) async fn open(
    context: &OpenContext,
    file: &'static str,
    options: &LocalOptions,
) -> Result<Database> {
    let (store, folder, cache) = (context.name.clone(), context.folder.clone(), options.cache);
    blocking(move || {
        folder::prepare(&folder)?;
        let mut builder = Builder::new();
        builder.set_cache_size(cache.as_usize());
        // Called while the whole file is read to repair it, which can take minutes.
        builder.set_repair_callback(move |repair| {
            let percent = (repair.progress() * 100.0).round();
            tracing::warn!(%store, percent, "repairing a store that was not closed");
        });
        let path = folder.join(file);
        let database = builder.create(&path).map_err(|error| error::open(&path, error))?;
        folder::sync(&folder)?;
        Ok(database)
    })
    .await
}

/// Opens what is not a file.
pub(crate) async fn open_on(
    open: impl FnOnce(&Builder) -> Result<Database, DatabaseError> + Send + 'static,
) -> Result<Database> {
    let open = move || {
        let path = "the given storage".as_ref();
        open(&Builder::new()).map_err(|error| error::open(path, error))
    };
    blocking(open).await
}
