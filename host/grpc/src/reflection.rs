//! `grpc.reflection`, v1 and v1alpha: what this door offers, for clients without the definitions.
//!
//! A client asks on a stream that it may leave open. Its questions end here when shutdown begins, and
//! after the longest time that a call may take: then the answers end too, and with them the task that
//! gives them.

use std::convert::Infallible;
use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use http_body::Frame;
use ottavo_core::Shutdown;
use ottavo_wire::DESCRIPTORS;
use tonic::Status;
use tonic::body::Body;
use tonic::codegen::http::{Request, Response};
use tonic::codegen::{Context, Poll, Service};
use tonic::server::NamedService;
use tonic_reflection::pb;
use tonic_reflection::server::{Builder, v1, v1alpha};

/// The largest question: names are short.
const MAX_QUESTION: usize = 16 << 10;

/// The first version of the service.
pub(crate) fn v1() -> v1::ServerReflectionServer<impl v1::ServerReflection> {
    let service = builder().build_v1().expect("the generated descriptors are whole");
    service.max_decoding_message_size(MAX_QUESTION)
}

/// The one before it, which many clients still ask first.
pub(crate) fn v1alpha() -> v1alpha::ServerReflectionServer<impl v1alpha::ServerReflection> {
    let service = builder().build_v1alpha().expect("the generated descriptors are whole");
    service.max_decoding_message_size(MAX_QUESTION)
}

/// Everything that is served, so that both versions tell the same.
fn builder() -> Builder<'static> {
    Builder::configure()
        .register_encoded_file_descriptor_set(DESCRIPTORS)
        .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        .register_encoded_file_descriptor_set(pb::v1::FILE_DESCRIPTOR_SET)
        .register_encoded_file_descriptor_set(pb::v1alpha::FILE_DESCRIPTOR_SET)
        .include_reflection_service(false)
}

/// A service whose requests end in time.
#[derive(Clone)]
pub(crate) struct Bounded<S> {
    service: S,
    timeout: Duration,
    shutdown: Shutdown,
}

impl<S> Bounded<S> {
    pub(crate) fn new(service: S, timeout: Duration, shutdown: &Shutdown) -> Bounded<S> {
        Bounded { service, timeout, shutdown: shutdown.clone() }
    }
}

impl<S: NamedService> NamedService for Bounded<S> {
    const NAME: &'static str = S::NAME;
}

impl<S> Service<Request<Body>> for Bounded<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.service.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> S::Future {
        let (timeout, shutdown) = (self.timeout, self.shutdown.clone());
        let end = async move {
            let stopped = tokio::time::timeout(timeout, shutdown.begun()).await;
            tracing::debug!(stopped = stopped.is_ok(), "a stream of questions ends");
        };
        self.service.call(request.map(|body| Body::new(Ending { body, end: Some(end.boxed()) })))
    }
}

/// A body that is over when `end` is, if not before.
struct Ending {
    body: Body,
    /// None once it has come.
    end: Option<BoxFuture<'static, ()>>,
}

impl http_body::Body for Ending {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let Some(end) = &mut self.end else { return Poll::Ready(None) };
        if end.as_mut().poll(cx).is_ready() {
            self.end = None;
            return Poll::Ready(None);
        }
        Pin::new(&mut self.body).poll_frame(cx)
    }
}
