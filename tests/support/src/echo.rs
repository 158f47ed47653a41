//! A server outside that answers as the cases of bindings want it.

use std::convert::Infallible;
use std::net::{SocketAddr, TcpListener};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::sync::oneshot;

/// The server, on a thread of its own; it ends with the value.
///
/// | path | answer |
/// |---|---|
/// | `/status/N` | the status N, with `retry-after: 7` |
/// | `/hang` | none |
/// | `/large/N` | N bytes |
/// | any other | 200 and the body as it came, the headers that begin with `x-suite`, and `x-line`: method, path and query, and the `authorization` |
pub struct Echo {
    address: SocketAddr,
    _end: oneshot::Sender<()>,
}

impl Echo {
    /// On a free port of this machine.
    pub fn start() -> Result<Echo> {
        let listener = TcpListener::bind("127.0.0.1:0").context("listen")?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let (end, ended) = oneshot::channel::<()>();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        // its connections are tasks of this thread, and end with it
        let serve = move || {
            runtime.block_on(tokio::task::LocalSet::new().run_until(async move {
                let accept = async {
                    let listener = tokio::net::TcpListener::from_std(listener)?;
                    loop {
                        let (socket, _) = listener.accept().await?;
                        let connection = http1::Builder::new()
                            .serve_connection(TokioIo::new(socket), service_fn(answer));
                        #[expect(clippy::disallowed_methods, reason = "it ends with its thread")]
                        tokio::task::spawn_local(async move { drop(connection.await) });
                    }
                };
                tokio::select! {
                    broken = accept => broken,
                    _ = ended => Ok::<(), std::io::Error>(()),
                }
            }))
        };
        thread::Builder::new().name("echo".to_owned()).spawn(serve)?;
        Ok(Echo { address, _end: end })
    }

    /// `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

async fn answer(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let mut parts = head.uri.path().split('/').skip(1);
    let (first, number) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let number: usize = number.parse().unwrap_or_default();
    let mut response = Response::new(Full::default());
    match first {
        "status" => {
            let status =
                u16::try_from(number).ok().and_then(|n| http::StatusCode::from_u16(n).ok());
            *response.status_mut() = status.unwrap_or_default();
            response.headers_mut().insert("retry-after", "7".parse().expect("a header"));
        }
        "hang" => tokio::time::sleep(Duration::from_secs(3600)).await,
        "large" => *response.body_mut() = Full::new(Bytes::from(vec![b'x'; number])),
        _ => {
            let authorization =
                head.headers.get("authorization").and_then(|value| value.to_str().ok());
            let line = format!("{} {} {}", head.method, head.uri, authorization.unwrap_or("-"));
            for (name, value) in &head.headers {
                if name.as_str().starts_with("x-suite") {
                    response.headers_mut().append(name, value.clone());
                }
            }
            response.headers_mut().insert("x-line", line.parse().expect("a header"));
            // one that breaks off is the caller's affair
            let data = body.collect().await.map(http_body_util::Collected::to_bytes);
            *response.body_mut() = Full::new(data.unwrap_or_default());
        }
    }
    Ok(response)
}
