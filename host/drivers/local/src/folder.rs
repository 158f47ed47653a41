//! The folder of a store: there, private, and on the disk itself.

use std::fs::{DirBuilder, File};
use std::path::Path;

use ottavo_core::Result;

use crate::error;

/// Creates the folder and those above it that are missing, each on the disk before it is used: a
/// file whose folder was lost in a crash is lost, however well it was synced.
pub(crate) fn prepare(folder: &Path) -> Result<()> {
    let missing: Vec<_> = folder.ancestors().take_while(|folder| !folder.exists()).collect();
    for folder in missing.into_iter().rev() {
        match builder().create(folder) {
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            created => created.map_err(|error| error::folder("create", folder, error))?,
        }
        if let Some(parent) = folder.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            sync(parent)?;
        }
    }
    Ok(())
}

/// Puts the names in the folder on the disk.
pub(crate) fn sync(folder: &Path) -> Result<()> {
    let synced = File::open(folder).and_then(|folder| folder.sync_all());
    synced.map_err(|error| error::folder("sync", folder, error))
}

fn builder() -> DirBuilder {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
}
