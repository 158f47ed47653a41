//! What the database and the disk say, as the errors of the contract.

use std::io::ErrorKind;
use std::path::Path;

use ottavo_core::{Error, Kind};
use redb::{DatabaseError, StorageError};

/// Why a store cannot be opened.
pub(crate) fn open(path: &Path, error: DatabaseError) -> Error {
    let path = path.display();
    let open = match &error {
        DatabaseError::DatabaseAlreadyOpen | DatabaseError::LockProtocolMismatch => Error::new(
            Kind::FailedPrecondition,
            format!(
                "`{path}` is in use: another host uses this data directory; stop it, or give this \
                 one another"
            ),
        ),
        DatabaseError::UpgradeRequired(version) => Error::new(
            Kind::FailedPrecondition,
            format!("`{path}` has the file format {version}, which this host does not read"),
        ),
        DatabaseError::Storage(StorageError::Corrupted(_)) => damaged(&path),
        DatabaseError::Storage(StorageError::Io(io)) => match io.kind() {
            ErrorKind::InvalidData => damaged(&path),
            kind => Error::new(Kind::Unavailable, format!("cannot open `{path}`: {kind}")),
        },
        _ => Error::new(Kind::Unavailable, format!("cannot open `{path}`")),
    };
    open.with_source(error)
}

fn damaged(path: &dyn std::fmt::Display) -> Error {
    Error::new(
        Kind::DataLoss,
        format!("`{path}` is no store or is damaged: restore it, or move it"),
    )
}

/// What to do about a folder that does not work.
pub(crate) fn folder(attempted: &str, path: &Path, error: std::io::Error) -> Error {
    let (path, kind) = (path.display(), error.kind());
    let message =
        format!("cannot {attempted} `{path}`: {kind}; give the host a data directory it can write");
    Error::new(Kind::Unavailable, message).with_source(error)
}

/// Why a call failed in the database.
pub(crate) fn storage(error: &redb::Error) -> Error {
    let storage = match error {
        redb::Error::Corrupted(_) => Error::new(Kind::DataLoss, "the store's file is damaged"),
        redb::Error::Io(io) if io.kind() == ErrorKind::StorageFull => {
            Error::new(Kind::Unavailable, "the disk of the store is full")
        }
        redb::Error::Io(_) | redb::Error::PreviousIo => {
            Error::new(Kind::Unavailable, "the disk of the store failed: see the host's log")
        }
        _ => Error::internal("the store failed: see the host's log"),
    };
    storage.with_source(error.to_string())
}
