//! How opendal sends its requests: with the HTTP client and the TLS that the host has anyway.
//!
//! Redirects are not followed: a request is signed for one address.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::StreamExt as _;
use http::{Method, Request, Response, header};
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyDataStream;
use hyper::rt::Executor;
use hyper_util::client::legacy;
use hyper_util::rt::TokioTimer;
use opendal::{Buffer, ErrorKind, HttpBody, HttpTransport};
use ottavo_core::{Error, Kind, Result, Shutdown};
use tokio::sync::RwLock;

use super::connect::{self, Connector};
use crate::options::S3Options;

/// The most of an answer that is read whole: an error.
const LONGEST_ERROR: usize = 1 << 20;

/// How many connections wait for their next request.
const MAX_IDLE: usize = 32;

/// The client of one store.
pub(super) struct Transport {
    client: legacy::Client<Connector, Chunks>,
}

impl Transport {
    /// A client whose connections end with `shutdown`, once `drafts` can be written: drafts are removed
    /// over them. Connects to nothing yet.
    ///
    /// # Errors
    /// `invalid-argument` with the key that is wrong.
    pub(super) fn new(
        options: &S3Options,
        secure: bool,
        shutdown: &Shutdown,
        drafts: Arc<RwLock<()>>,
    ) -> Result<Transport> {
        let connector = connect::connector(options, secure)?;
        let client = legacy::Client::builder(Tasks { shutdown: shutdown.clone(), drafts })
            .timer(TokioTimer::new())
            .pool_timer(TokioTimer::new())
            .pool_max_idle_per_host(MAX_IDLE)
            .build(connector);
        Ok(Transport { client })
    }
}

impl HttpTransport for Transport {
    async fn fetch(&self, request: Request<Buffer>) -> opendal::Result<Response<HttpBody>> {
        let head = request.method() == Method::HEAD;
        let sent = self.client.request(request.map(Chunks)).await;
        let (parts, body) = sent.map_err(|error| unanswered(&error))?.into_parts();
        let size = parts.headers.get(header::CONTENT_LENGTH);
        let size = size.and_then(|text| text.to_str().ok()?.parse().ok()).filter(|_| !head);
        let (good, mut read) = (parts.status.is_success(), 0);
        let stream = BodyDataStream::new(body).map(move |data| {
            let data = data.map_err(|error| failure(LOST, error))?;
            read += data.len();
            match good || read <= LONGEST_ERROR {
                true => Ok(Buffer::from(data)),
                false => Err(failure(ENDLESS, "over 1 MiB")),
            }
        });
        Ok(Response::from_parts(parts, HttpBody::new(stream, size)))
    }
}

const LOST: &str = "the connection to the service of the store was lost";
const ENDLESS: &str = "the service of the store answers with an error that does not end";

fn unanswered(error: &legacy::Error) -> opendal::Error {
    let causes = std::iter::successors(std::error::Error::source(error), |cause| cause.source());
    let text = causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"));
    match error.is_connect() {
        true => failure("the service of the store cannot be reached", text),
        false => failure(LOST, text),
    }
}

/// Our own error, in opendal's: [`crate::error::of`] finds it.
fn failure(
    message: &str,
    source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> opendal::Error {
    let ours = Error::new(Kind::Unavailable, message).with_source(source);
    opendal::Error::new(ErrorKind::Unexpected, message).set_temporary().set_source(ours)
}

/// What a request carries.
pub(super) struct Chunks(Buffer);

impl Body for Chunks {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(Iterator::next(&mut self.0).map(|chunk| Ok(Frame::data(chunk))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0.len() as u64)
    }
}

/// Runs the connections, until shutdown.
#[derive(Clone)]
struct Tasks {
    shutdown: Shutdown,
    drafts: Arc<RwLock<()>>,
}

impl<F> Executor<F> for Tasks
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    fn execute(&self, task: F) {
        let Tasks { shutdown, drafts } = self.clone();
        self.shutdown.spawn("requests of an object store", async move {
            let ends = async {
                shutdown.begun().await;
                drop(drafts.write().await);
            };
            tokio::select! {
                _ = task => {}
                () = ends => {}
            }
        });
    }
}
