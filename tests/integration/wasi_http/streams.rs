//! Bodies come and go while the function runs, in bounded memory.

use std::convert::Infallible;

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::HeaderMap;
use http_body_util::{BodyExt as _, Full, StreamBody, combinators::UnsyncBoxBody};
use hyper::body::{Frame, Incoming};
use hyper_util::rt::{TokioExecutor, TokioIo};
use ottavo_test_support::TestHost;
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::{PATIENCE, Wasi, host, until};
use crate::http::raw::Raw;

type Sent = UnsyncBoxBody<Bytes, Infallible>;

/// An answer over HTTP/2 that comes.
pub(super) struct Coming {
    pub(super) status: u16,
    body: Incoming,
}

/// The request's body, piece by piece; dropped, it is whole.
pub(super) struct Say(mpsc::Sender<&'static str>);

impl Say {
    pub(super) async fn say(&self, piece: &'static str) {
        self.0.send(piece).await.expect("the connection is there");
    }
}

impl Coming {
    /// The next piece; none at the end, an error where it breaks off.
    pub(super) async fn next(&mut self) -> Option<Result<Bytes, hyper::Error>> {
        loop {
            let frame = timeout(PATIENCE, self.body.frame()).await.expect("something comes")?;
            match frame.map(|frame| frame.into_data().unwrap_or_default()) {
                // the last one may have nothing but its end
                Ok(data) if data.is_empty() => {}
                piece => return Some(piece),
            }
        }
    }

    pub(super) async fn trailers(self) -> Option<HeaderMap> {
        self.body.collect().await.unwrap().trailers().cloned()
    }
}

async fn request(host: &TestHost, method: &str, path: &str, body: Sent) -> Coming {
    let stream = TcpStream::connect(host.http()).await.unwrap();
    let handshake =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream));
    let (mut sender, connection) = handshake.await.unwrap();
    tokio::spawn(connection);
    let uri = format!("http://{}{path}", host.http());
    let request = http::Request::builder().method(method).uri(uri).body(body).unwrap();
    let (head, body) = sender.send_request(request).await.unwrap().into_parts();
    Coming { status: head.status.as_u16(), body }
}

/// A request over HTTP/2.
pub(super) async fn h2(host: &TestHost, path: &str) -> Coming {
    request(host, "GET", path, Full::default().boxed_unsync()).await
}

/// One whose body is said step by step.
pub(super) async fn h2_steps(host: &TestHost) -> (Say, Coming) {
    let (say, said) = mpsc::channel(1);
    // the head of the answer comes with the first line
    say.send("first\n").await.unwrap();
    let said = stream::unfold(said, |mut said| async {
        let piece = said.recv().await?;
        Some((Ok(Frame::data(Bytes::from_static(piece.as_bytes()))), said))
    });
    let coming = request(host, "POST", "/w/steps", StreamBody::new(said).boxed_unsync()).await;
    (Say(say), coming)
}

async fn the_client_reads_the_first_line_before_it_sends_the_second(wasi: Wasi) {
    let host = host(wasi, "").await;
    let mut raw = Raw::steps(host.http(), "/w/steps").await;
    for line in ["one\n", "two\n", "three\n"] {
        raw.say(line).await;
        assert_eq!(raw.chunk().await.as_deref(), Some(line.as_bytes()));
    }
    raw.write("0\r\n\r\n").await;
    assert_eq!(raw.chunk().await.as_deref(), Some(&b""[..]), "the end");

    let (say, mut coming) = h2_steps(&host).await;
    assert_eq!((coming.status, coming.next().await.unwrap().unwrap()), (200, "first\n".into()));
    say.say("second\n").await;
    assert_eq!(coming.next().await.unwrap().unwrap(), "second\n");
    drop(say);
    assert!(coming.next().await.is_none());
}

async fn a_quarter_of_a_gibibyte_passes_through_in_bounded_memory(wasi: Wasi) {
    const WHOLE: usize = 256 << 20;
    let host = host(wasi, "[limits]\nbody = \"300MiB\"\ntimeout = \"5m\"\ncpu = \"2m\"").await;
    assert_eq!(host.get("/w/early").await.unwrap().status, 200);
    let before = host.resident_bytes().unwrap();
    let chunk = Bytes::from(vec![7; 256 << 10]);
    let chunks = stream::iter(0..WHOLE / chunk.len());
    let chunks = chunks.map(move |_| Ok(Frame::data(chunk.clone())));
    let mut coming =
        request(&host, "POST", "/w/echo", StreamBody::new(chunks).boxed_unsync()).await;
    let (mut got, mut looked, mut most) = (0, 0, 0);
    while let Some(data) = coming.next().await {
        got += data.unwrap().len();
        if got - looked > WHOLE / 64 {
            looked = got;
            most = most.max(host.resident_bytes().unwrap());
        }
    }
    assert_eq!(got, WHOLE);
    let more = most.saturating_sub(before) >> 20;
    assert!(more < 48, "{more} MiB more than before, for {} MiB that passed", WHOLE >> 20);
}

async fn a_function_whose_client_does_not_read_stops_writing(wasi: Wasi) {
    let host = host(wasi, "[limits]\nbody = \"1GiB\"\ntimeout = \"3s\"\ncpu = \"1m\"").await;
    let mut raw = Raw::to(host.http()).await;
    raw.write("GET /w/endless HTTP/1.1\r\nhost: a\r\n\r\n").await;
    assert_eq!(raw.head().await.unwrap().status, 200);
    // its timeout is its end: until then it had all the time to write
    until("it is stopped", async || host.log().contains("took longer than its timeout")).await;
    let produced = host.value("produced").await.unwrap().unwrap_or_default();
    let mebibytes: u64 = std::str::from_utf8(&produced).unwrap().parse().unwrap_or_default();
    assert!(mebibytes < 32, "{mebibytes} MiB were written for nobody");

    // one who reads gets far more in the same time
    let mut coming = h2(&host, "/w/endless").await;
    let mut got = 0;
    while let Some(Ok(data)) = coming.next().await {
        got += data.len();
        if got > 64 << 20 {
            return;
        }
    }
    panic!("only {got} bytes came");
}

async fn a_body_over_the_limit_is_413_before_the_head_and_an_error_after_it(wasi: Wasi) {
    let host = host(wasi, "[limits]\nbody = \"100KiB\"").await;
    let over = format!("19001\r\n{}\r\n", "x".repeat(0x19001));
    let mut raw = Raw::steps(host.http(), "/w/read").await;
    raw.write(&over).await;
    let answer = raw.answer().await.unwrap();
    assert_eq!((answer.status, &answer.json()["error"]["kind"]), (413, &"too-large".into()));
    assert_eq!(answer.json()["error"]["details"]["limit"], "102400");

    let mut raw = Raw::to(host.http()).await;
    raw.write("POST /w/read HTTP/1.1\r\nhost: a\r\ncontent-length: 102401\r\n\r\n").await;
    assert_eq!(raw.answer().await.unwrap().status, 413, "before any of it is sent");

    let mut raw = Raw::steps(host.http(), "/w/steps").await;
    raw.say("one\n").await;
    assert_eq!(raw.chunk().await.as_deref(), Some(&b"one\n"[..]));
    raw.write(&over).await;
    assert_eq!(raw.whole().await, None, "the function could not go on");
}

async fn a_client_that_sends_on_reads_an_answer_that_did_not_wait_for_it(wasi: Wasi) {
    const WHOLE: usize = 3 << 20;
    let host = host(wasi, "").await;
    let mut raw = Raw::to(host.http()).await;
    let head = format!("POST /w/early HTTP/1.1\r\nhost: a\r\ncontent-length: {WHOLE}\r\n\r\n");
    assert!(raw.write(head).await);
    for _ in 0..48 {
        assert!(raw.write(vec![b'x'; WHOLE / 48]).await, "the host closed too early");
    }
    assert_eq!(raw.answer().await.unwrap().text(), "early");
}

async fn what_its_handles_hold_is_bounded_by_its_memory(wasi: Wasi) {
    let host = host(wasi, "[limits]\nmemory = \"16MiB\"\ncpu = \"10s\"\ntimeout = \"30s\"").await;
    assert_eq!(host.get("/w/early").await.unwrap().status, 200);
    let before = host.resident_bytes().unwrap();
    let answers = futures_util::future::join_all((0..4).map(|_| host.get("/w/handles"))).await;
    for answer in answers {
        let answer = answer.unwrap();
        assert_eq!(answer.status, 500, "{}", answer.text());
    }
    let more = host.resident_bytes().unwrap().saturating_sub(before) >> 20;
    // 256 handles of 100,000 bytes each, and four at the same time
    assert!(more < 160, "{more} MiB more than before");
    assert_eq!(host.get("/w/early").await.unwrap().status, 200);
}

async fn an_answer_over_the_limit_does_not_look_whole(wasi: Wasi) {
    let host = host(wasi, "[limits]\nbody = \"1MiB\"").await;
    let mut raw = Raw::to(host.http()).await;
    raw.write("GET /w/count?1048576 HTTP/1.1\r\nhost: a\r\n\r\n").await;
    raw.head().await.unwrap();
    assert_eq!(raw.whole().await, Some(1 << 20), "the limit itself is allowed");
    raw.write("GET /w/count?1048577 HTTP/1.1\r\nhost: a\r\n\r\n").await;
    raw.head().await.unwrap();
    assert_eq!(raw.whole().await, None);
    until("it is logged", async || host.log().contains("more than `limits.body`")).await;
    // one that says so is refused before it begins
    let answer = host.get("/w/length?1048577,1048577").await.unwrap();
    assert_eq!(answer.status, 502);
    assert!(answer.text().contains("where `limits.body` is 1MiB"), "{}", answer.text());
}

both! {
    the_client_reads_the_first_line_before_it_sends_the_second,
    a_quarter_of_a_gibibyte_passes_through_in_bounded_memory,
    a_function_whose_client_does_not_read_stops_writing,
    a_body_over_the_limit_is_413_before_the_head_and_an_error_after_it,
    a_client_that_sends_on_reads_an_answer_that_did_not_wait_for_it,
    what_its_handles_hold_is_bounded_by_its_memory,
    an_answer_over_the_limit_does_not_look_whole,
}
