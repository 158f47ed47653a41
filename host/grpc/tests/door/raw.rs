//! Calls without a gRPC client, which would keep its own deadlines and send valid messages only.

use bytes::{BufMut as _, Bytes, BytesMut};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http2::{SendRequest, handshake};
use hyper::{HeaderMap, Request};
use hyper_util::rt::{TokioExecutor, TokioIo};
use ottavo_core::Error;
use tokio::net::TcpStream;
use tonic::Status;

use crate::host::Host;

pub(crate) struct Raw {
    sender: SendRequest<Full<Bytes>>,
    host: String,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) headers: HeaderMap,
    pub(crate) error: Option<Error>,
}

impl Raw {
    pub(crate) async fn connect(host: &Host) -> Raw {
        let stream = TcpStream::connect(host.address()).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let (sender, connection) =
            handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
        host.shutdown.spawn("raw client", async move { drop(connection.await) });
        Raw { sender, host: host.address().to_string() }
    }

    /// Calls `path` with a message of these bytes.
    pub(crate) async fn call(
        &mut self,
        path: &str,
        headers: &[(&str, &str)],
        message: &[u8],
    ) -> Answer {
        let mut frame = BytesMut::new();
        frame.put_u8(0);
        frame.put_u32(u32::try_from(message.len()).unwrap());
        frame.put_slice(message);
        let mut request = Request::post(format!("http://{}{path}", self.host))
            .header("content-type", "application/grpc")
            .header("te", "trailers");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(frame.freeze())).unwrap();
        let response = self.sender.send_request(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap();
        let status = Status::from_header_map(&parts.headers)
            .or_else(|| body.trailers().and_then(Status::from_header_map))
            .expect("an answer has a status");
        let failed = status.code() != tonic::Code::Ok;
        let error = failed.then(|| {
            assert!(!status.details().is_empty(), "an error without details: {status:?}");
            ottavo_wire::from_status(&status)
        });
        Answer { headers: parts.headers, error }
    }
}
