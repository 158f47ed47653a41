//! Connections: how many there are, and how long one may stay silent at its beginning.

use std::convert::Infallible;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream::{self, Stream};
use ottavo_core::Shutdown;
use ottavo_identity::Tls;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tonic::transport::server::Connected;
use tracing::{info, warn};

use crate::Config;
use crate::listener::Listener;
use crate::wire::Wire;

/// The bytes that open an HTTP/2 connection.
const PREFACE: usize = 24;

/// A connection that counts against the limit for as long as it lives.
pub(crate) struct Connection {
    wire: Wire,
    peer: Peer,
    opening: Option<Opening>,
    _place: OwnedSemaphorePermit,
}

/// Where a connection comes from: an address, else the unix socket. Requests have it among their
/// extensions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Peer(pub(crate) Option<SocketAddr>);

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(address) => address.fmt(f),
            None => f.write_str("unix socket"),
        }
    }
}

/// A connection whose preface has not come yet, nor perhaps its handshake.
struct Opening {
    missing: usize,
    given_up: BoxFuture<'static, ()>,
}

/// How long a connection that was accepted before the door closed may take to begin.
const LAST_OPENING: Duration = Duration::from_secs(1);

/// Accepts connections until the door closes, and then those that the system has accepted already.
pub(crate) fn accept(
    listener: Listener,
    tls: Option<Arc<Tls>>,
    config: &Config,
    shutdown: Shutdown,
) -> impl Stream<Item = Result<Connection, Infallible>> + use<> {
    let acceptor = Acceptor {
        listener,
        tls,
        places: Arc::new(Semaphore::new(config.max_connections)),
        full: false,
        opening_timeout: config.opening_timeout.0,
        shutdown,
    };
    stream::unfold(acceptor, |mut acceptor| async {
        let connection = acceptor.next().await?;
        Some((Ok(connection), acceptor))
    })
}

struct Acceptor {
    listener: Listener,
    tls: Option<Arc<Tls>>,
    places: Arc<Semaphore>,
    full: bool,
    opening_timeout: Duration,
    shutdown: Shutdown,
}

impl Acceptor {
    async fn next(&mut self) -> Option<Connection> {
        loop {
            let socket = tokio::select! {
                socket = self.listener.accept() => socket,
                () = self.shutdown.begun() => self.listener.waiting()?,
            };
            match Arc::clone(&self.places).try_acquire_owned() {
                Ok(place) => {
                    if std::mem::take(&mut self.full) {
                        info!("gRPC connections are accepted again");
                    }
                    let (peer, opening) = (socket.peer(), Some(self.opening()));
                    let wire = Wire::new(socket, self.tls.as_ref());
                    return Some(Connection { wire, peer, opening, _place: place });
                }
                // the socket is dropped, and so closed: the client learns it at once
                Err(_) if self.full => {}
                Err(_) => {
                    warn!("all gRPC connections are taken, further ones are closed");
                    self.full = true;
                }
            }
        }
    }

    /// A silent connection is given up after a while, and soon when the door closes.
    fn opening(&self) -> Opening {
        let shutdown = self.shutdown.clone();
        let patience = tokio::time::sleep(self.opening_timeout);
        let given_up = async move {
            let closing = async {
                shutdown.begun().await;
                tokio::time::sleep(LAST_OPENING).await;
            };
            tokio::select! {
                () = patience => {}
                () = closing => {}
            }
        };
        Opening { missing: PREFACE, given_up: given_up.boxed() }
    }
}

impl Connected for Connection {
    type ConnectInfo = Peer;

    fn connect_info(&self) -> Peer {
        self.peer
    }
}

impl Connection {
    /// What the wire said; where it has nothing yet, whether that has taken too long.
    fn in_time<T>(
        &mut self,
        polled: Poll<io::Result<T>>,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<T>> {
        match &mut self.opening {
            Some(opening) if polled.is_pending() => {
                ready!(opening.given_up.poll_unpin(cx));
                Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
            }
            _ => polled,
        }
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        let polled = Pin::new(&mut this.wire).poll_read(cx, buffer);
        ready!(this.in_time(polled, cx))?;
        if let Some(opening) = &mut this.opening {
            let came = buffer.filled().len() - before;
            opening.missing = opening.missing.saturating_sub(came);
            if opening.missing == 0 {
                this.opening = None;
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.wire).poll_write(cx, bytes);
        this.in_time(polled, cx)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.wire).poll_write_vectored(cx, slices);
        this.in_time(polled, cx)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.wire).poll_flush(cx);
        this.in_time(polled, cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.wire).poll_shutdown(cx);
        this.in_time(polled, cx)
    }
}
