//! One host per data directory.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use ottavo_core::{Error, Kind, Result};

/// The lock's file name.
const FILE: &str = "host.lock";

/// Held for as long as the host lives; the system releases it however the host dies.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of `data_dir` and leaves this process's id in it.
    ///
    /// # Errors
    /// `failed-precondition` with the id of the host that has it, or with what is wrong with the
    /// directory.
    pub(super) fn take(data_dir: &Path) -> Result<Lock> {
        let path = data_dir.join(FILE);
        let failed = |error: io::Error| {
            let message = format!(
                "cannot write `{}`: {}; make the data directory writable, or choose another one",
                path.display(),
                error.kind()
            );
            Error::new(Kind::FailedPrecondition, message).with_source(error)
        };
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false).mode(0o600);
        let mut file = options.open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(taken(data_dir, &mut file)),
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        let write = |file: &mut File| {
            file.set_len(0)?;
            file.rewind()?;
            writeln!(file, "{}", std::process::id())
        };
        write(&mut file).map_err(failed)?;
        Ok(Lock { _file: file })
    }
}

fn taken(data_dir: &Path, file: &mut File) -> Error {
    let mut text = String::new();
    let pid = match file.read_to_string(&mut text) {
        Ok(_) if !text.trim().is_empty() => format!(" (pid {})", text.trim().escape_debug()),
        _ => String::new(),
    };
    let message = format!(
        "another host is running on the data directory `{}`{pid}: stop it, or choose another \
         directory with `data_dir`",
        data_dir.display()
    );
    Error::new(Kind::FailedPrecondition, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_host_is_told_who_has_the_directory() {
        let dir = tempfile::tempdir().expect("a directory");
        let first = Lock::take(dir.path()).expect("free");
        let error = Lock::take(dir.path()).expect_err("taken");
        let pid = format!("(pid {})", std::process::id());
        assert!(error.message().contains(&pid), "{error}");
        drop(first);
        Lock::take(dir.path()).expect("free again");
    }

    #[test]
    fn a_directory_that_is_not_there_is_named() {
        let dir = tempfile::tempdir().expect("a directory");
        let gone = dir.path().join("gone");
        let error = Lock::take(&gone).expect_err("not there");
        assert!(error.message().contains(&format!("`{}", gone.display())), "{error}");
    }
}
