//! A client that writes what it is told, also what is not HTTP.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use ottavo_test_support::Answer;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// For anything that takes long only when it is broken.
const PATIENCE: Duration = Duration::from_secs(60);

/// One connection.
pub(crate) struct Raw(BufReader<TcpStream>);

impl Raw {
    pub(crate) async fn to(address: SocketAddr) -> Raw {
        let stream = TcpStream::connect(address).await.expect("the host listens");
        stream.set_nodelay(true).expect("it is open");
        Raw(BufReader::new(stream))
    }

    /// Writes; false when the other side has closed already.
    pub(crate) async fn write(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        self.0.write_all(bytes.as_ref()).await.is_ok()
    }

    /// The next answer; none when the connection has ended instead.
    pub(crate) async fn answer(&mut self) -> Option<Answer> {
        let mut answer = self.head().await?;
        let length = answer.headers.get("content-length").expect("answers say their length");
        let mut body = vec![0; length.to_str().unwrap().parse().unwrap()];
        timeout(PATIENCE, self.0.read_exact(&mut body)).await.expect("the body arrives").unwrap();
        answer.body = body.into();
        Some(answer)
    }

    /// The next answer without its body, for one that has none.
    pub(crate) async fn head(&mut self) -> Option<Answer> {
        let first = self.line().await?;
        let status = first.split(' ').nth(1).expect("a status line").parse().unwrap();
        let mut headers = HeaderMap::new();
        loop {
            let line = self.line().await.expect("a head ends with an empty line");
            if line.is_empty() {
                return Some(Answer { status, headers, body: Bytes::new() });
            }
            let (name, value) = line.split_once(": ").expect("a header");
            let name: HeaderName = name.parse().unwrap();
            headers.append(name, HeaderValue::from_str(value).unwrap());
        }
    }

    /// Waits until the other side closes, and returns what it said until then.
    pub(crate) async fn rest(mut self) -> String {
        let mut rest = Vec::new();
        // a reset is an end too
        drop(timeout(PATIENCE, self.0.read_to_end(&mut rest)).await.expect("the host closes"));
        String::from_utf8(rest).unwrap()
    }

    /// Begins a request whose body is said piece by piece.
    pub(crate) async fn steps(address: SocketAddr, path: &str) -> Raw {
        let mut raw = Raw::to(address).await;
        let fields = "host: a\r\ntransfer-encoding: chunked";
        assert!(raw.write(format!("POST {path} HTTP/1.1\r\n{fields}\r\n\r\n")).await);
        raw
    }

    /// Says a piece of the body.
    pub(crate) async fn say(&mut self, piece: &str) {
        let chunk = format!("{:x}\r\n{piece}\r\n", piece.len());
        assert!(self.write(chunk).await, "the host closed");
    }

    /// The next chunk of an answer in chunks, after its head if that was not read; an empty one is its
    /// end, and none is a connection that broke off.
    pub(crate) async fn chunk(&mut self) -> Option<Vec<u8>> {
        let mut line = self.line().await?;
        if line.starts_with("HTTP/") {
            while !self.line().await?.is_empty() {}
            line = self.line().await?;
        }
        let size = usize::from_str_radix(&line, 16).expect("the size of a chunk");
        let mut chunk = vec![0; size + 2];
        let read = timeout(PATIENCE, self.0.read_exact(&mut chunk)).await.expect("it arrives");
        read.ok()?;
        chunk.truncate(size);
        Some(chunk)
    }

    /// The size of an answer in chunks whose head was read; none when it breaks off.
    pub(crate) async fn whole(&mut self) -> Option<usize> {
        let mut size = 0;
        loop {
            match self.chunk().await?.len() {
                0 => return Some(size),
                more => size += more,
            }
        }
    }

    async fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        let read = timeout(PATIENCE, self.0.read_line(&mut line)).await.expect("the host answers");
        match read {
            Ok(0) | Err(_) => None,
            Ok(_) => Some(line.trim_end_matches("\r\n").to_owned()),
        }
    }
}
