//! The deploy API's socket: where it lies, who may open it, and that there is one.

use std::fs::{self, DirBuilder, Permissions};
use std::io::{self, Write};
use std::net::SocketAddr;
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ottavo_control::{HostInfo, SocketPlace, socket};
use ottavo_core::units::{ByteCount, Span};
use ottavo_core::{Error, Kind, Result, Shutdown};
use ottavo_functions::Functions;
use ottavo_identity::{Roster, Tls};
use ottavo_telemetry::{Audit, field};
use socket2::{Domain, SockAddr, Socket, Type};

use super::api::Api;
use super::guard::Guard;
use super::lock::Lock;
use super::logs::Logs;
use super::state::Stores;
use super::tcp::{BoundTcp, Tcp};
use crate::serve::serve;

/// Connections that wait to be accepted.
const BACKLOG: i32 = 128;

/// Where the deploy API listens, and what it takes.
#[derive(Clone, Debug)]
pub struct Config {
    /// The host's data directory, which exists.
    pub data_dir: PathBuf,
    /// For a socket whose path in the data directory would be too long.
    pub runtime_dir: PathBuf,
    /// Where it listens besides.
    pub tcp: Option<Tcp>,
    /// What is taken.
    pub bounds: Bounds,
}

/// What an upload may be.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// The largest artifact.
    pub max_upload: ByteCount,
    /// For the next 64 KiB of it to arrive, or its end.
    pub upload_timeout: Span,
}

/// A socket that listens, in a data directory that is this host's alone; clients wait until it
/// serves.
pub struct Bound {
    listener: tokio::net::UnixListener,
    files: Files,
    tcp: Option<BoundTcp>,
    bounds: Bounds,
}

impl Config {
    /// Takes the data directory for this host and opens the socket. To be called before anything
    /// else in the directory is opened.
    ///
    /// # Behavior
    /// - A socket that a dead host left is replaced; the lock tells a dead host from a live one.
    /// - The socket is 0600 before anyone can connect to it.
    ///
    /// # Errors
    /// `failed-precondition`: another host is running there, or what cannot be written.
    pub fn bind(self) -> Result<Bound> {
        let data_dir =
            std::path::absolute(&self.data_dir).map_err(|e| failed(&self.data_dir, e))?;
        let lock = Lock::take(&data_dir)?;
        let place = SocketPlace::of(&data_dir, &self.runtime_dir);
        let pointer = socket::pointer(&data_dir);
        let path = place.socket().to_owned();
        if let SocketPlace::Private { folder, .. } = &place {
            private(folder)?;
        }
        remove(&path).map_err(|e| failed(&path, e))?;
        remove(&pointer).map_err(|e| failed(&pointer, e))?;
        let listener = listen(&path).map_err(|e| failed(&path, e))?;
        let mut files = Files { socket: path, pointer: None, leave: Arc::default(), _lock: lock };
        if let SocketPlace::Private { socket, .. } = &place {
            point(&pointer, socket).map_err(|e| failed(&pointer, e))?;
            files.pointer = Some(pointer);
        }
        let tcp = self.tcp.map(Tcp::bind).transpose()?;
        Ok(Bound { listener, files, tcp, bounds: self.bounds })
    }
}

impl Config {
    /// Takes the data directory, and a socket that listens already at `path`, from a host whose place
    /// this one takes.
    ///
    /// # Errors
    /// As [`Config::bind`].
    pub fn adopt(self, path: PathBuf, listener: OwnedFd) -> Result<Bound> {
        let data_dir =
            std::path::absolute(&self.data_dir).map_err(|e| failed(&self.data_dir, e))?;
        let lock = Lock::take(&data_dir)?;
        let listener = UnixListener::from(listener);
        let adopted = listener.set_nonblocking(true);
        let adopted = adopted.and_then(|()| tokio::net::UnixListener::from_std(listener));
        let listener = adopted.map_err(|e| failed(&path, e))?;
        let tcp = self.tcp.map(Tcp::bind).transpose()?;
        let pointer = Some(socket::pointer(&data_dir)).filter(|pointer| pointer.exists());
        let files = Files { socket: path, pointer, leave: Arc::default(), _lock: lock };
        Ok(Bound { listener, files, tcp, bounds: self.bounds })
    }
}

impl Bound {
    /// The socket.
    pub fn path(&self) -> &Path {
        &self.files.socket
    }

    /// The socket once more: it stays open until all that have it close it.
    ///
    /// # Errors
    /// When the process has too many files open.
    pub fn share(&self) -> io::Result<OwnedFd> {
        self.listener.as_fd().try_clone_to_owned()
    }

    /// Leaves the socket's files where they are, once this is set: another host listens there.
    pub fn leave(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.files.leave)
    }

    /// Its address on TCP, where it has one.
    pub fn local_addr(&self) -> Option<SocketAddr> {
        self.tcp.as_ref().and_then(|tcp| tcp.listener.local_addr().ok())
    }

    /// The certificates that it shows there.
    pub fn tls(&self) -> Option<Arc<Tls>> {
        self.tcp.as_ref()?.tls.clone()
    }

    /// Whose tokens may use it over TCP, where it has an address.
    pub fn tokens(&self) -> Option<Arc<Roster>> {
        Some(Arc::clone(&self.tcp.as_ref()?.tokens))
    }

    /// Serves the API until `shutdown` begins, and removes the socket then. What is done goes to
    /// `audit`.
    pub fn serve(
        self,
        functions: Arc<Functions>,
        stores: Arc<dyn Stores>,
        host: HostInfo,
        audit: Audit,
        shutdown: &Shutdown,
    ) {
        let Bound { listener, files, tcp, bounds } = self;
        let logs = Logs::new(shutdown.clone());
        let api = Arc::new(Api { functions, stores, host, bounds, logs, audit });
        if let Some(BoundTcp { listener, tokens, watch, tls }) = tcp {
            let (api, until) = (Arc::clone(&api), shutdown.clone());
            tokens.watch(watch, shutdown);
            if let Some(tls) = &tls {
                tls.watch(shutdown);
            }
            shutdown.spawn("deploy api over tcp", async move {
                let guard = Guard::Tokens(tokens);
                let handler = move |request| Arc::clone(&api).answer(request, guard.clone());
                serve(listener, tls, "deploy connection", handler, until).await;
            });
        }
        let until = shutdown.clone();
        shutdown.spawn("deploy api", async move {
            let handler = move |request| Arc::clone(&api).answer(request, Guard::Socket);
            serve(listener, None, "deploy connection", handler, until).await;
            drop(files);
        });
    }
}

/// What lies in the file system for as long as the socket is open.
struct Files {
    socket: PathBuf,
    pointer: Option<PathBuf>,
    leave: Arc<AtomicBool>,
    /// Released last: whoever takes it next finds the socket gone.
    _lock: Lock,
}

impl Drop for Files {
    fn drop(&mut self) {
        if self.leave.load(Ordering::Relaxed) {
            return;
        }
        for path in self.pointer.iter().chain([&self.socket]) {
            if let Err(error) = remove(path) {
                let path = path.display();
                tracing::warn!({ field::ERROR } = %error, "cannot remove `{path}`");
            }
        }
    }
}

/// Connecting is possible only once it listens, and then it is 0600 already.
fn listen(path: &Path) -> io::Result<tokio::net::UnixListener> {
    let socket = Socket::new(Domain::UNIX, Type::STREAM, None)?;
    socket.bind(&SockAddr::unix(path)?)?;
    fs::set_permissions(path, Permissions::from_mode(0o600))?;
    socket.listen(BACKLOG)?;
    socket.set_nonblocking(true)?;
    tokio::net::UnixListener::from_std(UnixListener::from(socket))
}

/// Makes the folder for this user alone. One that exists must be exactly that: the runtime directory
/// may be one in which others write.
fn private(folder: &Path) -> Result<()> {
    match DirBuilder::new().mode(0o700).create(folder) {
        Ok(()) => return Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(failed(folder, error)),
    }
    let found = fs::symlink_metadata(folder).map_err(|error| failed(folder, error))?;
    let ours = found.uid() == rustix::process::geteuid().as_raw();
    if found.is_dir() && ours && found.mode() & 0o777 == 0o700 {
        return Ok(());
    }
    let message = format!(
        "`{}` is not a folder of this user alone (0700): remove it, or choose a data directory with \
         a shorter path",
        folder.display()
    );
    Err(Error::new(Kind::FailedPrecondition, message))
}

/// Writes the pointer file, whole or not at all.
fn point(pointer: &Path, socket: &Path) -> io::Result<()> {
    let new = pointer.with_extension("new");
    remove(&new)?;
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new)?;
    file.write_all(socket.as_os_str().as_encoded_bytes())?;
    fs::rename(&new, pointer)
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn failed(path: &Path, error: io::Error) -> Error {
    let (path, kind) = (path.display(), error.kind());
    let message = format!("cannot open the deploy API at `{path}`: {kind}");
    Error::new(Kind::FailedPrecondition, message).with_source(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(data_dir: &Path, runtime_dir: &Path) -> Config {
        let (data_dir, runtime_dir) = (data_dir.to_owned(), runtime_dir.to_owned());
        let bounds = Bounds { max_upload: ByteCount::mib(64), upload_timeout: Span::secs(30) };
        Config { data_dir, runtime_dir, tcp: None, bounds }
    }

    #[tokio::test]
    async fn the_socket_is_for_its_user_alone_and_gone_with_its_host() {
        let dir = tempfile::tempdir().expect("a directory");
        let bound = config(dir.path(), dir.path()).bind().expect("binds");
        let path = bound.path().to_owned();
        assert_eq!(path, dir.path().join("deploy.sock"));
        assert_eq!(fs::metadata(&path).expect("there").mode() & 0o777, 0o600);
        let error = config(dir.path(), dir.path()).bind().err().expect("taken");
        assert!(error.message().contains("another host is running"), "{error}");
        drop(bound);
        assert!(!path.exists());
    }

    #[tokio::test]
    async fn the_socket_of_a_dead_host_is_replaced() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("deploy.sock");
        drop(UnixListener::bind(&path).expect("binds"));
        assert!(path.exists(), "a socket outlives its listener");
        let _bound = config(dir.path(), dir.path()).bind().expect("replaces it");
        std::os::unix::net::UnixStream::connect(&path).expect("someone listens");
    }

    #[tokio::test]
    async fn a_socket_with_a_long_path_lies_elsewhere_and_is_pointed_to() {
        let dir = tempfile::tempdir().expect("a directory");
        let runtime = tempfile::tempdir().expect("a directory");
        let data_dir = dir.path().join("x".repeat(120));
        fs::create_dir(&data_dir).expect("made");
        for _ in 0..2 {
            let bound = config(&data_dir, runtime.path()).bind().expect("binds");
            let pointer = fs::read_to_string(socket::pointer(&data_dir)).expect("written");
            assert_eq!(socket::find(&data_dir, Some(&pointer)), bound.path());
            let folder = bound.path().parent().expect("a folder");
            assert_eq!(fs::metadata(folder).expect("there").mode() & 0o777, 0o700);
            std::os::unix::net::UnixStream::connect(bound.path()).expect("someone listens");
        }
        let folder = fs::read_dir(runtime.path()).expect("reads").next().expect("a folder");
        let folder = folder.expect("reads").path();
        fs::set_permissions(&folder, Permissions::from_mode(0o777)).expect("set");
        let error = config(&data_dir, runtime.path()).bind().err().expect("others may write there");
        assert!(error.message().contains("0700"), "{error}");
    }
}
