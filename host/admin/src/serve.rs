//! Serving HTTP/1.1 on a listener of either kind.
//!
//! An answer may go on for as long as its reader likes; when the host stops, such a [`Link`] gets a
//! moment and no more, so that a reader that reads nothing does not hold the host.

use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use ottavo_core::Shutdown;
use ottavo_identity::Tls;
use ottavo_telemetry::field;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// Connections open at once. These clients are few; one more waits to be accepted.
const MAX_CONNECTIONS: usize = 128;

/// For the next request to arrive with all its headers.
const HEADER_TIMEOUT: Duration = Duration::from_secs(10);

/// Before accepting again after the system refused.
const PAUSE: Duration = Duration::from_millis(100);

/// For an answer without end to be ended, when the host stops.
const STREAM_GRACE: Duration = Duration::from_secs(1);

/// What goes wrong with a body, as hyper wants it.
type BodyError = Box<dyn std::error::Error + Send + Sync>;

/// A connection, as the handler of its requests sees it: it is among their extensions.
#[derive(Clone, Default)]
pub(crate) struct Link(Arc<AtomicBool>);

impl Link {
    /// Says that the answer goes on without end.
    pub(crate) fn streams(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A listener of either kind.
pub(crate) trait Listener: Send + Sync + 'static {
    type Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static;

    fn accept(&self) -> impl Future<Output = io::Result<Self::Stream>> + Send;

    /// Who is at the other end.
    fn peer(stream: &Self::Stream) -> Peer;
}

/// Who is at the other end of a connection. Requests have it among their extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Peer {
    /// A user of this machine, as the system knows them.
    User(u32),
    /// An address.
    Address(SocketAddr),
    /// It cannot be told: the connection is broken already.
    Unknown,
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Peer::User(uid) => write!(f, "uid {uid}"),
            Peer::Address(address) => address.fmt(f),
            Peer::Unknown => f.write_str("unknown"),
        }
    }
}

impl Listener for TcpListener {
    type Stream = TcpStream;

    async fn accept(&self) -> io::Result<TcpStream> {
        Ok(TcpListener::accept(self).await?.0)
    }

    fn peer(stream: &TcpStream) -> Peer {
        stream.peer_addr().map_or(Peer::Unknown, Peer::Address)
    }
}

impl Listener for UnixListener {
    type Stream = UnixStream;

    async fn accept(&self) -> io::Result<UnixStream> {
        Ok(UnixListener::accept(self).await?.0)
    }

    fn peer(stream: &UnixStream) -> Peer {
        stream.peer_cred().map_or(Peer::Unknown, |known| Peer::User(known.uid()))
    }
}

/// Answers requests until `shutdown` begins; connections then finish the request they are at.
/// `name` is that of their tasks, in which the handshake of `tls` is done too.
pub(crate) async fn serve<L, H, F, B>(
    listener: L,
    tls: Option<Arc<Tls>>,
    name: &'static str,
    handler: H,
    shutdown: Shutdown,
) where
    L: Listener,
    H: Fn(http::Request<Incoming>) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = http::Response<B>> + Send + 'static,
    B: Body<Data = Bytes, Error: Into<BodyError>> + Send + 'static,
{
    let room = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &room) => accepted,
            () = shutdown.begun() => return,
        };
        match accepted {
            Ok((stream, permit)) => {
                let peer = L::peer(&stream);
                let task = connection(
                    (stream, peer),
                    (permit, tls.clone()),
                    handler.clone(),
                    shutdown.clone(),
                );
                shutdown.spawn(name, task);
            }
            Err(error) => {
                tracing::warn!({ field::ERROR } = %error, "cannot accept connections: trying again");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

async fn accept<L: Listener>(
    listener: &L,
    room: &Arc<Semaphore>,
) -> io::Result<(L::Stream, OwnedSemaphorePermit)> {
    let permit = Arc::clone(room).acquire_owned().await.map_err(io::Error::other)?;
    Ok((listener.accept().await?, permit))
}

async fn connection<S, H, F, B>(
    (stream, peer): (S, Peer),
    (_permit, tls): (OwnedSemaphorePermit, Option<Arc<Tls>>),
    handler: H,
    shutdown: Shutdown,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    H: Fn(http::Request<Incoming>) -> F,
    F: Future<Output = http::Response<B>> + 'static,
    B: Body<Data = Bytes, Error: Into<BodyError>> + 'static,
{
    let Some(tls) = tls else { return converse((stream, peer), handler, shutdown).await };
    let secured = tokio::select! {
        secured = tls.accept(stream) => secured,
        () = shutdown.begun() => return,
    };
    match secured {
        Ok(stream) => converse((stream, peer), handler, shutdown).await,
        Err(error) => {
            tracing::debug!({ field::ADDRESS } = %peer, { field::ERROR } = %error, "no TLS");
        }
    }
}

/// Answers the requests of a connection.
async fn converse<S, H, F, B>((stream, peer): (S, Peer), handler: H, shutdown: Shutdown)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    H: Fn(http::Request<Incoming>) -> F,
    F: Future<Output = http::Response<B>> + 'static,
    B: Body<Data = Bytes, Error: Into<BodyError>> + 'static,
{
    let link = Link::default();
    let service = service_fn(|mut request: http::Request<Incoming>| {
        request.extensions_mut().insert(link.clone());
        request.extensions_mut().insert(peer);
        let answer = handler(request);
        async move { Ok::<_, Infallible>(answer.await) }
    });
    let mut connection = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEADER_TIMEOUT)
            .serve_connection(TokioIo::new(stream), service)
    );
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = shutdown.begun() => {
            connection.as_mut().graceful_shutdown();
            match link.0.load(Ordering::Relaxed) {
                true => timeout(STREAM_GRACE, connection).await.unwrap_or(Ok(())),
                false => connection.await,
            }
        }
    };
    if let Err(error) = ended {
        tracing::debug!({ field::ERROR } = %error, "the connection ended early");
    }
}
