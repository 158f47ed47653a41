//! A receiver of webhooks, which may be away, and writes down what it is told.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result};
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpSocket;

/// The receiver. It ends with the test.
pub(super) struct Webhook {
    address: SocketAddr,
    /// Until it listens: the port is its own, and connections are refused.
    socket: Option<TcpSocket>,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Default)]
struct Seen {
    told: Vec<Notice>,
    /// What the next requests are answered with; then 200.
    answers: Vec<u16>,
}

/// What it was told with one request that it took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Notice {
    pub(super) key: String,
    pub(super) authorization: String,
    pub(super) body: Bytes,
}

impl Webhook {
    /// One that takes everything.
    pub(super) fn start() -> Result<Webhook> {
        let mut webhook = Webhook::away()?;
        webhook.open(&[])?;
        Ok(webhook)
    }

    /// One that has an address, where nobody listens yet.
    pub(super) fn away() -> Result<Webhook> {
        let socket = TcpSocket::new_v4()?;
        socket.bind(([127, 0, 0, 1], 0).into())?;
        Ok(Webhook { address: socket.local_addr()?, socket: Some(socket), seen: Arc::default() })
    }

    /// From now on it listens, and answers the first requests with these statuses.
    pub(super) fn open(&mut self, answers: &[u16]) -> Result<()> {
        self.answer_next(answers);
        let listener = self.socket.take().context("it listens already")?.listen(64)?;
        let seen = Arc::clone(&self.seen);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let seen = Arc::clone(&seen);
                let service = service_fn(move |request| answer(request, Arc::clone(&seen)));
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
        });
        Ok(())
    }

    /// Answers the next requests with these statuses.
    pub(super) fn answer_next(&self, answers: &[u16]) {
        self.seen.lock().expect("nobody panics with it").answers = answers.to_vec();
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    /// What it was told of a receipt, each time.
    pub(super) fn told_of(&self, order: &str) -> Vec<Notice> {
        let key = format!("receipt-{order}");
        let seen = self.seen.lock().expect("nobody panics with it");
        seen.told.iter().filter(|notice| notice.key == key).cloned().collect()
    }
}

async fn answer(
    request: Request<Incoming>,
    seen: Arc<Mutex<Seen>>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let header = |name: &str| {
        let value = head.headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    let body = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    let mut response = Response::new(Full::default());
    let mut seen = seen.lock().expect("nobody panics with it");
    if seen.answers.is_empty() {
        let (key, authorization) = (header("idempotency-key"), header("authorization"));
        seen.told.push(Notice { key, authorization, body });
    } else {
        *response.status_mut() = StatusCode::from_u16(seen.answers.remove(0)).expect("a status");
    }
    Ok(response)
}
