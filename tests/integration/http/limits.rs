//! Bodies and headers over their limits.

use ottavo_test_support::{TestHost, root};

use super::raw::Raw;

/// The limit in the manifest of `faults`.
const BODY: usize = 1 << 20;

async fn host() -> TestHost {
    let host = TestHost::start().await.unwrap();
    host.deploy(root().join("tests/programs/faults")).await.unwrap();
    host
}

fn put(length: usize) -> String {
    format!("PUT /faults/ok HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n")
}

#[tokio::test]
async fn a_body_over_the_limit_is_answered_413_before_it_is_sent() {
    let host = host().await;
    let mut raw = Raw::to(host.http()).await;
    assert!(raw.write(put(BODY + 1)).await);
    let answer = raw.answer().await.unwrap();
    assert_eq!((answer.status, &answer.json()["error"]["kind"]), (413, &"too-large".into()));
    assert_eq!(answer.headers["connection"], "close");
    assert_eq!(raw.rest().await, "");

    let mut raw = Raw::to(host.http()).await;
    assert!(raw.write(put(BODY)).await);
    assert!(raw.write(vec![b'x'; BODY]).await);
    assert_eq!(raw.answer().await.unwrap().status, 200, "the limit itself is allowed");
}

#[tokio::test]
async fn a_client_that_sends_far_too_much_still_reads_its_answer() {
    let host = host().await;
    let mut raw = Raw::to(host.http()).await;
    assert!(raw.write(put(64 * BODY)).await);
    for _ in 0..64 {
        assert!(raw.write(vec![b'x'; BODY]).await, "the host closed before it had answered");
    }
    assert_eq!(raw.answer().await.unwrap().status, 413);
}

#[tokio::test]
async fn a_body_in_chunks_is_answered_413_once_it_is_over_the_limit() {
    let host = host().await;
    let mut raw = Raw::to(host.http()).await;
    assert!(
        raw.write("PUT /faults/ok HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n").await
    );
    let mut chunk = format!("{BODY:x}\r\n").into_bytes();
    chunk.extend(vec![b'x'; BODY]);
    chunk.extend(b"\r\n");
    // it never ends: the answer comes in the middle
    assert!(raw.write(&chunk).await && raw.write(&chunk).await);
    let answer = raw.answer().await.unwrap();
    assert_eq!(answer.status, 413);
    assert_eq!(answer.headers["connection"], "close");
}

#[tokio::test]
async fn bombs_of_headers_are_answered_431_and_others_go_on() {
    let host = host().await;
    let one = format!("x: {}\r\n", "y".repeat(1 << 20));
    let many: String = (0..1000).map(|n| format!("x{n}: y\r\n")).collect();
    for bomb in [one, many] {
        let mut raw = Raw::to(host.http()).await;
        raw.write(format!("GET /faults/ok HTTP/1.1\r\nHost: a\r\n{bomb}\r\n")).await;
        assert_eq!(raw.head().await.unwrap().status, 431);
        assert_eq!(raw.rest().await, "");
        assert_eq!(host.get("/faults/ok").await.unwrap().status, 200);
    }
}
