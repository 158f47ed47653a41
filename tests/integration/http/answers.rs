//! What is asked and what is answered.

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper_util::rt::{TokioExecutor, TokioIo};
use ottavo_test_support::{TestHost, root, send};
use tokio::net::TcpStream;

use super::raw::Raw;

async fn host() -> TestHost {
    let host = TestHost::start().await.unwrap();
    host.deploy(root().join("tests/programs/echo")).await.unwrap();
    host
}

#[tokio::test]
async fn a_connection_is_kept_and_pipelined_requests_are_answered_in_order() {
    let host = host().await;
    let mut raw = Raw::to(host.http()).await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        assert!(raw.write("GET /items/1 HTTP/1.1\r\nHost: a\r\n\r\n").await);
        let answer = raw.answer().await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text());
        ids.push(answer.headers["x-request-id"].clone());
    }
    ids.dedup();
    assert_eq!(ids.len(), 3, "each request has an id of its own");

    let requests: String =
        (0..20).map(|n| format!("GET /items/{n} HTTP/1.1\r\nHost: a\r\n\r\n")).collect();
    assert!(raw.write(requests).await);
    for n in 0..20 {
        assert_eq!(raw.answer().await.unwrap().json()["path"], format!("/items/{n}"));
    }
    assert!(raw.write("GET /items/1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await);
    assert_eq!(raw.answer().await.unwrap().status, 200);
    assert_eq!(raw.rest().await, "");
}

#[tokio::test]
async fn http_2_is_spoken_with_prior_knowledge_and_streams_share_a_connection() {
    let host = host().await;
    let stream = TcpStream::connect(host.http()).await.unwrap();
    let handshake =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream));
    let (sender, connection) = handshake.await.unwrap();
    tokio::task::spawn(connection);
    let requests = (0..50).map(|n| {
        let mut sender = sender.clone();
        async move {
            let request = http::Request::put(format!("http://shop.example.com/items/{n}"));
            let body = Full::new(Bytes::from(vec![b'x'; n * 1000]));
            let answer = sender.send_request(request.body(body).unwrap()).await.unwrap();
            assert_eq!(
                (answer.status(), answer.version()),
                (http::StatusCode::OK, http::Version::HTTP_2)
            );
            let body = answer.into_body().collect().await.unwrap().to_bytes();
            let told: serde_json::Value = serde_json::from_slice(&body).unwrap();
            assert_eq!(told["params"], serde_json::json!([["id", n.to_string()]]));
            assert_eq!(told["bytes"], n * 1000);
            let host = serde_json::json!(["host", "shop.example.com"]);
            assert!(told["headers"].as_array().unwrap().contains(&host), "{told}");
        }
    });
    futures_util::future::join_all(requests).await;
}

#[tokio::test]
async fn head_is_answered_like_get_without_the_body() {
    let host = host().await;
    let mut raw = Raw::to(host.http()).await;
    for _ in 0..2 {
        assert!(raw.write("HEAD /items/1 HTTP/1.1\r\nHost: a\r\n\r\n").await);
        let head = raw.head().await.unwrap();
        assert_eq!(head.status, 200);
        // had a body followed, it would be taken for the next answer
        assert!(raw.write("GET /items/1 HTTP/1.1\r\nHost: a\r\n\r\n").await);
        let get = raw.answer().await.unwrap();
        assert_eq!(get.json()["method"], "GET");
        let length = |answer: &ottavo_test_support::Answer| -> usize {
            answer.headers["content-length"].to_str().unwrap().parse().unwrap()
        };
        assert_eq!(length(&head), length(&get) + 1, "`HEAD` is one letter longer than `GET`");
    }
    assert!(raw.write("HEAD /nowhere HTTP/1.1\r\nHost: a\r\n\r\n").await);
    assert_eq!(raw.head().await.unwrap().status, 404);
}

#[tokio::test]
async fn what_no_function_answers_is_told_as_json() {
    let host = host().await;
    let cases = [
        ("GET", "/nowhere", 404, "not-found"),
        ("DELETE", "/items/1", 405, "unsupported"),
        ("GET", "/items/%zz", 400, "invalid-argument"),
        ("GET", "/echo/../items/1", 400, "invalid-argument"),
        ("GET", "/echo/%2e%2e/items/1", 400, "invalid-argument"),
        ("GET", "/items/1/", 404, "not-found"),
    ];
    for (method, path, status, kind) in cases {
        let mut raw = Raw::to(host.http()).await;
        let request = format!("{method} {path} HTTP/1.1\r\nHost: a\r\nX-Request-Id: t-1\r\n\r\n");
        assert!(raw.write(request).await);
        let answer = raw.answer().await.unwrap();
        assert_eq!(answer.status, status, "{path}");
        assert_eq!(answer.headers["content-type"], "application/json");
        assert_eq!(answer.headers["x-request-id"], "t-1");
        let error = &answer.json()["error"];
        assert_eq!((&error["kind"], &error["request_id"]), (&kind.into(), &"t-1".into()), "{path}");
        if status == 405 {
            assert_eq!(answer.headers["allow"], "GET, HEAD, PUT");
        }
    }
}

#[tokio::test]
async fn fields_of_the_connection_do_not_reach_the_function() {
    let host = host().await;
    let mut raw = Raw::to(host.http()).await;
    let request = "GET /items/1 HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, X-Hop\r\nX-Hop: 1\r\n\
        Keep-Alive: timeout=5\r\nTE: trailers\r\nUpgrade: h2c\r\nProxy-Connection: x\r\nX-End: 2\r\n\r\n";
    assert!(raw.write(request).await);
    let answer = raw.answer().await.unwrap().json();
    let names: Vec<_> = answer["headers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|pair| pair[0].as_str().unwrap())
        .collect();
    assert!(names.contains(&"x-end"), "{names:?}");
    for gone in ["connection", "x-hop", "keep-alive", "te", "upgrade", "proxy-connection"] {
        assert!(!names.contains(&gone), "{gone} in {names:?}");
    }
}

#[tokio::test]
async fn a_body_in_chunks_arrives_whole() {
    let host = host().await;
    let mut raw = Raw::to(host.http()).await;
    let head = "PUT /items/1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    assert!(raw.write(format!("{head}3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: 1\r\n\r\n")).await);
    assert_eq!(raw.answer().await.unwrap().json()["body"], "abcde");
    // `100-continue` is answered once the body is wanted
    let head =
        "PUT /items/1 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n";
    assert!(raw.write(head).await);
    assert_eq!(raw.head().await.unwrap().status, 100);
    assert!(raw.write("hi").await);
    assert_eq!(raw.answer().await.unwrap().json()["body"], "hi");
}

#[tokio::test]
async fn insides_are_not_shown_to_those_a_proxy_speaks_for() {
    let host = host().await;
    host.deploy(root().join("tests/programs/faults")).await.unwrap();
    let panic = |forwarded: Option<&'static str>| {
        let mut request = http::Request::get("/faults/panic?text=secret").header("host", "a");
        if let Some(from) = forwarded {
            request = request.header("x-forwarded-for", from);
        }
        send(host.http(), request.body(Bytes::new()).unwrap())
    };
    let (near, far) = (panic(None).await.unwrap(), panic(Some("192.0.2.1")).await.unwrap());
    assert_eq!((near.status, far.status), (500, 500));
    assert!(near.text().contains("secret"), "{}", near.text());
    assert!(!far.text().contains("secret"), "{}", far.text());
    assert!(host.log().contains("secret"), "{}", host.log());
}
