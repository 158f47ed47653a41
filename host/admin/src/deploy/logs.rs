//! What a function has written, and what it goes on to write.
//!
//! # Behavior
//! - Nothing is queued for a reader: it has a place in the function's ring, and takes the next lines
//!   when its connection has room for them. What the ring has forgotten by then is counted and said.
//! - Following ends when the function is deleted or the host stops, and says which.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Response};
use http_body_util::{Either, Full, StreamBody};
use hyper::body::Frame;
use ottavo_control::{LogEnd, LogEntry, LogLevel, LogLine, LogsRequest};
use ottavo_core::{Error, Kind, Result, Shutdown};
use ottavo_functions::Functions;
use ottavo_telemetry::{GuestEntry, GuestLog, Level};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::api::ApiAnswer;

/// Who may follow at the same time: fewer than there may be connections, so that a deploy finds one.
const MAX_FOLLOWERS: usize = 64;

/// How many lines go out at once while following.
const AT_ONCE: usize = 64;

/// Lines as they come.
pub(super) type Lines =
    StreamBody<Pin<Box<dyn Stream<Item = Result<Frame<Bytes>, Infallible>> + Send>>>;

/// The logs of a host's functions.
pub(super) struct Logs {
    followers: Arc<Semaphore>,
    shutdown: Shutdown,
}

impl Logs {
    pub(super) fn new(shutdown: Shutdown) -> Logs {
        Logs { followers: Arc::new(Semaphore::new(MAX_FOLLOWERS)), shutdown }
    }

    /// What a function has written so far, as far as it is wanted and kept.
    ///
    /// # Errors
    /// `not-found`; `exhausted` when too many follow already.
    pub(super) fn of(
        &self,
        functions: &Functions,
        name: &str,
        wanted: LogsRequest,
    ) -> Result<Reading> {
        let log = functions.log(name)?;
        let permit = match wanted.follow {
            false => None,
            true => Some(Arc::clone(&self.followers).try_acquire_owned().map_err(|_| {
                let message =
                    format!("{MAX_FOLLOWERS} readers follow logs already: end one of them");
                Error::new(Kind::Exhausted, message)
            })?),
        };
        let mut reading = Reading {
            log,
            function: name.to_owned(),
            wanted,
            next: 0,
            begun: Vec::new(),
            ended: false,
            shutdown: self.shutdown.clone(),
            permit,
        };
        reading.begin();
        Ok(reading)
    }
}

/// One reader.
pub(super) struct Reading {
    log: Arc<GuestLog>,
    function: String,
    wanted: LogsRequest,
    /// Its place in the ring.
    next: u64,
    /// What was there when it came, not sent yet.
    begun: Vec<u8>,
    ended: bool,
    shutdown: Shutdown,
    /// None when it does not follow.
    permit: Option<OwnedSemaphorePermit>,
}

impl Reading {
    /// Whether it goes on with what is written from now on.
    pub(super) fn follows(&self) -> bool {
        self.permit.is_some()
    }

    /// The answer: what is there, and when it follows, whatever comes.
    pub(super) fn answer(mut self) -> ApiAnswer {
        let body = match self.follows() {
            false => Either::Left(Full::new(std::mem::take(&mut self.begun).into())),
            true => {
                let next = |mut reading: Reading| async move {
                    let bytes = reading.more().await?;
                    Some((Ok(Frame::data(bytes)), reading))
                };
                Either::Right(StreamBody::new(stream::unfold(self, next).boxed()))
            }
        };
        let mut answer = Response::new(body);
        let json_lines = HeaderValue::from_static("application/x-ndjson");
        answer.headers_mut().insert(CONTENT_TYPE, json_lines);
        answer
    }

    /// Takes what is there.
    fn begin(&mut self) {
        let page = self.log.page(0, usize::MAX);
        self.next = page.next;
        let oldest = page.entries.first().map(|entry| entry.at);
        let wanted: Vec<_> = page.entries.into_iter().filter(|entry| self.wants(entry)).collect();
        let skip = self.wanted.limit.map_or(0, |limit| wanted.len().saturating_sub(limit));
        // older than what was asked for is not missed
        let missed = skip == 0
            && self.wanted.limit.is_none_or(|limit| wanted.len() < limit)
            && self.wanted.since.is_none_or(|since| oldest.is_none_or(|oldest| oldest > since));
        let dropped = if missed { page.dropped } else { 0 };
        self.begun = self.text(dropped, wanted.into_iter().skip(skip));
    }

    /// The next lines; none at the end.
    async fn more(&mut self) -> Option<Bytes> {
        if !self.begun.is_empty() {
            return Some(std::mem::take(&mut self.begun).into());
        }
        while !self.ended {
            let stopping = self.shutdown.has_begun();
            let page = self.log.page(self.next, AT_ONCE);
            self.next = page.next;
            let entries = page.entries.into_iter();
            let none_left = entries.len() == 0;
            let wanted: Vec<_> = entries.filter(|entry| self.wants(entry)).collect();
            let mut text = self.text(page.dropped, wanted.into_iter());
            if page.closed && none_left {
                self.end(&mut text, LogEnd::Deleted);
            } else if stopping {
                self.end(&mut text, LogEnd::Stopping);
            }
            if !text.is_empty() {
                return Some(text.into());
            }
            tokio::select! {
                () = self.log.reach(self.next) => {}
                () = self.shutdown.begun() => {}
            }
        }
        None
    }

    fn end(&mut self, text: &mut Vec<u8>, end: LogEnd) {
        self.ended = true;
        write(text, &LogLine::End { end });
    }

    fn wants(&self, entry: &GuestEntry) -> bool {
        let LogsRequest { request, since, level: least, .. } = &self.wanted;
        request.as_ref().is_none_or(|id| *id == entry.request_id)
            && since.is_none_or(|since| entry.at >= since)
            && least.is_none_or(|least| level(entry.level) >= least)
    }

    fn text(&self, dropped: u64, entries: impl Iterator<Item = GuestEntry>) -> Vec<u8> {
        let mut text = Vec::new();
        if dropped > 0 {
            write(&mut text, &LogLine::Dropped { dropped });
        }
        for entry in entries {
            let GuestEntry { at, level: of, message, fields, request_id, version } = entry;
            let (level, function) = (level(of), self.function.clone());
            let entry = LogEntry { at, level, message, fields, request_id, function, version };
            write(&mut text, &LogLine::Entry(entry));
        }
        text
    }
}

fn write(text: &mut Vec<u8>, line: &LogLine) {
    let json = serde_json::to_vec(line).expect("the types of answers are always JSON");
    text.extend(json);
    text.push(b'\n');
}

fn level(level: Level) -> LogLevel {
    match level {
        Level::Trace => LogLevel::Trace,
        Level::Debug => LogLevel::Debug,
        Level::Info => LogLevel::Info,
        Level::Warn => LogLevel::Warn,
        Level::Error => LogLevel::Error,
    }
}
