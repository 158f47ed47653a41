//! Takes an address and accepts connections on it.

use std::io;
use std::net::SocketAddr;
use std::os::fd::{AsFd as _, OwnedFd};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::task::{Context, Poll};
use std::time::Duration;

use ottavo_core::{Error, Kind, Result};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tracing::warn;

use crate::connection::Peer;
use crate::options::Listen;
use crate::socket_file::SocketFile;

/// How long to wait when accepting fails for the whole host, as when it has no file handles left.
const PAUSE: Duration = Duration::from_millis(100);

/// A bound address. A unix socket's file goes away with it.
pub(crate) enum Listener {
    Tcp(TcpListener),
    Unix(SocketFile),
}

/// One accepted connection.
pub(crate) enum Socket {
    Tcp(TcpStream),
    Unix(UnixStream),
}

impl Listener {
    /// Takes the address.
    ///
    /// # Errors
    /// `failed-precondition` that says why it cannot be had and what to do.
    pub(crate) async fn bind(listen: &Listen) -> Result<Listener> {
        let bound = match listen {
            Listen::Tcp(address) => {
                TcpListener::bind(address).await.map(Listener::Tcp).map_err(|e| refused(&e))
            }
            Listen::Unix(path) => SocketFile::bind(path).map(Listener::Unix),
        };
        bound.map_err(|error| error.context(format_args!("listening for gRPC on `{listen}`")))
    }

    /// Takes a socket that listens already.
    ///
    /// # Errors
    /// `internal` when it is none.
    pub(crate) fn adopt(listen: &Listen, listener: OwnedFd) -> Result<Listener> {
        let adopted = match listen {
            Listen::Tcp(_) => {
                let listener = std::net::TcpListener::from(listener);
                let nonblocking = listener.set_nonblocking(true);
                nonblocking.and_then(|()| TcpListener::from_std(listener)).map(Listener::Tcp)
            }
            Listen::Unix(path) => SocketFile::adopt(path, listener).map(Listener::Unix),
        };
        adopted
            .map_err(|error| Error::internal("cannot take over the gRPC socket").with_source(error))
    }

    /// The socket once more.
    pub(crate) fn share(&self) -> io::Result<OwnedFd> {
        match self {
            Listener::Tcp(listener) => listener.as_fd().try_clone_to_owned(),
            Listener::Unix(socket) => socket.as_fd().try_clone_to_owned(),
        }
    }

    /// Leaves the file of a unix socket where it is, once this is set.
    pub(crate) fn leave(&self) -> Arc<AtomicBool> {
        match self {
            Listener::Tcp(_) => Arc::default(),
            Listener::Unix(socket) => socket.leave(),
        }
    }

    /// Where it listens, on TCP.
    pub(crate) fn local_addr(&self) -> Option<SocketAddr> {
        match self {
            Listener::Tcp(listener) => listener.local_addr().ok(),
            Listener::Unix(_) => None,
        }
    }

    /// The next connection. What fails is logged and tried again: a listener never ends by itself.
    pub(crate) async fn accept(&self) -> Socket {
        loop {
            let accepted = match self {
                Listener::Tcp(listener) => listener.accept().await.map(|(s, _)| Socket::Tcp(s)),
                Listener::Unix(socket) => socket.accept().await.map(Socket::Unix),
            };
            match accepted {
                Ok(socket) => {
                    socket.send_small_packets();
                    return socket;
                }
                // the client was gone before we took its connection
                Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
                Err(error) => {
                    warn!(%error, "accepting a gRPC connection failed, trying again");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }
}

impl Listener {
    /// A connection that the system has accepted already; none when nobody waits.
    pub(crate) fn waiting(&self) -> Option<Socket> {
        // neither blocks, as the listeners they are made of do not
        let socket = match self {
            Listener::Tcp(listener) => {
                let listener = listener.as_fd().try_clone_to_owned().ok()?;
                let (stream, _) = std::net::TcpListener::from(listener).accept().ok()?;
                stream.set_nonblocking(true).ok()?;
                Socket::Tcp(TcpStream::from_std(stream).ok()?)
            }
            Listener::Unix(socket) => {
                let listener = socket.as_fd().try_clone_to_owned().ok()?;
                let (stream, _) = std::os::unix::net::UnixListener::from(listener).accept().ok()?;
                stream.set_nonblocking(true).ok()?;
                Socket::Unix(UnixStream::from_std(stream).ok()?)
            }
        };
        socket.send_small_packets();
        Some(socket)
    }
}

impl Socket {
    /// Where it comes from.
    pub(crate) fn peer(&self) -> Peer {
        match self {
            Socket::Tcp(stream) => Peer(stream.peer_addr().ok()),
            Socket::Unix(_) => Peer(None),
        }
    }

    fn send_small_packets(&self) {
        if let Socket::Tcp(stream) = self
            && let Err(error) = stream.set_nodelay(true)
        {
            // it works without, only slower
            tracing::debug!(%error, "a gRPC connection keeps small packets back");
        }
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Socket::Tcp(stream) => Pin::new(stream).poll_read(cx, buffer),
            Socket::Unix(stream) => Pin::new(stream).poll_read(cx, buffer),
        }
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Socket::Tcp(stream) => Pin::new(stream).poll_write(cx, bytes),
            Socket::Unix(stream) => Pin::new(stream).poll_write(cx, bytes),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Socket::Tcp(stream) => Pin::new(stream).poll_write_vectored(cx, slices),
            Socket::Unix(stream) => Pin::new(stream).poll_write_vectored(cx, slices),
        }
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Socket::Tcp(stream) => Pin::new(stream).poll_flush(cx),
            Socket::Unix(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Socket::Tcp(stream) => Pin::new(stream).poll_shutdown(cx),
            Socket::Unix(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}

/// Why an address cannot be had, and what to do.
fn refused(error: &io::Error) -> Error {
    let message = match error.kind() {
        io::ErrorKind::AddrInUse => {
            "the address is in use; stop what uses it, or set another one as `grpc.listen`"
        }
        io::ErrorKind::AddrNotAvailable => {
            "this machine has no such address; set one of its own as `grpc.listen`"
        }
        io::ErrorKind::PermissionDenied => {
            "the system does not allow it; set a port from 1024 on as `grpc.listen`"
        }
        _ => return Error::new(Kind::FailedPrecondition, error.to_string()),
    };
    Error::new(Kind::FailedPrecondition, message)
}
