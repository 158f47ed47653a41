//! Requests that two readers could take for different ones (RFC 9112, sections 6 and 11.2).

use ottavo_test_support::{TestHost, root};

use super::raw::Raw;

/// What hides behind the end of a body, depending on who reads.
const HIDDEN: &str = "GET /items/hidden HTTP/1.1\r\nHost: a\r\n\r\n";

async fn host() -> TestHost {
    let host = TestHost::start().await.unwrap();
    host.deploy(root().join("tests/programs/echo")).await.unwrap();
    host
}

#[tokio::test]
async fn a_request_with_two_lengths_ends_its_connection_and_hides_nothing() {
    let host = host().await;
    for fields in [
        "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 6\r\n",
    ] {
        let mut raw = Raw::to(host.http()).await;
        let request = format!("PUT /items/1 HTTP/1.1\r\nHost: a\r\n{fields}\r\n0\r\n\r\n{HIDDEN}");
        assert!(raw.write(request).await);
        let answer = raw.answer().await.unwrap();
        assert_eq!((answer.status, &answer.json()["bytes"]), (200, &0.into()));
        assert_eq!(answer.headers["connection"], "close");
        assert_eq!(raw.rest().await, "", "{fields}");
    }
}

#[tokio::test]
async fn lengths_and_codings_that_can_be_read_in_two_ways_are_refused() {
    let host = host().await;
    let heads = [
        "PUT /items/1 HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\nContent-Length: 5\r\n",
        "PUT /items/1 HTTP/1.1\r\nHost: a\r\nContent-Length: 6, 5\r\n",
        "PUT /items/1 HTTP/1.1\r\nHost: a\r\nContent-Length: +6\r\n",
        "PUT /items/1 HTTP/1.1\r\nHost: a\r\nContent-Length: -6\r\n",
        "PUT /items/1 HTTP/1.1\r\nHost: a\r\nContent-Length: 0x6\r\n",
        "PUT /items/1 HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n",
        "PUT /items/1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n",
        "PUT /items/1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, gzip\r\n",
        "PUT /items/1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n",
        "PUT /items/1 HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n",
        "PUT /items/1 HTTP/1.1\r\nHost: a\r\nContent-Length : 6\r\n",
        "PUT /items/1 HTTP/1.1\r\nHost: a\r\nX: 1\r\n Content-Length: 6\r\n",
        "PUT /items/1 HTTP/1.1\r\nHost: a\r\nX: 1\rContent-Length: 6\r\n",
        "PUT /items/1 HTTP/1.1\r\nHost: a\r\nX: \0\r\n",
    ];
    for head in heads {
        let mut raw = Raw::to(host.http()).await;
        assert!(raw.write(format!("{head}\r\n0\r\n\r\n{HIDDEN}")).await);
        let answer = raw.head().await.unwrap_or_else(|| panic!("no answer to {head:?}"));
        assert_eq!(answer.status, 400, "{head:?}");
        assert_eq!(raw.rest().await, "", "{head:?}");
    }
}

#[tokio::test]
async fn a_request_without_one_host_is_refused() {
    let host = host().await;
    for fields in
        ["", "Host: a\r\nHost: b\r\n", "Host: a\r\nHost: a\r\n", "Host: a/b\r\n", "Host: u@a\r\n"]
    {
        let mut raw = Raw::to(host.http()).await;
        assert!(raw.write(format!("GET /items/1 HTTP/1.1\r\n{fields}\r\n")).await);
        let answer = raw.answer().await.unwrap();
        assert_eq!(answer.status, 400, "{fields:?}");
        assert_eq!(answer.json()["error"]["kind"], "invalid-argument");
    }
    let mut raw = Raw::to(host.http()).await;
    assert!(raw.write("GET /items/1 HTTP/1.0\r\n\r\n").await);
    assert_eq!(raw.answer().await.unwrap().status, 200, "HTTP/1.0 has no need of it");
    assert_eq!(raw.rest().await, "");
}

#[tokio::test]
async fn chunks_that_are_none_are_refused() {
    let host = host().await;
    for chunks in ["x\r\n", "-1\r\nab\r\n", "fffffffffffffffff\r\nab\r\n", "2\r\nabc\r\n0\r\n\r\n"]
    {
        let mut raw = Raw::to(host.http()).await;
        let head = "PUT /items/1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
        assert!(raw.write(format!("{head}{chunks}{HIDDEN}")).await);
        let answer = raw.answer().await.unwrap_or_else(|| panic!("no answer to {chunks:?}"));
        assert_eq!(answer.status, 400, "{chunks:?}");
        assert_eq!(raw.rest().await, "", "{chunks:?}");
    }
}
