//! HTTP requests one after the other on one connection.

use std::net::SocketAddr;
use std::pin::Pin;

use anyhow::{Context, Result};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{Connection, SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::Answer;

/// A connection to an HTTP listener.
pub struct Client {
    sender: SendRequest<Full<Bytes>>,
    connection: Pin<Box<Connection<TokioIo<TcpStream>, Full<Bytes>>>>,
}

impl Client {
    /// Connects.
    pub async fn open(address: SocketAddr) -> Result<Client> {
        let stream = TcpStream::connect(address).await.context("connect")?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await.context("handshake")?;
        Ok(Client { sender, connection: Box::pin(connection) })
    }

    /// Sends one request and reads the answer.
    pub async fn send(
        &mut self,
        method: &str,
        path: &str,
        body: impl Into<Bytes>,
    ) -> Result<Answer> {
        let request = http::Request::builder().method(method).uri(path).header("host", "localhost");
        let request = request.body(Full::new(body.into()))?;
        let Client { sender, connection } = self;
        let exchange = async {
            sender.ready().await.context("wait for the connection")?;
            let response = sender.send_request(request).await.context("send")?;
            let (head, body) = response.into_parts();
            let body = body.collect().await.context("read the body")?.to_bytes();
            Ok(Answer { status: head.status.as_u16(), headers: head.headers, body })
        };
        tokio::pin!(exchange);
        tokio::select! {
            answer = &mut exchange => answer,
            // the connection may end together with the answer: it goes on alone
            _ = connection => exchange.await,
        }
    }
}
