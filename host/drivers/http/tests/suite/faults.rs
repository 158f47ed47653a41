//! Servers that are away, go away, are slow, or speak something else.

use std::time::{Duration, Instant};

use ottavo_core::{Error, Kind};
use ottavo_test_support::Peer;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::{ANYWHERE, client, cx, get, within};

/// The error of a `GET` of a server that reads a request and then says `answer` and closes.
async fn answered(answer: &'static [u8]) -> Error {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let server = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = [0; 1024];
        assert!(stream.read(&mut request).await.unwrap() > 0);
        stream.write_all(answer).await.unwrap();
    };
    let (client, cx) = (client(), cx());
    let (outcome, ()) = tokio::join!(client.send(&cx, get(url), ANYWHERE), server);
    outcome.unwrap_err()
}

#[tokio::test]
async fn nobody_there_is_unavailable_and_worth_another_attempt() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let error = client().send(&cx(), get(format!("http://{address}/")), ANYWHERE).await;
    let error = error.unwrap_err();
    assert_eq!((error.kind(), error.retryable()), (Kind::Unavailable, true), "{error:?}");
    assert!(error.message().contains(&address.to_string()), "{error}");
}

#[tokio::test]
async fn a_server_that_goes_away_is_unavailable() {
    for answer in [&b""[..], b"HTTP/1.1 200", b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf"] {
        let error = answered(answer).await;
        assert_eq!((error.kind(), error.retryable()), (Kind::Unavailable, true), "{error:?}");
        assert!(error.message().contains("unknown"), "{error}");
    }
}

#[tokio::test]
async fn what_may_have_taken_effect_is_not_to_be_repeated() {
    let peer = Peer::start().await.unwrap();
    let mut request = get(format!("http://{}/cut", peer.address()));
    *request.method_mut() = http::Method::POST;
    let error = client().send(&cx(), request, ANYWHERE).await.unwrap_err();
    assert_eq!((error.kind(), error.retryable()), (Kind::Unavailable, false), "{error:?}");
}

#[tokio::test]
async fn what_is_not_http_is_said_to_be_not() {
    let error = answered(b"SSH-2.0-OpenSSH_9.6\r\n\r\n").await;
    assert_eq!((error.kind(), error.retryable()), (Kind::Unavailable, false), "{error:?}");
    assert!(error.message().contains("not HTTP"), "{error}");
}

#[tokio::test]
async fn an_endless_answer_is_given_up_at_the_limit() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let server = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        assert!(stream.read(&mut [0; 1024]).await.unwrap() > 0);
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
        // until the client closes
        while stream.write_all(&[b'x'; 1 << 16]).await.is_ok() {}
    };
    let (client, cx) = (client(), cx());
    let (outcome, ()) = tokio::join!(client.send(&cx, get(url), ANYWHERE), server);
    let error = outcome.unwrap_err();
    assert_eq!(error.kind(), Kind::TooLarge, "{error:?}");
    assert_eq!(error.detail("limit"), Some("1048576"));
}

#[tokio::test]
async fn the_deadline_holds_while_the_server_says_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let begun = Instant::now();
    let error = client().send(&within(Duration::from_millis(200)), get(url), ANYWHERE).await;
    assert_eq!(error.unwrap_err().kind(), Kind::Timeout);
    assert!(begun.elapsed() < Duration::from_secs(5));
}
