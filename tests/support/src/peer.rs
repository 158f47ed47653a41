//! A real HTTP server that tests call: an outside app, or a host on the internet.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, Response};
use http_body_util::{BodyExt, Full, StreamBody, combinators::BoxBody};
use hyper::body::{Frame, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use ottavo_core::Shutdown;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::{Barrier, watch};
use tokio_rustls::TlsAcceptor;

/// For anything that takes long only when it is broken.
const PATIENCE: Duration = Duration::from_secs(60);

/// The server. It ends with the value.
///
/// | path | answer |
/// |---|---|
/// | `/status/N` | the status N with the body `status N` |
/// | `/large/N` | N bytes |
/// | `/redirect` | 302 to `/elsewhere` |
/// | `/hang` | none |
/// | `/meet/N/NAME` | 200 once N such requests of this name are waiting |
/// | `/cut` | breaks off in the middle of its body |
/// | anything else | 200, the body as it came, `x-line` with method and target, and each header line under its name with `was-` before it |
pub struct Peer {
    address: SocketAddr,
    seen: Arc<Seen>,
    shutdown: Shutdown,
}

/// What it has seen.
struct Seen {
    accepted: AtomicUsize,
    requests: AtomicUsize,
    /// Requests that hang now.
    hanging: watch::Sender<usize>,
    meetings: Mutex<BTreeMap<String, Arc<Barrier>>>,
}

type Body = BoxBody<Bytes, io::Error>;

impl Peer {
    /// HTTP/1.1, and HTTP/2 for those that begin with it.
    pub async fn start() -> Result<Peer> {
        Peer::listen(None).await
    }

    /// The same over TLS, with the certificate and key of two PEM files.
    pub async fn with_tls(cert: &Path, key: &Path) -> Result<Peer> {
        let certificates = CertificateDer::pem_file_iter(cert)?.collect::<Result<Vec<_>, _>>()?;
        let key = PrivateKeyDer::from_pem_file(key)?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(certificates, key)?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Peer::listen(Some(TlsAcceptor::from(Arc::new(config)))).await
    }

    async fn listen(tls: Option<TlsAcceptor>) -> Result<Peer> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let seen = Arc::new(Seen {
            accepted: AtomicUsize::new(0),
            requests: AtomicUsize::new(0),
            hanging: watch::Sender::new(0),
            meetings: Mutex::default(),
        });
        let shutdown = Shutdown::new();
        let (known, until) = (Arc::clone(&seen), shutdown.clone());
        shutdown.spawn("peer", async move {
            tokio::select! {
                () = accept(listener, tls, known, until.clone()) => {}
                () = until.begun() => {}
            }
        });
        Ok(Peer { address, seen, shutdown })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many connections it has accepted.
    pub fn accepted(&self) -> usize {
        self.seen.accepted.load(Ordering::SeqCst)
    }

    /// How many requests it has seen.
    pub fn requests(&self) -> usize {
        self.seen.requests.load(Ordering::SeqCst)
    }

    /// Waits until so many requests hang.
    pub async fn until_hanging(&self, count: usize) -> Result<()> {
        let mut hanging = self.seen.hanging.subscribe();
        let reached = hanging.wait_for(|now| *now == count);
        let in_time = tokio::time::timeout(PATIENCE, reached).await;
        ensure!(in_time.is_ok(), "{count} requests hang: it did not come to that");
        in_time?.map(drop).context("the peer is gone")
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.shutdown.begin();
    }
}

async fn accept(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    seen: Arc<Seen>,
    shutdown: Shutdown,
) {
    while let Ok((stream, _)) = listener.accept().await {
        seen.accepted.fetch_add(1, Ordering::SeqCst);
        let (seen, tls, until) = (Arc::clone(&seen), tls.clone(), shutdown.clone());
        shutdown.spawn("peer connection", async move {
            let served = async {
                match tls {
                    None => serve(stream, seen).await,
                    Some(tls) => {
                        // else a client that does not trust us
                        if let Ok(stream) = tls.accept(stream).await {
                            serve(stream, seen).await;
                        }
                    }
                }
            };
            tokio::select! {
                () = served => {}
                () = until.begun() => {}
            }
        });
    }
}

async fn serve(stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static, seen: Arc<Seen>) {
    let service = service_fn(move |request| {
        let seen = Arc::clone(&seen);
        async move { Ok::<_, Infallible>(answer(request, &seen).await) }
    });
    // a client that goes away is what some tests want
    drop(
        auto::Builder::new(TokioExecutor::new())
            .serve_connection(TokioIo::new(stream), service)
            .await,
    );
}

fn full(bytes: impl Into<Bytes>) -> Body {
    Full::new(bytes.into()).map_err(|never| match never {}).boxed()
}

async fn answer(request: Request<Incoming>, seen: &Seen) -> Response<Body> {
    seen.requests.fetch_add(1, Ordering::SeqCst);
    let path = request.uri().path().to_owned();
    let number = |prefix: &str| path.strip_prefix(prefix).and_then(|n| n.parse::<usize>().ok());
    let mut response = Response::new(full(""));
    if let Some(status) = number("/status/") {
        *response.status_mut() =
            u16::try_from(status).ok().and_then(|s| s.try_into().ok()).expect("a status");
        *response.body_mut() = full(format!("status {status}"));
    } else if let Some(size) = number("/large/") {
        *response.body_mut() = full(vec![b'x'; size]);
    } else if path == "/redirect" {
        *response.status_mut() = http::StatusCode::FOUND;
        response.headers_mut().insert("location", HeaderValue::from_static("/elsewhere"));
    } else if path == "/hang" {
        let _one = Counted::new(&seen.hanging);
        std::future::pending::<()>().await;
    } else if let Some((count, name)) = meeting(&path) {
        let meeting = {
            let mut meetings = seen.meetings.lock().expect("nobody panics with it");
            Arc::clone(meetings.entry(name).or_insert_with(|| Arc::new(Barrier::new(count))))
        };
        meeting.wait().await;
    } else if path == "/cut" {
        let frames = [Ok(Frame::data(Bytes::from_static(b"half"))), Err(io::Error::other("cut"))];
        *response.body_mut() = StreamBody::new(futures_util::stream::iter(frames)).boxed();
    } else {
        echo(request, &mut response).await;
    }
    response
}

/// How many meet, and under what name.
fn meeting(path: &str) -> Option<(usize, String)> {
    let (count, name) = path.strip_prefix("/meet/")?.split_once('/')?;
    Some((count.parse().ok()?, name.to_owned()))
}

async fn echo(request: Request<Incoming>, response: &mut Response<Body>) {
    let target = request.uri().path_and_query().map_or("", |target| target.as_str());
    let line = HeaderValue::from_str(&format!("{} {target}", request.method()));
    response.headers_mut().insert("x-line", line.expect("a request line"));
    for (name, value) in request.headers() {
        let name = HeaderName::try_from(format!("was-{name}")).expect("a longer name");
        response.headers_mut().append(name, value.clone());
    }
    if let Ok(body) = request.into_body().collect().await {
        *response.body_mut() = full(body.to_bytes());
    }
}

/// One more, for as long as it lives.
struct Counted(watch::Sender<usize>);

impl Counted {
    fn new(count: &watch::Sender<usize>) -> Counted {
        count.send_modify(|n| *n += 1);
        Counted(count.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.send_modify(|n| *n -= 1);
    }
}
