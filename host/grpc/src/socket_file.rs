//! A unix socket and its file: taken safely, open to its owner only, removed at the end.

use std::fs::{self, Permissions};
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ottavo_core::{Error, Kind, Result};
use tokio::net::{UnixListener, UnixStream};
use tracing::warn;

/// A bound socket. Dropped, it removes its file, unless another process has put its own in its
/// place.
pub(crate) struct SocketFile {
    listener: UnixListener,
    path: PathBuf,
    device: u64,
    inode: u64,
    leave: Arc<AtomicBool>,
}

impl SocketFile {
    /// Listens at `path`.
    ///
    /// # Behavior
    /// - A socket that a dead process left there is replaced; a living one, or any other file, is
    ///   not touched.
    /// - The socket has mode 0600 from the moment it can be found under its name.
    pub(crate) fn bind(path: &Path) -> Result<SocketFile> {
        check_free(path)?;
        let hidden = hidden(path);
        remove(&hidden).map_err(|error| failed(&error))?;
        let bound = UnixListener::bind(&hidden).and_then(|listener| {
            fs::set_permissions(&hidden, Permissions::from_mode(0o600))?;
            let metadata = fs::symlink_metadata(&hidden)?;
            fs::rename(&hidden, path)?;
            let (device, inode) = (metadata.dev(), metadata.ino());
            let (path, leave) = (path.to_owned(), Arc::default());
            Ok(SocketFile { listener, path, device, inode, leave })
        });
        bound.map_err(|error| {
            drop(remove(&hidden));
            failed(&error)
        })
    }

    /// Takes a socket that listens already at `path`.
    pub(crate) fn adopt(path: &Path, listener: OwnedFd) -> io::Result<SocketFile> {
        let listener = std::os::unix::net::UnixListener::from(listener);
        listener.set_nonblocking(true)?;
        let listener = UnixListener::from_std(listener)?;
        let metadata = fs::symlink_metadata(path)?;
        let (device, inode) = (metadata.dev(), metadata.ino());
        let (path, leave) = (path.to_owned(), Arc::default());
        Ok(SocketFile { listener, path, device, inode, leave })
    }

    /// Leaves the file where it is, once this is set: another process listens there.
    pub(crate) fn leave(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.leave)
    }

    /// The next connection.
    pub(crate) async fn accept(&self) -> io::Result<UnixStream> {
        self.listener.accept().await.map(|(stream, _)| stream)
    }
}

impl AsFd for SocketFile {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.listener.as_fd()
    }
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        let ours = fs::symlink_metadata(&self.path)
            .is_ok_and(|found| (found.dev(), found.ino()) == (self.device, self.inode));
        if ours
            && !self.leave.load(Ordering::Relaxed)
            && let Err(error) = remove(&self.path)
        {
            warn!(%error, path = %self.path.display(), "the gRPC socket's file stays behind");
        }
    }
}

/// Where the socket is made before it gets its name.
fn hidden(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}", std::process::id()));
    PathBuf::from(name)
}

/// Fails unless there is nothing at `path`, or a socket on which nobody listens.
fn check_free(path: &Path) -> Result<()> {
    let Ok(found) = fs::symlink_metadata(path) else {
        return Ok(());
    };
    if !found.file_type().is_socket() {
        return Err(Error::new(
            Kind::FailedPrecondition,
            "there is a file that is not a socket; remove it, or set another path as `grpc.listen`",
        ));
    }
    match std::os::unix::net::UnixStream::connect(path) {
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(failed(&error)),
        Ok(_) => Err(Error::new(
            Kind::FailedPrecondition,
            "another process listens there; stop it, or set another path as `grpc.listen`",
        )),
    }
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn failed(error: &io::Error) -> Error {
    let message = match error.kind() {
        io::ErrorKind::NotFound => {
            "its folder does not exist; create it, or set another path as `grpc.listen`".to_owned()
        }
        io::ErrorKind::InvalidInput => {
            "the path is too long for a socket; set a shorter one as `grpc.listen`".to_owned()
        }
        _ => error.to_string(),
    };
    Error::new(Kind::FailedPrecondition, message)
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixStream;

    use super::*;

    fn message(path: &Path) -> String {
        match SocketFile::bind(path) {
            Ok(_) => panic!("`{}` was taken", path.display()),
            Err(error) => error.message().to_owned(),
        }
    }

    #[tokio::test]
    async fn the_socket_is_private_and_goes_away() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("door.sock");
        let file = SocketFile::bind(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        drop(file);
        assert!(!path.exists());
    }

    #[tokio::test]
    async fn what_a_dead_process_left_is_replaced_and_a_living_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("door.sock");
        // std does not remove the file with the listener
        drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
        let _file = SocketFile::bind(&path).unwrap();
        assert!(message(&path).starts_with("another process listens there"));
        assert!(UnixStream::connect(&path).is_ok());
    }

    #[tokio::test]
    async fn another_kind_of_file_is_not_touched() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notes.txt");
        fs::write(&path, "precious").unwrap();
        assert!(message(&path).starts_with("there is a file that is not a socket"));
        assert_eq!(fs::read_to_string(&path).unwrap(), "precious");
    }

    #[tokio::test]
    async fn a_folder_that_is_missing_and_a_path_too_long_are_named() {
        let folder = tempfile::tempdir().unwrap();
        assert!(message(&folder.path().join("no/door.sock")).contains("folder does not exist"));
        assert!(message(&folder.path().join("x".repeat(200))).contains("too long"));
    }

    #[tokio::test]
    async fn the_file_of_a_successor_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("door.sock");
        let file = SocketFile::bind(&path).unwrap();
        fs::remove_file(&path).unwrap();
        let _successor = SocketFile::bind(&path).unwrap();
        drop(file);
        assert!(UnixStream::connect(&path).is_ok());
    }
}
