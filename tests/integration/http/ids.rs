//! Every answer names its request.

use ottavo_test_support::{Answer, TestHost, root};

use super::raw::Raw;

fn id(answer: &Answer) -> String {
    let id = answer.headers["x-request-id"].to_str().unwrap().to_owned();
    assert!(!id.is_empty());
    id
}

#[tokio::test]
async fn every_failure_names_its_request_in_the_header_and_in_the_body() {
    let host = TestHost::start().await.unwrap();
    host.deploy(root().join("tests/programs/faults")).await.unwrap();
    let cases = [
        ("/nowhere", 404),
        ("/faults/%zz", 400),
        ("/faults/error?kind=conflict", 409),
        ("/faults/panic", 500),
        ("/faults/trap", 500),
        ("/faults/hoard", 500),
        ("/faults/bad-status", 502),
        ("/faults/bad-header-name", 502),
        ("/faults/spin", 504),
    ];
    for (path, status) in cases {
        let answer = host.get(path).await.unwrap();
        assert_eq!(answer.status, status, "{path}");
        assert_eq!(answer.json()["error"]["request_id"], id(&answer), "{path}");
    }
    let large = host.send("POST", "/faults/ok", vec![0; (1 << 20) + 1]).await.unwrap();
    assert_eq!(large.status, 413);
    assert_eq!(large.json()["error"]["request_id"], id(&large));
    let fine = host.get("/faults/ok").await.unwrap();
    assert_ne!(id(&fine), id(&host.get("/faults/ok").await.unwrap()));
}

/// What cannot be read as HTTP at all has no request to name: the parser answers by itself.
#[tokio::test]
async fn what_is_not_http_is_answered_without_a_name() {
    let host = TestHost::start().await.unwrap();
    let long = format!("GET / HTTP/1.1\r\nx: {}\r\n\r\n", "a".repeat(100 << 10));
    for (bytes, status) in [("nonsense\r\n\r\n", 400), (long.as_str(), 431)] {
        let mut raw = Raw::to(host.http()).await;
        raw.write(bytes).await;
        let answer = raw.answer().await.unwrap();
        assert_eq!(answer.status, status);
        assert!(answer.headers.get("x-request-id").is_none() && answer.body.is_empty());
    }
}
