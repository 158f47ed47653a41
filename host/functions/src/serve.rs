//! One request of a component that speaks `wasi:http`: its bodies stream.
//!
//! Invariants: until the head of the answer is there, the guest runs within the future of its request,
//! as any other. What ends by then is answered whole: a small answer costs no task, and a fault is an
//! answer that says so. A guest that goes on gets a task, which ends when the client is gone before
//! the body's end, or with the timeout.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;

use bytes::Bytes;
use futures_util::FutureExt as _;
use http::header::{CONTENT_LENGTH, HOST};
use http::{HeaderName, HeaderValue, Method, StatusCode};
use http_body::Frame;
use http_body_util::{BodyExt as _, Full};
use ottavo_blocks::exchange::Body;
use ottavo_core::{Error, Kind};
use ottavo_engine::Driven;
use ottavo_imports::{Heard, Incoming, Part};
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use crate::call::Admitted;
use crate::origin::Origin;
use crate::streamed::{Account, Streamed};
use crate::version::Version;
use crate::{Failure, Request, Response};

/// Names the request to the guest, as it does to the client.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// How often an asynchronous guest that has answered is looked at, before its client is answered.
const TURNS: usize = 3;

type Answer = http::Response<Streamed>;
type Work = Driven<Result<(), Failure>>;
type Head = Result<http::response::Parts, String>;

impl Version {
    /// Whether its requests go to `wasi:http`. Where a component has both, our own handler is faster.
    pub(crate) fn streams(&self) -> bool {
        self.handles.streams && !self.handles.requests
    }

    /// Answers `request`, whose body comes while the guest runs.
    pub(crate) async fn serve(self: &Arc<Self>, request: Request<Body>) -> Result<Answer, Failure> {
        let admitted = self.admit::<Incoming>(&request.id, request.client.outer()).await?;
        let (id, origin) = (Arc::clone(&request.id), Origin::of(&request));
        let method = request.head.method.clone();
        let (incoming, mut heard) = Incoming::new(plain(request));
        let work = Arc::clone(self).work(Arc::clone(&id), origin, incoming, admitted);
        let mut work: Work = self.drive(work);
        let mut silent = false;
        let begun = poll_fn(|cx| match Pin::new(&mut work).poll(cx) {
            Poll::Ready(ran) => Poll::Ready(Begun::Over(ran)),
            Poll::Pending if silent => Poll::Pending,
            Poll::Pending => match Pin::new(&mut heard.head).poll(cx) {
                Poll::Ready(Ok(head)) => Poll::Ready(Begun::Answered(head)),
                // the end of its work is near, on another thread
                Poll::Ready(Err(_)) => {
                    silent = true;
                    Poll::Pending
                }
                Poll::Pending => Poll::Pending,
            },
        });
        match begun.await {
            Begun::Over(ran) => self.over(ran, heard.head.try_recv().ok(), heard.parts, &method),
            Begun::Answered(head) => match self.ends(&mut work).await {
                Some(ran) => self.over(ran, Some(head), heard.parts, &method),
                None => self.begun(head, heard, work, &method, id),
            },
        }
        .map_err(|failure| *failure)
    }

    /// Answers a call by name, whose bodies are whole.
    pub(crate) async fn collect(self: &Arc<Self>, request: Request) -> Result<Response, Failure> {
        let whole = |bytes| Full::new(bytes).map_err(|never| match never {}).boxed_unsync();
        let (mut head, body) = self.serve(request.map(whole)).await?.into_parts();
        let body = body.collect().await.map_err(|broken| {
            self.broken(Error::internal(format!("function `{}` {broken}", self.name)))
        })?;
        head.headers.remove(CONTENT_LENGTH);
        Ok(http::Response::from_parts(head, body.to_bytes()))
    }

    /// Everything that the guest does.
    async fn work(
        self: Arc<Self>,
        id: Arc<str>,
        origin: Origin,
        mut incoming: Incoming,
        admitted: Admitted,
    ) -> Result<(), Failure> {
        let until = Instant::now() + self.info.limits.timeout.0;
        let ran = self.run(&id, &origin, &mut incoming, admitted).await;
        // a client that does not read what is left is as late as a guest
        drop(tokio::time::timeout_at(until, incoming.finish()).await);
        ran
    }

    /// Lets an asynchronous guest that waits for nothing come to its end: it takes a few turns.
    async fn ends(&self, work: &mut Work) -> Option<Result<(), Failure>> {
        let turns = if self.record.concurrent { TURNS } else { 0 };
        for _ in 0..turns {
            tokio::task::yield_now().await;
            if let Some(ran) = (&mut *work).now_or_never() {
                return Some(ran);
            }
        }
        None
    }

    /// The guest has ended, and nothing has been sent.
    fn over(
        &self,
        ran: Result<(), Failure>,
        head: Option<Head>,
        mut parts: mpsc::Receiver<Part>,
        method: &Method,
    ) -> Result<Answer, Box<Failure>> {
        let Some(head) = head else {
            return Err(ran.err().map(Box::new).unwrap_or_else(|| {
                let name = &self.name;
                self.not_an_answer(Error::internal(format!(
                    "function `{name}` ended without an answer"
                )))
            }));
        };
        let head = self.checked(head)?;
        let mut frames = VecDeque::new();
        let ended = loop {
            match parts.try_recv() {
                Ok(Part::Frame(frame)) => frames.push_back(frame),
                Ok(Part::End) => break None,
                Ok(Part::Broken(why)) => break Some(why),
                Err(_) => break Some("gave no whole answer"),
            }
        };
        if let Some(why) = ended {
            let error = || Error::internal(format!("function `{}` {why}", self.name));
            return Err(ran.err().map(Box::new).unwrap_or_else(|| self.not_an_answer(error())));
        }
        self.whole(head, frames, method)
    }

    /// All of an answer, before any of it is sent.
    fn whole(
        &self,
        mut head: http::response::Parts,
        mut frames: VecDeque<Frame<Bytes>>,
        method: &Method,
    ) -> Result<Answer, Box<Failure>> {
        let sizes = frames.iter().filter_map(Frame::data_ref).map(|data| data.len() as u64);
        let size: u64 = sizes.sum();
        let bodiless = bodiless(method, head.status);
        match length(&head) {
            Some(said) if said != size && !(bodiless && size == 0) => {
                let error = format!(
                    "the function answered with `content-length` {said} and a body of {size} bytes"
                );
                return Err(self.not_an_answer(Error::internal(error)));
            }
            Some(_) => {}
            None if size > 0 && *method == Method::HEAD => {
                head.headers.insert(CONTENT_LENGTH, HeaderValue::from(size));
            }
            None => {}
        }
        let limit = self.info.limits.body;
        if size > limit.0 {
            let error = format!(
                "the function answered with a body of {size} bytes where `limits.body` is {limit}"
            );
            return Err(self.not_an_answer(Error::internal(error)));
        }
        if bodiless {
            frames.clear();
        }
        Ok(http::Response::from_parts(head, Streamed::whole(frames)))
    }

    /// The guest goes on after the head of its answer.
    fn begun(
        self: &Arc<Self>,
        head: Head,
        heard: Heard,
        work: Work,
        method: &Method,
        id: Arc<str>,
    ) -> Result<Answer, Box<Failure>> {
        let head = self.checked(head)?;
        let (said, limit) = (length(&head), self.info.limits.body);
        let bodiless = bodiless(method, head.status);
        if let Some(size) = said.filter(|size| *size > limit.0 && !bodiless) {
            let error = format!(
                "the function answered with a body of {size} bytes where `limits.body` is {limit}"
            );
            return Err(self.not_an_answer(Error::internal(error)));
        }
        let Heard { mut parts, .. } = heard;
        if bodiless {
            // nobody waits for what it still writes
            self.host.shutdown.spawn("function after its answer", async move {
                let unread = async { while parts.recv().await.is_some() {} };
                drop(tokio::join!(work, unread));
            });
            return Ok(http::Response::from_parts(head, Streamed::whole(VecDeque::new())));
        }
        let (goes_on, gone) = oneshot::channel();
        self.host.shutdown.spawn("function that streams", async move {
            let gone = async {
                if gone.await.is_ok() {
                    std::future::pending::<()>().await;
                }
            };
            tokio::select! {
                biased;
                () = gone => {}
                _ = work => {}
            }
        });
        let account = Account::new(Arc::clone(self), id, limit);
        let body = Streamed::coming(parts, goes_on, said, account);
        Ok(http::Response::from_parts(head, body))
    }

    fn not_an_answer(&self, error: Error) -> Box<Failure> {
        Box::new(self.broken(error))
    }

    /// The head of an answer that can be sent.
    fn checked(&self, head: Head) -> Result<http::response::Parts, Box<Failure>> {
        let head = head.map_err(|code| {
            let name = &self.name;
            let error = format!("function `{name}` answered with the error `{code}`");
            self.not_an_answer(Error::new(Kind::Internal, error))
        })?;
        match head.status.as_u16() {
            200..=599 => Ok(head),
            status => Err(self.not_an_answer(Error::internal(format!(
                "the function answered with the status {status}: use 200 to 599"
            )))),
        }
    }
}

/// How the first part of a call ends.
enum Begun {
    /// With all of it.
    Over(Result<(), Failure>),
    /// With the head of the answer.
    Answered(Head),
}

/// The request as `wasi:http` has it: no parameters, but its id, and a host in any case.
fn plain(request: Request<Body>) -> http::Request<Body> {
    let Request { mut head, body, id, .. } = request;
    if let Ok(id) = HeaderValue::from_str(&id) {
        head.headers.insert(REQUEST_ID, id);
    }
    if head.uri.authority().is_none() && !head.headers.contains_key(HOST) {
        head.headers.insert(HOST, HeaderValue::from_static("localhost"));
    }
    http::Request::from_parts(head, body)
}

fn bodiless(method: &Method, status: StatusCode) -> bool {
    *method == Method::HEAD || matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED)
}

/// The length that a head says. The guest's library lets none through that is not a number.
fn length(head: &http::response::Parts) -> Option<u64> {
    head.headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}
