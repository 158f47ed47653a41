//! What a probe sees.

mod away;
mod exposition;
mod metrics;
mod stores;

use std::time::Duration;

use bytes::Bytes;
use futures_util::future::join_all;
use ottavo_test_support::{TestHost, program, root, send};
use serde_json::json;

use crate::http::raw::Raw;

#[tokio::test]
async fn health_and_info_are_read_only_json() {
    let host = TestHost::start().await.unwrap();
    let up = |details| json!({ "status": "UP", "details": details });
    let ready = host.health("/actuator/health/readiness").await.unwrap();
    assert_eq!(ready.status, 200);
    let host_alone = json!({ "runtime_startup": up(json!({})) });
    assert_eq!(ready.json(), json!({ "status": "UP", "components": host_alone }));
    let whole = host.health("/actuator/health").await.unwrap();
    assert_eq!(whole.status, 200);
    let mut components = whole.json()["components"].clone();
    let mut expected = json!({ "runtime_startup": up(json!({})) });
    for (store, driver) in [
        ("config.default", "local"),
        ("file.default", "local"),
        ("invoke.default", "http"),
        ("lock.default", "local"),
        ("pubsub.default", "local"),
        ("sequencer.default", "local"),
        ("state.default", "local"),
    ] {
        let since = components[store]["details"]["since"].take();
        assert!(humantime::parse_rfc3339(since.as_str().unwrap()).is_ok(), "{store}: {since}");
        expected[store] = up(json!({ "driver": driver, "since": null }));
    }
    assert_eq!(components, expected);
    assert_eq!(host.health("/actuator/health/liveness").await.unwrap().json()["status"], "UP");
    let info = host.health("/actuator/info").await.unwrap().json();
    assert_eq!(info["app"]["name"], "ottavo");
    assert_eq!(host.health("/actuator/env").await.unwrap().status, 404);
    assert_eq!(host.health("/").await.unwrap().status, 404);
    for method in ["POST", "PUT", "DELETE"] {
        let request = http::Request::builder().method(method).uri("/actuator/health");
        let request = request.header("host", "a").body(Bytes::new()).unwrap();
        assert_eq!(send(host.actuator(), request).await.unwrap().status, 405, "{method}");
    }
}

#[tokio::test]
async fn readiness_is_told_while_every_worker_is_busy() {
    let host = TestHost::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let manifest = folder.path().join("function.toml");
    let text = "manifest = 1\nname = \"faults\"\n[[http]]\nroute = \"/faults/...\"\n[needs]\n\
        state = [\"default\"]\n[limits]\ncpu = \"2s\"\n";
    std::fs::write(&manifest, text).unwrap();
    host.deploy_with(&program("faults").unwrap(), &manifest).await.unwrap();
    let workers = std::thread::available_parallelism().unwrap().get();
    let loops = join_all((0..workers * 8).map(|_| host.get("/faults/spin")));
    let mut told = 0;
    let probe = async {
        let mut pace = tokio::time::interval(Duration::from_millis(20));
        loop {
            pace.tick().await;
            assert_eq!(host.health("/actuator/health/readiness").await.unwrap().status, 200);
            told += 1;
        }
    };
    let ended = tokio::select! {
        ended = loops => ended,
        () = probe => unreachable!("it goes on"),
    };
    assert!(ended.into_iter().all(|answer| answer.unwrap().status == 504));
    assert!(told > 20, "only {told} answers in the time of the loops");
}

#[tokio::test]
async fn a_host_that_stops_is_not_ready_while_it_answers_what_is_under_way() {
    let host = TestHost::start().await.unwrap();
    host.deploy(root().join("tests/programs/faults")).await.unwrap();
    let mut raw = Raw::to(host.http()).await;
    let get = |path: &str| format!("GET /faults/{path} HTTP/1.1\r\nHost: a\r\n\r\n");
    assert!(raw.write(get("ok") + &get("wait?millis=3000")).await);
    // the second call begins when the first is answered
    assert_eq!(raw.answer().await.unwrap().status, 200);
    host.signal("-TERM").await.unwrap();
    while host.health("/actuator/health/readiness").await.unwrap().status != 503 {
        tokio::task::yield_now().await;
    }
    assert_eq!(host.health("/actuator/health/liveness").await.unwrap().status, 200);
    assert_eq!(raw.answer().await.unwrap().status, 200);
}
