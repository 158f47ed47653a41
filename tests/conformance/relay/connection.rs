//! POST over one HTTP/2 connection.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http2::{SendRequest, handshake};
use hyper::{Request, StatusCode};
use hyper_util::rt::{TokioExecutor, TokioIo};
use ottavo_core::Shutdown;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;

/// Calls at a time: a function takes a bounded number, and says so to further ones.
const AT_ONCE: usize = 16;

/// A connection to the host's HTTP listener.
#[derive(Clone)]
pub(crate) struct Connection {
    sender: SendRequest<Full<Bytes>>,
    url: String,
    places: Arc<Semaphore>,
}

impl Connection {
    /// Connects; everything is posted to `path`.
    pub(crate) async fn open(
        address: SocketAddr,
        path: &str,
        shutdown: &Shutdown,
    ) -> Result<Connection> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioExecutor::new(), TokioIo::new(stream)).await?;
        shutdown.spawn("relay connection", async move { drop(connection.await) });
        let (url, places) = (format!("http://{address}{path}"), Arc::new(Semaphore::new(AT_ONCE)));
        Ok(Connection { sender, url, places })
    }

    /// The body of the answer, which must be 200.
    pub(crate) async fn post(&self, body: Bytes) -> Result<Bytes> {
        let _place = self.places.acquire().await?;
        let request = Request::post(&self.url).body(Full::new(body))?;
        let response = self.sender.clone().send_request(request).await?;
        let status = response.status();
        let body = response.into_body().collect().await.context("reading the answer")?.to_bytes();
        if status != StatusCode::OK {
            bail!("the relay answered {status}: {}", String::from_utf8_lossy(&body));
        }
        Ok(body)
    }
}
