//! One connection, from accept to close.

use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use hyper::body::Incoming;
use hyper::rt::Executor;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::server::conn::auto;
use ottavo_core::Shutdown;
use ottavo_identity::Tls;
use ottavo_telemetry::field;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

use crate::config::Config;
use crate::handler::{Handler, Peer};
use crate::link::{Link, Order};
use crate::proxy;
use crate::stream::Stream;
use crate::table::Entry;

/// Streams that a client may have open at once on one HTTP/2 connection.
const MAX_STREAMS: u32 = 100;

/// Streams that a client may reset before the host has looked at them; then the connection ends
/// (CVE-2023-44487).
const MAX_PENDING_RESETS: usize = 20;

/// Streams that the host may have to reset for a client's errors; then the connection ends.
const MAX_ERROR_RESETS: usize = 256;

/// The headers that hyper reads without an allocation for each request.
const HEADERS_ON_STACK: usize = 100;

/// Everything that connections share.
#[derive(Clone)]
pub(crate) struct Connections {
    builder: Arc<auto::Builder<Tasks>>,
    handler: Arc<Handler>,
    tls: Option<Arc<Tls>>,
    proxy_protocol: bool,
    shutdown: Shutdown,
}

impl Connections {
    pub(crate) fn new(
        config: &Config,
        tls: Option<Arc<Tls>>,
        handler: Handler,
        shutdown: Shutdown,
    ) -> Connections {
        let mut builder = auto::Builder::new(Tasks(shutdown.clone()));
        // The table of connections times the reading of headers: hyper's timer costs an allocation
        // and two locks for each request.
        builder.http1().header_read_timeout(None).max_buf_size(config.max_header_bytes.as_usize());
        if config.max_headers != HEADERS_ON_STACK {
            builder.http1().max_headers(config.max_headers);
        }
        let list = u32::try_from(config.max_header_bytes.0).unwrap_or(u32::MAX);
        builder
            .http2()
            .max_header_list_size(list)
            .max_concurrent_streams(MAX_STREAMS)
            .max_pending_accept_reset_streams(MAX_PENDING_RESETS)
            .max_local_error_reset_streams(MAX_ERROR_RESETS);
        let (builder, handler) = (Arc::new(builder), Arc::new(handler));
        let proxy_protocol = config.proxy_protocol;
        Connections { builder, handler, tls, proxy_protocol, shutdown }
    }

    /// Whether clients have to speak TLS.
    pub(crate) fn has_tls(&self) -> bool {
        self.tls.is_some()
    }

    /// Serves `tcp` in a task of its own, in which what comes before the first request is read too.
    pub(crate) fn start(&self, entry: Entry, tcp: TcpStream, address: SocketAddr) {
        // An answer goes out when it is written, not when the next one follows.
        if let Err(error) = tcp.set_nodelay(true) {
            tracing::debug!({ field::ERROR } = %error, "cannot set TCP_NODELAY");
        }
        let (all, stream) = (self.clone(), Stream::new(tcp, Arc::clone(&entry.link)));
        match self.tls.is_none() && !self.proxy_protocol {
            true => self.shutdown.spawn("http connection", async move {
                let peer = Peer { address, tls: false, unnamed: false };
                all.serve(&entry, stream, peer).await;
            }),
            false => self.shutdown.spawn("http connection", async move {
                if let Err(error) = all.open(&entry, stream, address).await {
                    tracing::debug!(
                        { field::ADDRESS } = %address,
                        { field::ERROR } = %error,
                        "the connection was not opened"
                    );
                }
            }),
        }
    }

    /// Serves a stream that begins with a header of the PROXY protocol, a handshake, or both.
    async fn open(self, entry: &Entry, mut stream: Stream, address: SocketAddr) -> io::Result<()> {
        let mut peer = Peer { address, tls: self.tls.is_some(), unnamed: false };
        if self.proxy_protocol {
            match patiently(&entry.link, proxy::read(&mut stream)).await? {
                Some(client) => peer.address = client,
                None => peer.unnamed = true,
            }
        }
        match self.tls.clone() {
            None => self.serve(entry, stream, peer).await,
            Some(tls) => {
                let stream = patiently(&entry.link, tls.accept(stream)).await?;
                self.serve(entry, stream, peer).await;
            }
        }
        Ok(())
    }

    async fn serve<S>(self, entry: &Entry, stream: S, peer: Peer)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        run(&self.builder, self.handler, &entry.link, stream, peer).await;
    }
}

/// Waits for what comes before the first request, until the table says that it takes too long or that
/// the place is needed.
async fn patiently<T>(link: &Link, opening: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    let mut opening = pin!(opening);
    poll_fn(|context| match link.order(context) {
        Order::Serve | Order::Leave => opening.as_mut().poll(context),
        Order::Finish | Order::Close => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
    })
    .await
}

async fn run<S>(
    builder: &auto::Builder<Tasks>,
    handler: Arc<Handler>,
    link: &Arc<Link>,
    stream: S,
    peer: Peer,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(|request: http::Request<Incoming>| {
        let handler = Arc::clone(&handler);
        let link = Arc::clone(link);
        async move { Ok::<_, Infallible>(handler.answer(request, peer, &link).await) }
    });
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
    let mut finishing = false;
    let ended = poll_fn(|context| {
        loop {
            let order = link.order(context);
            // HTTP/1 has no word for it: the handler says it with the last answer
            let finishes = order == Order::Finish || (order == Order::Leave && link.is_h2());
            if order == Order::Close {
                return Poll::Ready(Ok(()));
            }
            if finishes && !finishing {
                finishing = true;
                connection.as_mut().graceful_shutdown();
            }
            let polled = connection.as_mut().poll(context);
            // its first request came just now
            let begins = order == Order::Leave && !finishing && link.is_h2();
            if polled.is_ready() || !begins {
                return polled;
            }
        }
    });
    if let Err(error) = ended.await {
        tracing::debug!(
            { field::ADDRESS } = %peer.address,
            { field::ERROR } = %error,
            "the connection ended early"
        );
    }
}

/// Starts what HTTP/2 runs beside its connection: one task per stream.
#[derive(Clone)]
pub(crate) struct Tasks(Shutdown);

impl<F> Executor<F> for Tasks
where
    F: Future<Output = ()> + Send + 'static,
{
    fn execute(&self, task: F) {
        self.0.spawn("http stream", task);
    }
}
