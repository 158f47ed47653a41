//! The deploy API, called: JSON over HTTP/1.1, one connection per call.

mod lines;
mod place;

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Body, Bytes, Frame, SizeHint};
use hyper::client::conn::http1;
use hyper::{Method, Request, StatusCode, header};
use ottavo_control::{
    ArtifactReply, DeleteReply, DeployReply, DeployRequest, ErrorReply, EventsReply, EventsRequest,
    FunctionDescription, FunctionList, HostInfo, InvokeReply, InvokeRequest, LogsRequest,
    StateReply, StateRequest, TrafficReply, TrafficRequest, VersionList,
};
use ottavo_core::{Digest, FunctionName, Kind, StoreName};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::failure::{Failure, Result};
use crate::progress::Progress;

pub(crate) use place::{Address, Place};

/// The longest call: compiling a large artifact on a busy machine.
const PATIENCE: Duration = Duration::from_secs(600);

/// How much of an upload is handed over at once.
const CHUNK: usize = 64 << 10;

/// A host's deploy API.
pub(crate) struct Client {
    place: Place,
}

impl Client {
    pub(crate) fn new(place: Place) -> Client {
        Client { place }
    }

    /// Where the host is and what it listens on.
    pub(crate) async fn host(&self) -> Result<HostInfo> {
        self.call(Method::GET, "/v1/host", "", Full::default()).await
    }

    /// Uploads an artifact.
    pub(crate) async fn upload(&self, artifact: Bytes, progress: Progress) -> Result<Digest> {
        let path = format!("/v1/artifacts/{}", Digest::of(&artifact));
        let body = Upload { rest: artifact, progress };
        let reply: ArtifactReply = self.call(Method::PUT, &path, "application/wasm", body).await?;
        Ok(reply.digest)
    }

    /// Makes an uploaded artifact a version of its function.
    pub(crate) async fn deploy(&self, request: &DeployRequest) -> Result<DeployReply> {
        self.post("/v1/functions", request).await
    }

    /// Every function.
    pub(crate) async fn list(&self) -> Result<FunctionList> {
        self.call(Method::GET, "/v1/functions", "", Full::default()).await
    }

    /// Calls a function.
    pub(crate) async fn invoke(
        &self,
        name: &FunctionName,
        request: &InvokeRequest,
    ) -> Result<InvokeReply> {
        self.post(&format!("/v1/functions/{name}/invoke"), request).await
    }

    /// One function in full.
    pub(crate) async fn describe(&self, name: &FunctionName) -> Result<FunctionDescription> {
        self.call(Method::GET, &format!("/v1/functions/{name}"), "", Full::default()).await
    }

    /// Takes a function away.
    pub(crate) async fn delete(&self, name: &FunctionName) -> Result<DeleteReply> {
        self.call(Method::DELETE, &format!("/v1/functions/{name}"), "", Full::default()).await
    }

    /// Takes one of its versions away.
    pub(crate) async fn delete_version(
        &self,
        name: &FunctionName,
        version: u64,
    ) -> Result<DeleteReply> {
        let path = format!("/v1/functions/{name}/versions/{version}");
        self.call(Method::DELETE, &path, "", Full::default()).await
    }

    /// The kept versions of a function.
    pub(crate) async fn versions(&self, name: &FunctionName) -> Result<VersionList> {
        let path = format!("/v1/functions/{name}/versions");
        self.call(Method::GET, &path, "", Full::default()).await
    }

    /// Changes which of them answer.
    pub(crate) async fn change(
        &self,
        name: &FunctionName,
        request: &TrafficRequest,
    ) -> Result<TrafficReply> {
        self.post(&format!("/v1/functions/{name}/versions"), request).await
    }

    /// One call on a pub/sub store.
    pub(crate) async fn events(
        &self,
        store: &StoreName,
        request: &EventsRequest,
    ) -> Result<EventsReply> {
        self.post(&format!("/v1/pubsub/{store}"), request).await
    }

    /// One call on a state store.
    pub(crate) async fn state(
        &self,
        store: &StoreName,
        request: &StateRequest,
    ) -> Result<StateReply> {
        self.post(&format!("/v1/state/{store}"), request).await
    }

    /// What a function has written, line by line as it comes, until it ends or `each` returns false.
    pub(crate) async fn logs(
        &self,
        name: &FunctionName,
        request: &LogsRequest,
        each: impl FnMut(&[u8]) -> Result<bool>,
    ) -> Result<()> {
        let body = serde_json::to_vec(request).expect("requests have text keys only");
        let request = self
            .request(Method::POST, &format!("/v1/functions/{name}/logs"))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Full::<Bytes>::from(body))
            .map_err(Failure::new)?;
        lines::each(&self.place, request, each).await
    }

    fn request(&self, method: Method, path: &str) -> http::request::Builder {
        let request = Request::builder().method(method).uri(path);
        let request = request.header(header::HOST, self.place.authority());
        match self.place.token() {
            Some(token) => request.header(header::AUTHORIZATION, token),
            None => request,
        }
    }

    async fn post<T: DeserializeOwned>(&self, path: &str, request: &impl Serialize) -> Result<T> {
        let body = serde_json::to_vec(request).expect("requests have text keys only");
        self.call(Method::POST, path, "application/json", Full::from(body)).await
    }

    async fn call<T, B>(&self, method: Method, path: &str, content: &str, body: B) -> Result<T>
    where
        T: DeserializeOwned,
        B: Body<Data = Bytes> + 'static,
        B::Error: std::error::Error + Send + Sync,
    {
        let mut request = self.request(method, path);
        if !content.is_empty() {
            request = request.header(header::CONTENT_TYPE, content);
        }
        let request = request.body(body).map_err(Failure::new)?;
        let (status, body) = tokio::time::timeout(PATIENCE, exchange(&self.place, request))
            .await
            .map_err(|_| silent(&self.place))??;
        read(status, &body)
    }
}

/// The host said nothing for too long.
fn silent(place: &Place) -> Failure {
    Failure::new(format!("the host at `{place}` did not answer in {PATIENCE:?}"))
}

/// The connection broke.
fn broken(place: &Place, error: &hyper::Error) -> Failure {
    Failure::new(format!("talk to the host at `{place}`: {error}"))
        .hint("the host's log says more if it stopped")
}

/// Sends a request on a connection of its own.
async fn exchange<B>(place: &Place, request: Request<B>) -> Result<(StatusCode, Bytes)>
where
    B: Body<Data = Bytes> + 'static,
    B::Error: std::error::Error + Send + Sync,
{
    let broken = |error: hyper::Error| broken(place, &error);
    let (mut sender, connection) =
        http1::handshake(place.connect().await?).await.map_err(broken)?;
    let answer = async move {
        let (parts, body) = sender.send_request(request).await?.into_parts();
        Ok((parts.status, body.collect().await?.to_bytes()))
    };
    // the connection ends once the answer is read and its sender dropped; its own error says
    // nothing that the answer's does not
    let (answer, _) = tokio::join!(answer, connection);
    answer.map_err(broken)
}

/// What an answer says.
fn read<T: DeserializeOwned>(status: StatusCode, body: &[u8]) -> Result<T> {
    if !status.is_success() {
        return Err(refused(status, body));
    }
    serde_json::from_slice(body).map_err(|error| {
        Failure::new(format!("the host's answer cannot be read: {error}"))
            .hint("use an `ottavo` of the host's version")
    })
}

/// Why the host did not do it. A fault of the host is found in its log by the request's id.
fn refused(status: StatusCode, body: &[u8]) -> Failure {
    let Ok(reply) = serde_json::from_slice::<ErrorReply>(body) else {
        return Failure::new(format!("the host answered {status}"));
    };
    let id = reply.error.request_id.clone();
    let error = ottavo_core::Error::from(reply);
    let fault = matches!(error.kind(), Kind::Internal | Kind::DataLoss | Kind::Other);
    let failure = Failure::from(error);
    match id {
        Some(id) if fault => failure.hint(format!("the host's log says more at request `{id}`")),
        _ => failure,
    }
}

/// A body that moves a bar as it is read.
struct Upload {
    rest: Bytes,
    progress: Progress,
}

impl Body for Upload {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if self.rest.is_empty() {
            return Poll::Ready(None);
        }
        let length = self.rest.len().min(CHUNK);
        let chunk = self.rest.split_to(length);
        self.progress.advance(length as u64);
        Poll::Ready(Some(Ok(Frame::data(chunk))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.rest.len() as u64)
    }
}
