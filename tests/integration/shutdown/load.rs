//! SIGTERM under load: what was accepted is answered, over every kind of connection.
//!
//! A client tells apart three ends. *Refused*: no connection, or one that the host had closed before
//! anything of the request was sent, or a stream that it says it has not begun with; another host would be
//! asked. *Answered*. *Lost*: the request went out, and no answer came back.

use std::error::Error as StdError;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use ottavo_test_support::{TestHost, root};
use ottavo_wire::v1::StateGetRequest;
use ottavo_wire::v1::state_client::StateClient;
use tokio::net::TcpStream;
use tonic::transport::Endpoint;

/// What became of the requests.
#[derive(Default)]
pub(crate) struct Count {
    pub(crate) answered: AtomicU64,
    /// Why, of each.
    lost: Mutex<Vec<String>>,
}

impl Count {
    pub(crate) fn answered(&self) -> u64 {
        self.answered.load(Ordering::SeqCst)
    }

    pub(crate) fn lost(&self) -> Vec<String> {
        self.lost.lock().unwrap().clone()
    }

    fn one(&self, outcome: Outcome) {
        match outcome {
            Outcome::Answered { .. } => _ = self.answered.fetch_add(1, Ordering::SeqCst),
            Outcome::Lost(why) => self.lost.lock().unwrap().push(why),
            Outcome::Refused => {}
        }
    }
}

#[derive(PartialEq, Eq)]
enum Outcome {
    Answered { last: bool },
    Refused,
    Lost(String),
}

/// How a client keeps its connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// HTTP/1.1, for as long as the host lets it.
    Kept,
    /// HTTP/1.1, one for each request.
    Fresh,
    /// HTTP/2.
    H2,
}

/// Sends requests until no connection is to be had any more.
pub(crate) async fn load(address: SocketAddr, kind: Kind, path: &'static str, count: Arc<Count>) {
    loop {
        let Ok(stream) = TcpStream::connect(address).await else { return };
        stream.set_nodelay(true).unwrap();
        match kind {
            Kind::H2 => h2(stream, path, &count).await,
            Kind::Kept => h1(stream, path, &count, u64::MAX).await,
            Kind::Fresh => h1(stream, path, &count, 1).await,
        }
    }
}

fn request(path: &str) -> http::Request<Full<Bytes>> {
    let request = http::Request::get(path).header("host", "localhost");
    request.body(Full::default()).unwrap()
}

async fn h1(stream: TcpStream, path: &str, count: &Count, requests: u64) {
    let Ok((mut sender, connection)) = http1::handshake(TokioIo::new(stream)).await else { return };
    let connection = tokio::task::spawn(connection);
    for _ in 0..requests {
        if sender.ready().await.is_err() {
            break;
        }
        let outcome = outcome(sender.send_request(request(path)).await).await;
        let goes_on = outcome == Outcome::Answered { last: false };
        count.one(outcome);
        if !goes_on {
            break;
        }
    }
    connection.abort();
}

async fn h2(stream: TcpStream, path: &str, count: &Count) {
    let handshake = http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await;
    let Ok((mut sender, connection)) = handshake else { return };
    let connection = tokio::task::spawn(connection);
    while sender.ready().await.is_ok() {
        let sent = sender.send_request(request(&format!("http://localhost{path}"))).await;
        let outcome = outcome(sent).await;
        let goes_on = matches!(outcome, Outcome::Answered { .. });
        count.one(outcome);
        if !goes_on {
            break;
        }
    }
    connection.abort();
}

async fn outcome(sent: hyper::Result<http::Response<hyper::body::Incoming>>) -> Outcome {
    let answer = match sent {
        Ok(answer) => answer,
        // the connection was closed before the request was written
        Err(error) if error.is_closed() || is_unprocessed(&error) => return Outcome::Refused,
        Err(error) => return Outcome::Lost(format!("{error:?}")),
    };
    let last = answer.headers().get("connection").is_some_and(|value| value == "close");
    let status = answer.status();
    match answer.into_body().collect().await {
        Ok(_) if status == 200 => Outcome::Answered { last },
        Ok(body) => Outcome::Lost(format!("{status}: {:?}", body.to_bytes())),
        Err(error) => Outcome::Lost(format!("{status}, and then {error:?}")),
    }
}

/// The same with calls of the gRPC door, over connections that the client keeps.
pub(crate) async fn grpc(address: SocketAddr, count: Arc<Count>) {
    let endpoint = Endpoint::from_shared(format!("http://{address}")).unwrap();
    let mut client = StateClient::new(endpoint.connect().await.unwrap());
    loop {
        let request = StateGetRequest { store: "default".into(), key: "a".into(), options: vec![] };
        match client.get(request).await {
            Ok(_) => count.one(Outcome::Answered { last: false }),
            Err(status) => match refused(&status) {
                // another connection, as for a client of gRPC's own
                Some(Refused::Unprocessed) => {}
                Some(Refused::Connection) => return,
                None => {
                    count.one(Outcome::Lost(format!("{status:?}")));
                    return;
                }
            },
        }
    }
}

/// Whether nothing was done with a request: it was not written, or its stream comes after the last one that
/// the host's `GOAWAY` names (RFC 9113, section 6.8). A client of HTTP/2 may send it again.
fn is_unprocessed(error: &(dyn StdError + 'static)) -> bool {
    error.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_canceled)
        || error.downcast_ref::<h2::Error>().is_some_and(|error| {
            error.is_go_away() && error.is_remote() && error.reason() == Some(h2::Reason::NO_ERROR)
        })
        || error.source().is_some_and(is_unprocessed)
}

/// Why a call was not taken.
enum Refused {
    /// Not on this connection any more.
    Unprocessed,
    /// There is none to be had.
    Connection,
}

fn refused(status: &tonic::Status) -> Option<Refused> {
    let mut source: Option<&dyn StdError> = status.source();
    while let Some(error) = source {
        let io = error.downcast_ref::<io::Error>().map(io::Error::kind);
        if io == Some(io::ErrorKind::ConnectionRefused) {
            return Some(Refused::Connection);
        }
        source = error.source();
    }
    status.source().filter(|error| is_unprocessed(*error)).map(|_| Refused::Unprocessed)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sigterm_under_load_fails_nothing_that_was_accepted() {
    for round in 0..3 {
        let host = TestHost::start().await.unwrap();
        host.deploy(root().join("tests/programs/faults")).await.unwrap();
        host.deploy(root().join("examples/hello-rust")).await.unwrap();
        let (mut clients, mut counts) = (Vec::new(), Vec::new());
        for (kind, path) in [
            (Kind::Kept, "/hello/ann"),
            (Kind::Kept, "/hello/ben"),
            (Kind::Kept, "/faults/wait?millis=50"),
            (Kind::Fresh, "/hello/cat"),
            (Kind::Fresh, "/faults/wait?millis=20"),
            (Kind::H2, "/hello/dan"),
            (Kind::H2, "/faults/wait?millis=30"),
        ] {
            let count = Arc::<Count>::default();
            counts.push((format!("{kind:?} {path}"), Arc::clone(&count)));
            clients.push(tokio::task::spawn(load(host.http(), kind, path, count)));
        }
        for n in 0..2 {
            let count = Arc::<Count>::default();
            counts.push((format!("gRPC {n}"), Arc::clone(&count)));
            clients.push(tokio::task::spawn(grpc(host.grpc(), count)));
        }
        while counts.iter().any(|(_, count)| count.answered() < 20) {
            tokio::task::yield_now().await;
        }
        host.signal("-TERM").await.unwrap();
        let (status, _folder) = host.wait().await.unwrap();
        assert!(status.success(), "{status}");
        for client in clients {
            client.await.unwrap();
        }
        for (name, count) in &counts {
            println!(
                "round {round}: {name}: {} answered, {:?} lost",
                count.answered(),
                count.lost()
            );
        }
        let lost: Vec<_> = counts.iter().flat_map(|(_, count)| count.lost()).collect();
        assert_eq!(lost, [""; 0], "round {round}");
    }
}
