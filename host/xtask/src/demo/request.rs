//! One plain HTTP/1.1 request over a connection of its own, as the smallest client would send it.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result};

/// A host that does not answer within this does not answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// What to ask.
#[derive(Clone, Debug)]
pub(crate) struct Request<'r> {
    pub(crate) method: &'r str,
    pub(crate) address: SocketAddr,
    /// Path and query.
    pub(crate) target: &'r str,
    pub(crate) body: &'r str,
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
}

impl Request<'_> {
    /// A GET.
    pub(crate) fn get(address: SocketAddr, target: &str) -> Request<'_> {
        Request { method: "GET", address, target, body: "" }
    }

    /// The line of `curl` that does the same.
    pub(crate) fn as_curl(&self) -> String {
        let Self { method, address, target, body } = self;
        let url = format!("'http://{address}{target}'");
        match (*method, *body) {
            ("GET", "") => format!("curl {url}"),
            (method, "") => format!("curl -X {method} {url}"),
            (method, body) => format!("curl -X {method} -d '{body}' {url}"),
        }
    }

    /// Sends it and waits for the whole answer.
    pub(crate) fn send(&self) -> Result<Answer> {
        let Self { method, address, target, body } = self;
        let mut stream = TcpStream::connect_timeout(address, PATIENCE)
            .with_context(|| format!("connect to `{address}`"))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let length = body.len();
        let text = format!(
            "{method} {target} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\
             content-length: {length}\r\n\r\n{body}"
        );
        stream.write_all(text.as_bytes())?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).with_context(|| format!("read from `{address}`"))?;
        Answer::read(&answer).with_context(|| format!("understand the answer of `{address}`"))
    }
}

impl Answer {
    fn read(bytes: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?;
        let (head, body) = text.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        let chunked = head.to_ascii_lowercase().contains("\r\ntransfer-encoding: chunked");
        let body = if chunked { unchunked(body)? } else { body.to_owned() };
        Some(Self { status, body })
    }
}

fn unchunked(mut rest: &str) -> Option<String> {
    let mut body = String::new();
    loop {
        let (size, after) = rest.split_once("\r\n")?;
        let size = usize::from_str_radix(size.split(';').next()?.trim(), 16).ok()?;
        if size == 0 {
            return Some(body);
        }
        body.push_str(after.get(..size)?);
        rest = after.get(size..)?.strip_prefix("\r\n")?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_framings_give_the_body() {
        let plain = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi";
        assert_eq!(Answer::read(plain), Some(Answer { status: 200, body: "hi".to_owned() }));
        let chunked = b"HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n\
                        3\r\nabc\r\n1;x=y\r\nd\r\n0\r\n\r\n";
        assert_eq!(Answer::read(chunked), Some(Answer { status: 404, body: "abcd".to_owned() }));
    }

    #[test]
    fn what_was_cut_off_is_no_answer() {
        assert_eq!(Answer::read(b"HTTP/1.1 200"), None);
        assert_eq!(unchunked("5\r\nab"), None);
    }
}
