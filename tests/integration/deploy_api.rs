//! The deploy API as the CLI's peers meet it: the socket and its answers.

use std::os::unix::fs::PermissionsExt;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use ottavo_core::Digest;
use ottavo_test_support::{Answer, TestHost, program};
use serde_json::json;
use tokio::net::UnixStream;

/// One request to the socket.
async fn send(host: &TestHost, method: &str, path: &str, body: impl Into<Bytes>) -> Answer {
    let stream = UnixStream::connect(host.data_dir().join("deploy.sock")).await.unwrap();
    let handshake = hyper::client::conn::http1::handshake(TokioIo::new(stream));
    let (mut sender, connection) = handshake.await.unwrap();
    tokio::task::spawn(connection);
    let request = http::Request::builder().method(method).uri(path).header("host", "ottavo");
    let request = request.body(Full::new(body.into())).unwrap();
    let (head, body) = sender.send_request(request).await.unwrap().into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    Answer { status: head.status.as_u16(), headers: head.headers, body }
}

fn kind(answer: &Answer) -> String {
    answer.json()["error"]["kind"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_socket_is_for_the_user_alone_and_goes_with_its_host() {
    let host = TestHost::start().await.unwrap();
    let socket = host.data_dir().join("deploy.sock");
    let mode = std::fs::metadata(&socket).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let info = send(&host, "GET", "/v1/host", "").await.json();
    assert_eq!(
        (&info["pid"], &info["http"]),
        (&host.pid().into(), &host.http().to_string().into())
    );
    host.signal("-TERM").await.unwrap();
    let (_, _folder) = host.wait().await.unwrap();
    assert!(!socket.exists());
}

#[tokio::test]
async fn the_socket_of_a_host_that_was_killed_is_replaced() {
    let host = TestHost::start().await.unwrap();
    let socket = host.data_dir().join("deploy.sock");
    let folder = host.kill().await.unwrap();
    assert!(socket.exists());
    let host = TestHost::builder().folder(folder).start().await.unwrap();
    assert_eq!(send(&host, "GET", "/v1/host", "").await.status, 200);
}

#[tokio::test]
async fn what_the_api_does_not_take_is_refused_with_the_reason() {
    let host = TestHost::start().await.unwrap();
    for path in ["/", "/v1", "/v1/functions/a", "/v1/host/", "/v2/host"] {
        let answer = send(&host, "GET", path, "").await;
        assert_eq!((answer.status, kind(&answer).as_str()), (404, "not-found"), "{path}");
    }
    let answer = send(&host, "DELETE", "/v1/functions", "").await;
    assert_eq!((answer.status, &answer.headers["allow"]), (405, &"GET, POST".parse().unwrap()));
    for body in ["", "{}", "[]", "{\"manifest\":1}", "\u{0}"] {
        let answer = send(&host, "POST", "/v1/functions", body).await;
        assert_eq!((answer.status, kind(&answer).as_str()), (400, "invalid-argument"), "{body}");
    }
    let call = json!({ "method": "GET", "path": "/" }).to_string();
    assert_eq!(send(&host, "POST", "/v1/functions/none/invoke", call).await.status, 404);
}

#[tokio::test]
async fn an_artifact_is_what_its_digest_says_or_refused() {
    let host = TestHost::start().await.unwrap();
    let bytes = std::fs::read(program("faults").unwrap()).unwrap();
    let path = |digest: Digest| format!("/v1/artifacts/{digest}");
    let answer = send(&host, "PUT", &path(Digest::of(&bytes)), bytes.clone()).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json()["size"], bytes.len());

    let other = Digest::of(b"something else");
    let answer = send(&host, "PUT", &path(other), bytes).await;
    assert_eq!((answer.status, kind(&answer).as_str()), (400, "invalid-argument"));
    let manifest = json!({ "manifest": 1, "name": "faults" });
    let deploy = json!({ "manifest": manifest, "artifact": other }).to_string();
    let answer = send(&host, "POST", "/v1/functions", deploy).await;
    assert_eq!(answer.status, 404, "nothing was kept under the wrong name: {}", answer.text());

    assert_eq!(send(&host, "PUT", "/v1/artifacts/abc", "").await.status, 400);
    assert_eq!(send(&host, "PUT", "/v1/artifacts/../../x", "").await.status, 404);
    let answer = send(&host, "PUT", &path(other), vec![0; (64 << 20) + 1]).await;
    assert_eq!((answer.status, kind(&answer).as_str()), (413, "too-large"));
}
