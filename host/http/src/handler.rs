//! One request: found, read, called, answered.

use std::future::poll_fn;
use std::net::SocketAddr;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use http::header::CONNECTION;
use http::{HeaderValue, Method, StatusCode, Version};
use http_body::Body;
use http_body_util::BodyExt as _;
use ottavo_core::{Error, Kind};
use ottavo_functions::{
    Client, Failure, Functions, Miss, Request, Response, Routed, Streamed, Target,
};
use ottavo_telemetry::field;
use ottavo_telemetry::metrics::Measure;
use tokio::time::Instant;

use crate::body::{self, Unread};
use crate::config::{Config, Errors};
use crate::error::{Refusal, shows_insides};
use crate::fields::{self, Signs};
use crate::link::{Call, Link};
use crate::notices::Notices;
use crate::request;
use crate::response::{self, Answer, Outgoing, Streaming};
use crate::upload::{Failed, Upload};

/// Answers requests.
pub(crate) struct Handler {
    functions: Arc<Functions>,
    notices: Arc<Notices>,
    errors: Errors,
    body_timeout: Duration,
    max_headers: usize,
}

impl Handler {
    pub(crate) fn new(
        functions: Arc<Functions>,
        notices: Arc<Notices>,
        config: &Config,
    ) -> Handler {
        Handler {
            functions,
            notices,
            errors: config.errors,
            body_timeout: config.body_timeout.0,
            max_headers: config.max_headers,
        }
    }

    /// The answer to `request`. Dropping the future ends the call. Where the host stops, the answer
    /// says that it is the last of its connection.
    pub(crate) async fn answer<B>(
        &self,
        request: http::Request<B>,
        peer: Peer,
        link: &Arc<Link>,
    ) -> Answer
    where
        B: Body<Data = Bytes> + Unpin + Send + 'static,
        B::Error: std::fmt::Display,
    {
        let h2 = request.version() == Version::HTTP_2;
        let mut answer = self.respond(request, peer, link).await;
        if !h2 && link.is_leaving() {
            answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        answer
    }

    async fn respond<B>(&self, request: http::Request<B>, peer: Peer, link: &Arc<Link>) -> Answer
    where
        B: Body<Data = Bytes> + Unpin + Send + 'static,
        B::Error: std::fmt::Display,
    {
        let h2 = request.version() == Version::HTTP_2;
        let call = Call::begin(link, h2);
        let started = Instant::now();
        let (id, id_value) = request::id(request.headers());
        let method = request.method().clone();
        let signs = fields::signs(request.headers());

        let (head, body) = request.into_parts();
        let mut body = Some(body);
        let mut measure = None;
        let place = Place { signs, id: &id, peer, link: (!h2).then_some(link) };
        let called = self.call(head, &mut body, place, &mut measure).await;
        let took = started.elapsed();
        let measure =
            measure.unwrap_or_else(|| Arc::clone(self.functions.unrouted()).begin(method.as_str()));
        let insides = shows_insides(self.errors, peer.address, signs.forwarded || peer.unnamed);
        match called {
            Ok((target, response)) => {
                measure.answered(response.status().as_u16(), took);
                note(&id, &target, response.status(), took);
                let mut answer = match response {
                    Called::Whole(response) => response::of_function(response, &method, id_value),
                    Called::Streams(response, failed) => {
                        let (mut head, body) = response.into_parts();
                        response::head_of_stream(&mut head, &method, id_value);
                        let streaming = Streaming { body, failed, _call: call };
                        Answer::from_parts(head, Outgoing::Streamed(Box::new(streaming)))
                    }
                };
                if insides {
                    self.notices.mark(target.name(), answer.headers_mut());
                }
                answer
            }
            Err(refusal) => {
                measure.answered(refusal.status().as_u16(), took);
                note_refusal(&id, &refusal, took);
                // What is left of the body would be taken for the next request.
                let unread = match &body {
                    Some(body) => !body.is_end_stream(),
                    None => link.has_unread(),
                };
                let close = !h2 && unread;
                if close {
                    link.leave_unread();
                }
                let mut answer = refusal.answer(&id, id_value, insides, close);
                if let Some(function) = refusal.failure.function.as_ref().filter(|_| insides) {
                    self.notices.mark(function, answer.headers_mut());
                }
                match method == Method::HEAD {
                    true => answer.map(|_| Bytes::new().into()),
                    false => answer,
                }
            }
        }
    }

    async fn call<B>(
        &self,
        mut head: http::request::Parts,
        body: &mut Option<B>,
        place: Place<'_>,
        measure: &mut Option<Measure>,
    ) -> Result<(Target, Called), Box<Refusal>>
    where
        B: Body<Data = Bytes> + Unpin + Send + 'static,
        B::Error: std::fmt::Display,
    {
        let Place { signs, id, peer: Peer { address, tls, .. }, link } = place;
        let Routed { target, params, route, meter } = self.route(&head)?;
        *measure = Some(meter.begin(head.method.as_str()));
        target.has_room().map_err(|full| Refusal::of(*full))?;
        let cap = target.limits().body;
        let refuse = |unread| refuse_body(&target, unread);
        let whole = match target.streams() {
            false => {
                let body = body.as_mut().expect("nobody has taken it");
                body::read(body, cap, self.body_timeout).await.map_err(refuse)?
            }
            true => Bytes::new(),
        };
        if signs.hop {
            fields::strip(&mut head.headers);
        }
        request::settle(&mut head);
        let (id, client) = (Arc::clone(id), Client::Remote { address, tls });
        let request = Request { head, body: whole, params, route: Some(route), id, client };
        if !target.streams() {
            let called = target.call(request).await.map_err(Refusal::of)?;
            return Ok((target, Called::Whole(called)));
        }
        if body.as_ref().is_some_and(|body| body.size_hint().lower() > cap.0) {
            return Err(refuse(Unread::TooLarge));
        }
        let body = body.take().expect("nobody has taken it");
        if let Some(link) = link {
            link.watch();
        }
        let upload = Upload::new(body, cap, self.body_timeout, link.cloned());
        let failed = upload.failed();
        let served = {
            // apart: a request that does not stream would carry the room for it
            let mut served = Box::pin(target.serve(request.map(|_| upload.boxed_unsync())));
            poll_fn(|cx| {
                let served = served.as_mut().poll(cx).map(Ok);
                // whatever the function would make of it
                failed.why().map_or(served, |unread| Poll::Ready(Err(unread)))
            })
            .await
        };
        match served.map_err(refuse)? {
            Ok(response) => Ok((target, Called::Streams(response, failed))),
            Err(failure) => Err(Refusal::of(failure)),
        }
    }

    fn route(&self, head: &http::request::Parts) -> Result<Routed, Box<Refusal>> {
        if head.headers.len() > self.max_headers {
            let most = self.max_headers;
            let error = Error::new(Kind::TooLarge, format!("the request has over {most} headers"));
            let status = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
            return Err(Refusal::new(error).with_status(status));
        }
        let host = request::host(head).map_err(|why| Refusal::new(Error::invalid(why)))?;
        let path = head.uri.path();
        self.functions.route(host, &head.method, path, &head.headers).map_err(|miss| {
            match self.notices.page(host, &head.method, path) {
                Some(notice) => notice.refusal(),
                None => refuse_route(miss, head),
            }
        })
    }
}

/// Who is at the other end of a connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer {
    pub(crate) address: SocketAddr,
    /// Whether it speaks TLS.
    pub(crate) tls: bool,
    /// The address is that of a proxy, which did not say whom it speaks for.
    pub(crate) unnamed: bool,
}

/// Where a request came from.
#[derive(Clone, Copy)]
struct Place<'a> {
    signs: Signs,
    id: &'a Arc<str>,
    peer: Peer,
    /// On HTTP/1, whose next request comes after all of this one.
    link: Option<&'a Arc<Link>>,
}

/// A function's own answer.
enum Called {
    Whole(Response),
    Streams(http::Response<Streamed>, Failed),
}

impl Called {
    fn status(&self) -> StatusCode {
        match self {
            Called::Whole(response) => response.status(),
            Called::Streams(response, _) => response.status(),
        }
    }
}

fn refuse_route(miss: Miss, head: &http::request::Parts) -> Box<Refusal> {
    let (method, path) = (&head.method, head.uri.path().escape_debug());
    match miss {
        Miss::NotFound => Refusal::new(Error::not_found(format!(
            "no function answers `{path}`: `ottavo list` shows the routes"
        ))),
        Miss::Method { allowed } => {
            let methods = allowed.join(", ");
            let message = format!("`{path}` answers {methods}, not `{method}`");
            Refusal::new(Error::new(Kind::Unsupported, message))
                .with_status(StatusCode::METHOD_NOT_ALLOWED)
                .with_allow(allowed)
        }
        Miss::BadPath => Refusal::new(Error::invalid(format!(
            "the path `{path}` is wrong: write it as UTF-8 in percent-encoding, without `.` and \
             `..` as segments"
        ))),
    }
}

fn refuse_body(target: &Target, unread: Unread) -> Box<Refusal> {
    let name = target.name();
    let (status, error) = match unread {
        Unread::TooLarge => {
            let cap = target.limits().body;
            let message = format!(
                "the body is over the limit of `{name}`, {cap}: send less, or set `limits.body` \
                 in its manifest"
            );
            let error = Error::new(Kind::TooLarge, message).with_detail("limit", cap.0.to_string());
            (StatusCode::PAYLOAD_TOO_LARGE, error)
        }
        Unread::Late => {
            let message = "the body did not arrive in time: send it faster";
            (StatusCode::REQUEST_TIMEOUT, Error::new(Kind::Timeout, message))
        }
        Unread::Broken(why) => {
            let error = Error::invalid("the body broke off, or is not what its headers say");
            (StatusCode::BAD_REQUEST, error.with_source(why))
        }
    };
    Refusal::of(Failure::of_function(name, target.version(), error)).with_status(status)
}

/// One line for each answer of a function.
fn note(id: &str, target: &Target, status: StatusCode, took: Duration) {
    let (function, version) = (target.name(), target.version());
    let status = status.as_u16();
    match status >= 500 {
        true => tracing::warn!(
            { field::REQUEST_ID } = id,
            { field::FUNCTION } = %function,
            { field::VERSION } = version,
            status,
            ?took,
            "answered"
        ),
        false => tracing::debug!(
            { field::REQUEST_ID } = id,
            { field::FUNCTION } = %function,
            { field::VERSION } = version,
            status,
            ?took,
            "answered"
        ),
    }
}

/// One line for each request that was refused or that failed, with what only the log may know.
fn note_refusal(id: &str, refusal: &Refusal, took: Duration) {
    let Failure { function, version, error, insides, .. } = &refusal.failure;
    let status = refusal.status().as_u16();
    let function = function.as_ref().map(tracing::field::display);
    // a page tells it to the person who is waiting for it
    match status >= 500 && !refusal.page {
        true => tracing::warn!(
            { field::REQUEST_ID } = id,
            { field::FUNCTION } = function,
            { field::VERSION } = version,
            { field::ERROR } = ?error,
            insides,
            status,
            ?took,
            "failed"
        ),
        false => tracing::debug!(
            { field::REQUEST_ID } = id,
            { field::FUNCTION } = function,
            { field::VERSION } = version,
            { field::ERROR } = ?error,
            status,
            ?took,
            "refused"
        ),
    }
}
