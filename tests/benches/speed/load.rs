//! HTTP/1.1 requests over connections that stay open, from a few threads that do nothing else.
//!
//! Each connection has one request under way at a time. Without a rate, the next one follows the answer at
//! once. With one, requests are due at even distances, and the time that each took counts from when it was due,
//! not from when it could be sent: an answer that comes late makes those late that wait behind it.
//!
//! Every answer must have status 200 and the body that is expected.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use rustix::buffer::spare_capacity;
use rustix::event::{Timespec, epoll};
use rustix::fd::OwnedFd;

/// What is asked, and how.
#[derive(Clone, Debug)]
pub(crate) struct Load {
    pub(crate) address: SocketAddr,
    /// Asked for in turns.
    pub(crate) paths: Vec<String>,
    /// What each answer says.
    pub(crate) says: String,
    pub(crate) connections: usize,
    /// Requests a second over all connections; as many as there can be without it.
    pub(crate) rate: Option<f64>,
}

/// What came of it.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) elapsed: Duration,
    /// How long each request took, in nanoseconds, shortest first.
    pub(crate) took: Vec<u64>,
}

impl Seen {
    /// Of all who asked since then; each time in nanoseconds.
    pub(crate) fn since(begun: Instant, mut took: Vec<u64>) -> Result<Seen> {
        ensure!(!took.is_empty(), "nothing was answered");
        took.sort_unstable();
        Ok(Seen { elapsed: begun.elapsed(), took })
    }

    /// Answers a second.
    pub(crate) fn rate(&self) -> f64 {
        self.took.len() as f64 / self.elapsed.as_secs_f64()
    }

    /// Microseconds within which this part of all requests was answered.
    pub(crate) fn within(&self, part: f64) -> f64 {
        let at = (self.took.len() as f64 * part) as usize;
        self.took
            .get(at.min(self.took.len().saturating_sub(1)))
            .map_or(f64::NAN, |n| *n as f64 / 1e3)
    }
}

impl Load {
    /// Asks for so long. Blocks until the last answer is there.
    pub(crate) fn run(&self, time: Duration) -> Result<Seen> {
        let threads = std::thread::available_parallelism()?.get().min(self.connections);
        // inherited by the threads: what is due is not sent fifty microseconds late
        std::fs::write("/proc/self/timerslack_ns", "1").context("set the slack of timers")?;
        let begun = Instant::now();
        let ends = begun + time;
        let mut seen = Seen::default();
        let parts: Vec<Result<Vec<u64>>> = std::thread::scope(|scope| {
            let started: Vec<_> = (0..threads)
                .map(|thread| {
                    let numbers = (thread..self.connections).step_by(threads);
                    scope.spawn(move || Asking::open(self, numbers.collect(), begun)?.run(ends))
                })
                .collect();
            let ended = started.into_iter().map(|thread| thread.join());
            ended.map(|part| part.unwrap_or_else(|_| bail!("a thread panicked"))).collect()
        });
        for part in parts {
            seen.took.extend(part?);
        }
        seen.elapsed = begun.elapsed();
        seen.took.sort_unstable();
        ensure!(!seen.took.is_empty(), "nothing was answered");
        Ok(seen)
    }
}

/// The connections of one thread.
struct Asking<'l> {
    load: &'l Load,
    requests: Vec<Vec<u8>>,
    epoll: OwnedFd,
    connections: Vec<Connection>,
    took: Vec<u64>,
}

struct Connection {
    stream: TcpStream,
    /// How many it has asked.
    asked: usize,
    /// When the one under way, or else the next one, is due.
    due: Instant,
    under_way: bool,
    answer: Vec<u8>,
}

impl<'l> Asking<'l> {
    fn open(load: &'l Load, numbers: Vec<usize>, begun: Instant) -> Result<Asking<'l>> {
        let Load { address, paths, .. } = load;
        let request = |path: &String| format!("GET {path} HTTP/1.1\r\nhost: {address}\r\n\r\n");
        let requests = paths.iter().map(|path| request(path).into_bytes()).collect();
        let epoll = epoll::create(epoll::CreateFlags::CLOEXEC)?;
        let mut connections = Vec::new();
        for number in numbers {
            let stream = TcpStream::connect(address).context("connect")?;
            stream.set_nodelay(true)?;
            stream.set_nonblocking(true)?;
            let at = epoll::EventData::new_u64(connections.len() as u64);
            epoll::add(&epoll, &stream, at, epoll::EventFlags::IN)?;
            let offset = load.rate.map_or(0.0, |rate| number as f64 / rate);
            let due = begun + Duration::from_secs_f64(offset);
            // each begins elsewhere, so that all paths are asked for at any time
            let asked = number * paths.len() / load.connections;
            let answer = Vec::with_capacity(4096);
            connections.push(Connection { stream, asked, due, under_way: false, answer });
        }
        Ok(Asking { load, requests, epoll, connections, took: Vec::new() })
    }

    fn run(mut self, ends: Instant) -> Result<Vec<u64>> {
        let mut events = Vec::with_capacity(self.connections.len());
        loop {
            let now = Instant::now();
            let mut next = None;
            for connection in &mut self.connections {
                if connection.under_way || connection.due >= ends {
                    continue;
                }
                match connection.due <= now {
                    true => connection.ask(&self.requests)?,
                    false => {
                        next = Some(
                            next.map_or(connection.due, |next: Instant| next.min(connection.due)),
                        )
                    }
                }
            }
            let waits = self.connections.iter().any(|connection| connection.under_way);
            if !waits && next.is_none() {
                return Ok(self.took);
            }
            let until = next.map(|next| next.saturating_duration_since(Instant::now()));
            let until = until.map(Timespec::try_from).transpose()?;
            epoll::wait(&self.epoll, spare_capacity(&mut events), until.as_ref())?;
            for event in events.drain(..) {
                let at = event.data.u64() as usize;
                self.hear(at, ends)?;
            }
        }
    }

    /// Something came on a connection.
    fn hear(&mut self, at: usize, ends: Instant) -> Result<()> {
        let connection = &mut self.connections[at];
        if !connection.heard(&self.load.says)? {
            return Ok(());
        }
        let now = Instant::now();
        self.took.push((now - connection.due).as_nanos() as u64);
        connection.under_way = false;
        connection.asked += 1;
        match self.load.rate {
            Some(rate) => {
                connection.due += Duration::from_secs_f64(self.load.connections as f64 / rate);
            }
            None => {
                connection.due = now;
                if now < ends {
                    connection.ask(&self.requests)?;
                }
            }
        }
        Ok(())
    }
}

impl Connection {
    fn ask(&mut self, requests: &[Vec<u8>]) -> Result<()> {
        let request = &requests[self.asked % requests.len()];
        let sent = self.stream.write(request).context("send a request")?;
        ensure!(sent == request.len(), "the socket took only {sent} bytes of a request");
        self.under_way = true;
        Ok(())
    }

    /// Whether the answer is whole now.
    fn heard(&mut self, says: &str) -> Result<bool> {
        let mut part = [0; 4096];
        match self.stream.read(&mut part) {
            Ok(0) => bail!("the connection was closed"),
            Ok(count) => self.answer.extend_from_slice(&part[..count]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(false),
            Err(error) => return Err(error).context("read an answer"),
        }
        let Some(head) = self.answer.windows(4).position(|four| four == b"\r\n\r\n") else {
            return Ok(false);
        };
        let (head, body) = self.answer.split_at(head + 4);
        let chunked = contains(head, b"transfer-encoding: chunked");
        let whole = match chunked {
            true => body.ends_with(b"0\r\n\r\n"),
            false => body.len() >= says.len(),
        };
        if !whole {
            return Ok(false);
        }
        let right = match chunked {
            true => contains(body, says.as_bytes()),
            false => body == says.as_bytes(),
        };
        if !head.starts_with(b"HTTP/1.1 200 ") || !right {
            bail!("not what was expected: {}", String::from_utf8_lossy(&self.answer));
        }
        self.answer.clear();
        Ok(true)
    }
}

fn contains(text: &[u8], what: &[u8]) -> bool {
    text.windows(what.len()).any(|part| part == what)
}
