//! Standard output and error of a guest: each line becomes one of its log as it ends.
//!
//! Written at once and never by a task: what a guest says just before it traps is there.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use ottavo_telemetry::Level;
use parking_lot::Mutex;
use tokio::io::AsyncWrite;
use wasmtime_wasi::async_trait;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};
use wasmtime_wasi::p2::{self, Pollable};

use crate::facts::Facts;

/// A line that is longer is cut into several.
const LONGEST_LINE: usize = 4 << 10;

/// How much a guest may write at once.
const AT_ONCE: usize = 64 << 10;

/// How much of what was written last is remembered.
const LAST_LINES: usize = 24;
const LAST_BYTES: usize = 4 << 10;

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stream {
    Stdout,
    Stderr,
}

/// Both outputs of one instance, shared with the streams it has open.
#[derive(Clone)]
pub(crate) struct Output(Arc<Mutex<Lines>>);

/// One output, as a stream.
#[derive(Clone)]
struct Writer {
    output: Output,
    stream: Stream,
}

struct Lines {
    facts: Facts,
    request_id: Arc<str>,
    /// What has been written since the last line's end.
    stdout: Vec<u8>,
    stderr: Vec<u8>,
    last: VecDeque<String>,
}

impl Output {
    /// For the lines of this call.
    pub(crate) fn new(facts: Facts, request_id: Arc<str>) -> Output {
        let (stdout, stderr, last) = (Vec::new(), Vec::new(), VecDeque::new());
        Output(Arc::new(Mutex::new(Lines { facts, request_id, stdout, stderr, last })))
    }

    /// For the lines of the next call of the same instance.
    pub(crate) fn renew(&self, facts: Facts, request_id: Arc<str>) {
        let mut lines = self.0.lock();
        (lines.facts, lines.request_id) = (facts, request_id);
        lines.last.clear();
    }

    /// Ends the lines that were begun: the call is over.
    pub(crate) fn end(&self) {
        let mut lines = self.0.lock();
        lines.end(Stream::Stdout);
        lines.end(Stream::Stderr);
    }

    /// What the call wrote last; empty when it wrote nothing.
    pub(crate) fn last_words(&self) -> String {
        let lines: Vec<String> = self.0.lock().last.iter().cloned().collect();
        lines.join("\n")
    }

    /// Takes what was written.
    pub(crate) fn take(&self, stream: Stream, bytes: &[u8]) {
        self.0.lock().take(stream, bytes);
    }

    /// One of the two as a stream.
    pub(crate) fn writer(&self, stream: Stream) -> impl StdoutStream + 'static {
        Writer { output: self.clone(), stream }
    }
}

impl Lines {
    fn take(&mut self, stream: Stream, bytes: &[u8]) {
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            let line = self.line(stream);
            line.extend_from_slice(part);
            if line.last() == Some(&b'\n') || line.len() >= LONGEST_LINE {
                self.end(stream);
            }
        }
    }

    fn line(&mut self, stream: Stream) -> &mut Vec<u8> {
        match stream {
            Stream::Stdout => &mut self.stdout,
            Stream::Stderr => &mut self.stderr,
        }
    }

    fn end(&mut self, stream: Stream) {
        let line = std::mem::take(self.line(stream));
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_end_matches(['\n', '\r']);
        if text.is_empty() {
            return;
        }
        self.last.push_back(text.to_owned());
        while self.last.len() > LAST_LINES
            || self.last.iter().map(String::len).sum::<usize>() > LAST_BYTES
        {
            self.last.pop_front();
        }
        let level = match stream {
            Stream::Stdout => Level::Info,
            Stream::Stderr => Level::Warn,
        };
        self.facts.log(&self.request_id, level, text.to_owned(), Vec::new());
    }
}

impl IsTerminal for Writer {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for Writer {
    fn p2_stream(&self) -> Box<dyn p2::OutputStream> {
        Box::new(self.clone())
    }

    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        Box::new(self.clone())
    }
}

#[async_trait]
impl p2::OutputStream for Writer {
    fn write(&mut self, bytes: Bytes) -> p2::StreamResult<()> {
        self.output.take(self.stream, &bytes);
        Ok(())
    }

    fn flush(&mut self) -> p2::StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> p2::StreamResult<usize> {
        Ok(AT_ONCE)
    }
}

/// As WASI 0.3 writes.
impl AsyncWrite for Writer {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let taken = &bytes[..bytes.len().min(AT_ONCE)];
        self.output.take(self.stream, taken);
        Poll::Ready(Ok(taken.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[async_trait]
impl Pollable for Writer {
    async fn ready(&mut self) {}
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use ottavo_telemetry::GuestLog;

    use super::*;

    fn facts(log: &Arc<GuestLog>) -> Facts {
        Facts {
            function: "f".into(),
            version: 1,
            route: None,
            remote: None,
            tls: false,
            caller: None,
            settings: Arc::new(BTreeMap::new()),
            log: Arc::clone(log),
            log_room: crate::LogRoom::new(ottavo_core::units::ByteCount::mib(1)),
        }
    }

    #[test]
    fn lines_of_both_streams_are_kept_apart_and_belong_to_their_call() {
        let log = Arc::new(GuestLog::new());
        let output = Output::new(facts(&log), "first".into());
        let mut lines = output.0.lock();
        lines.take(Stream::Stdout, b"o");
        lines.take(Stream::Stderr, b"e1\ne");
        lines.take(Stream::Stdout, b"1\r\n\n");
        drop(lines);
        output.end();
        assert_eq!(output.last_words(), "e1\no1\ne");
        output.renew(facts(&log), "second".into());
        output.0.lock().take(Stream::Stdout, b"o2\n");
        assert_eq!(output.last_words(), "o2");
        let lines: Vec<_> =
            log.last(9).into_iter().map(|e| (e.request_id, e.level, e.message)).collect();
        let expected = [
            ("first", Level::Warn, "e1"),
            ("first", Level::Info, "o1"),
            ("first", Level::Warn, "e"),
            ("second", Level::Info, "o2"),
        ];
        assert_eq!(lines, expected.map(|(id, level, m)| (id.to_owned(), level, m.to_owned())));
    }

    #[test]
    fn a_flood_is_cut_into_lines_and_only_its_end_is_remembered() {
        let log = Arc::new(GuestLog::new());
        let output = Output::new(facts(&log), "r".into());
        let flood = [vec![b'x'; 3 * LONGEST_LINE], b"\nend\n".to_vec()].concat();
        output.0.lock().take(Stream::Stderr, &flood);
        assert!(output.last_words().len() <= LAST_BYTES + LAST_LINES);
        assert!(output.last_words().ends_with("end"));
    }
}
