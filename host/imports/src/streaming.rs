//! The answer of a function of `wasi:http`, while it comes.
//!
//! It comes as a head and then as [`Part`]s over a channel of fixed room: a guest whose client does not
//! read waits in its own call. The guest and what moves its parts are one future.

use std::collections::VecDeque;

use bytes::Bytes;
use futures_util::FutureExt as _;
use http_body::Frame;
use http_body_util::BodyExt as _;
use tokio::sync::{mpsc, oneshot};
use wasmtime_wasi_http::p2::bindings::http::types::ErrorCode;
use wasmtime_wasi_http::{Error as WasiError, WasiBody};

/// Parts that wait for the client, beside those that wait in the guest's stream.
const WAITING: usize = 4;

/// What comes of one request.
pub struct Heard {
    /// The head of the answer; or the error that the guest answered with, as it names it. Nothing when
    /// the guest ends without any.
    pub head: oneshot::Receiver<Head>,
    /// The body. Without a [`Part::End`] it is not whole.
    pub parts: mpsc::Receiver<Part>,
}

/// The head of an answer, or the error that the guest answered with, as it names it.
pub(crate) type Head = Result<http::response::Parts, String>;

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

type Given = Result<http::Response<WasiBody>, ErrorCode>;

/// The answer on its way out of the guest.
pub(crate) struct Answer {
    head: Option<oneshot::Sender<Head>>,
    parts: mpsc::Sender<Part>,
    /// Where a guest of 0.2 answers, which has not yet.
    given: Option<oneshot::Receiver<Given>>,
    body: Option<WasiBody>,
    /// What was there when the guest ended.
    rest: VecDeque<Part>,
}

impl Answer {
    pub(crate) fn new() -> (Answer, Heard) {
        let (parts, heard) = mpsc::channel(WAITING);
        let (head, answered) = oneshot::channel();
        let (head, rest) = (Some(head), VecDeque::new());
        let answer = Answer { head, parts, given: None, body: None, rest };
        (answer, Heard { head: answered, parts: heard })
    }

    /// Where a guest of 0.2 answers.
    pub(crate) fn place(&mut self) -> oneshot::Sender<Given> {
        let (give, given) = oneshot::channel();
        self.given = Some(given);
        give
    }

    /// Moves the answer as it comes. Dropped at any point, nothing is lost.
    pub(crate) async fn go(&mut self) {
        if let Some(given) = &mut self.given {
            let Ok(answer) = given.await else { return };
            self.take(named(answer));
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

    /// Hands over what was left when the guest ended. Waits for the client.
    pub(crate) async fn finish(mut self) {
        while let Some(part) = self.rest.pop_front() {
            if self.parts.send(part).await.is_err() {
                return;
            }
        }
    }

    /// The guest has given its answer.
    pub(crate) fn take(&mut self, answer: Result<http::Response<WasiBody>, String>) {
        self.given = None;
        let head = answer.map(|answer| {
            let (head, body) = answer.into_parts();
            self.body = Some(body);
            head
        });
        if let Some(asked) = self.head.take()
            && asked.send(head).is_err()
        {
            self.body = None;
        }
    }

    /// The guest has ended: takes what it has written and nobody has read.
    pub(crate) fn settle(&mut self, returned: bool) {
        if let Some(given) = &mut self.given
            && let Ok(answer) = given.try_recv()
        {
            self.take(named(answer));
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

/// The error as the guest names it.
fn named(given: Given) -> Result<http::Response<WasiBody>, String> {
    given.map_err(|code| format!("{code:?}"))
}

fn part(frame: Option<Result<Frame<Bytes>, WasiError>>) -> Part {
    match frame {
        Some(Ok(frame)) => Part::Frame(frame),
        Some(Err(_)) => Part::Broken("gave its answer's body up before its end"),
        None => Part::End,
    }
}
