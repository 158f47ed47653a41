//! What the file system says, as the errors of the contract.

use ottavo_core::{Error, Kind};
use rustix::io::Errno;

/// Why a call failed on the disk.
pub(super) fn disk(error: Errno) -> Error {
    let failed = match error {
        Errno::NOSPC | Errno::DQUOT => {
            Error::new(Kind::Unavailable, "the disk of the store is full")
        }
        Errno::NAMETOOLONG => Error::invalid("the name of the file is too long for the disk"),
        Errno::MFILE | Errno::NFILE => {
            Error::new(Kind::Exhausted, "the host has too many files open")
        }
        Errno::ACCESS | Errno::PERM | Errno::ROFS => {
            Error::new(Kind::Unavailable, "the host may not do this in the folder of the store")
        }
        _ => Error::new(Kind::Unavailable, "the disk of the store failed: see the host's log"),
    };
    failed.with_source(error)
}

/// The same of the standard library's errors.
pub(super) fn io(error: &std::io::Error) -> Error {
    disk(Errno::from_io_error(error).unwrap_or(Errno::IO))
}
