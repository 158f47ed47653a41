//! The relays: the folder `conformance` of every guest language.

use std::fs;
use std::path::{Path, PathBuf};

/// One guest language.
pub(crate) struct Guest {
    /// Its folder's name under `guests/`.
    pub(crate) language: String,
    /// Its relay's function.
    pub(crate) folder: PathBuf,
}

/// Every language, by name.
pub(crate) fn all() -> Vec<Guest> {
    let guests = Path::new(env!("CARGO_MANIFEST_DIR")).join("guests");
    let mut all: Vec<Guest> = fs::read_dir(guests)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|folder| folder.join("guest.toml").is_file())
        .map(|folder| Guest {
            language: folder.file_name().unwrap().to_string_lossy().into_owned(),
            folder: folder.join("conformance"),
        })
        .collect();
    assert!(!all.is_empty(), "no guest language was found");
    all.sort_by(|a, b| a.language.cmp(&b.language));
    all
}
