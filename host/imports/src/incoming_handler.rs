//! `wasi:http/incoming-handler`: requests whose bodies stream.
//!
//! The guest's answer comes as a head and then as [`Part`]s over a channel of fixed room: a guest whose
//! client does not read waits in its own call. The guest and what moves its parts are one future.

use std::collections::VecDeque;
use std::pin::pin;

use bytes::Bytes;
use futures_util::FutureExt as _;
use futures_util::future::{Either, select};
use http_body::Frame;
use http_body_util::BodyExt as _;
use ottavo_blocks::exchange::Body;
use ottavo_core::{Error, Kind, Result};
use tokio::sync::{mpsc, oneshot};
use wasmtime::Store;
use wasmtime::component::InstancePre;
use wasmtime_wasi_http::p2::bindings::http::types::{ErrorCode, Scheme};
use wasmtime_wasi_http::{Error as WasiError, WasiBody, WasiHttpView as _};

use crate::Call;
use crate::bindings::ottavo::runtime::types::Error as WitError;
use crate::handler::{Bound, Handled, Handlers, exports};
use crate::wasi_http::to_wasi;

pub(crate) use wasmtime_wasi_http::p2::bindings::exports::wasi::http::incoming_handler;

/// Parts that wait for the client, beside those that wait in the guest's stream.
const WAITING: usize = 4;

/// One request for a guest.
pub struct Incoming {
    request: Option<http::Request<Body>>,
    answer: Answer,
}

/// What comes of it.
pub struct Heard {
    /// The head of the answer; or the error that the guest answered with, as it names it. Nothing when
    /// the guest ends without any.
    pub head: oneshot::Receiver<std::result::Result<http::response::Parts, String>>,
    /// The body. Without a [`Part::End`] it is not whole.
    pub parts: mpsc::Receiver<Part>,
}

/// A part of an answer's body.
#[derive(Debug)]
pub enum Part {
    /// Bytes, or the trailers.
    Frame(Frame<Bytes>),
    /// It is whole.
    End,
    /// It will never be: why.
    Broken(&'static str),
}

type Given = std::result::Result<http::Response<WasiBody>, ErrorCode>;

/// The answer on its way out of the guest.
struct Answer {
    head: Option<oneshot::Sender<std::result::Result<http::response::Parts, String>>>,
    parts: mpsc::Sender<Part>,
    /// The guest has not answered yet.
    given: Option<oneshot::Receiver<Given>>,
    body: Option<WasiBody>,
    /// What was there when the guest ended.
    rest: VecDeque<Part>,
}

pub(crate) fn find(
    component: &InstancePre<Call>,
) -> Result<Option<incoming_handler::GuestIndices>> {
    if !exports(component, Incoming::INTERFACE) {
        return Ok(None);
    }
    incoming_handler::GuestIndices::new(component).map(Some).map_err(|error| {
        Error::invalid(format!("`wasi:http/incoming-handler` cannot be called: {error:#}"))
    })
}

impl Incoming {
    /// A request, whose target or `Host` says where it goes.
    pub fn new(request: http::Request<Body>) -> (Incoming, Heard) {
        let (parts, heard) = mpsc::channel(WAITING);
        let (head, answered) = oneshot::channel();
        let (head, rest) = (Some(head), VecDeque::new());
        let answer = Answer { head, parts, given: None, body: None, rest };
        let heard = Heard { head: answered, parts: heard };
        (Incoming { request: Some(request), answer }, heard)
    }

    /// Hands over what was left when the guest ended. Waits for the client.
    pub async fn finish(mut self) {
        while let Some(part) = self.answer.rest.pop_front() {
            if self.answer.parts.send(part).await.is_err() {
                return;
            }
        }
    }
}

impl Handled for Incoming {
    type Answer = ();

    const INTERFACE: &'static str = "wasi:http/incoming-handler@0.2.12";

    fn has_handler(handlers: &Handlers) -> bool {
        handlers.incoming.is_some()
    }

    async fn handle(
        &mut self,
        bound: &Bound,
        store: &mut Store<Call>,
    ) -> wasmtime::Result<std::result::Result<(), WitError>> {
        let guest = bound.incoming.as_ref().expect("called where `has_handler` said so");
        let request = self.request.take().expect("a request is handled once");
        let scheme = match request.uri().scheme() {
            Some(scheme) if *scheme == http::uri::Scheme::HTTPS => Scheme::Https,
            _ => Scheme::Http,
        };
        let (give, given) = oneshot::channel();
        self.answer.given = Some(given);
        let mut http = store.data_mut().http();
        let body = |body: Body| body.map_err(unread as fn(Error) -> WasiError);
        let request = http.new_incoming_request(scheme, request.map(body))?;
        let outparam = http.new_response_outparam(give)?;
        let returned = {
            let called = pin!(guest.call_handle(&mut *store, request, outparam));
            let moved = pin!(self.answer.go());
            match select(called, moved).await {
                Either::Left((returned, _)) => returned,
                Either::Right(((), called)) => called.await,
            }
        };
        // while the store is there: once it is gone, an end and a break are the same
        self.answer.settle(returned.is_ok());
        returned.map(Ok)
    }
}

impl Answer {
    /// Moves the answer as it comes. Dropped at any point, nothing is lost.
    async fn go(&mut self) {
        if let Some(given) = &mut self.given {
            let Ok(answer) = given.await else { return };
            self.take(answer);
        }
        while self.body.is_some() {
            // room first: a part that was taken has to go somewhere
            let Ok(room) = self.parts.reserve().await else {
                self.body = None;
                return;
            };
            let Some(body) = &mut self.body else { return };
            let part = part(body.frame().await);
            if !matches!(part, Part::Frame(_)) {
                self.body = None;
            }
            room.send(part);
        }
    }

    /// The guest has given its answer.
    fn take(&mut self, answer: Given) {
        self.given = None;
        let head = match answer {
            Ok(answer) => {
                let (head, body) = answer.into_parts();
                self.body = Some(body);
                Ok(head)
            }
            Err(code) => Err(format!("{code:?}")),
        };
        if let Some(asked) = self.head.take()
            && asked.send(head).is_err()
        {
            self.body = None;
        }
    }

    /// The guest has ended: takes what it has written and nobody has read.
    fn settle(&mut self, returned: bool) {
        if let Some(given) = &mut self.given
            && let Ok(answer) = given.try_recv()
        {
            self.take(answer);
        }
        while let Some(body) = &mut self.body {
            let part = match body.frame().now_or_never() {
                Some(frame) => part(frame),
                None if returned => Part::Broken("returned without finishing its answer's body"),
                // what ended it was told already
                None => {
                    self.body = None;
                    return;
                }
            };
            if !matches!(part, Part::Frame(_)) {
                self.body = None;
            }
            self.rest.push_back(part);
        }
    }
}

fn part(frame: Option<std::result::Result<Frame<Bytes>, WasiError>>) -> Part {
    match frame {
        Some(Ok(frame)) => Part::Frame(frame),
        Some(Err(_)) => Part::Broken("gave its answer's body up before its end"),
        None => Part::End,
    }
}

/// Why the guest gets no more of its request.
fn unread(error: Error) -> WasiError {
    match error.kind() {
        Kind::TooLarge => {
            let limit = error.detail("limit").and_then(|limit| limit.parse().ok());
            WasiError::HttpRequestBodySize(limit)
        }
        Kind::InvalidArgument | Kind::Cancelled => WasiError::ConnectionTerminated,
        _ => to_wasi(&error),
    }
}
