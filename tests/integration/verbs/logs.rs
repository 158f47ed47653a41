//! `ottavo logs`, of what was written already.

use bytes::Bytes;
use ottavo_test_support::{TestHost, root, send};
use serde_json::Value;

async fn host() -> TestHost {
    let host = TestHost::start().await.unwrap();
    host.deploy(root().join("tests/programs/faults")).await.unwrap();
    host
}

/// A request under this id.
async fn call(host: &TestHost, path: &str, id: &str) {
    let request = http::Request::get(path).header("host", "a").header("x-request-id", id);
    send(host.http(), request.body(Bytes::new()).unwrap()).await.unwrap();
}

async fn logs(host: &TestHost, args: &[&str]) -> Vec<Value> {
    let args = [&["logs", "faults", "--output", "json"], args].concat();
    let (status, out, err) = host.cli(&args).await.unwrap();
    assert!(status.success(), "{err}");
    out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn all_of_one_request_and_nothing_else_is_shown() {
    let host = host().await;
    call(&host, "/faults/log-flood?lines=3&bytes=5", "first&one").await;
    call(&host, "/faults/log-flood?lines=2&bytes=5", "second").await;
    let (status, out, err) = host.cli(&["logs", "faults", "--request", "first&one"]).await.unwrap();
    assert!(status.success(), "{err}");
    assert_eq!(out.lines().count(), 3, "{out}");
    for line in out.lines() {
        assert!(line.contains("INFO  faults@1 first&one  xxxxx line=\""), "{line}");
    }
    assert_eq!(logs(&host, &[]).await.len(), 5);
    let last = logs(&host, &["--limit", "1"]).await;
    assert_eq!((last.len(), &last[0]["request_id"]), (1, &"second".into()));
    assert_eq!(logs(&host, &["--since", "1h"]).await.len(), 5);
    assert_eq!(logs(&host, &["--since", "0s"]).await.len(), 0);
    assert_eq!(logs(&host, &["--level", "warn"]).await.len(), 0);
}

#[tokio::test]
async fn a_call_that_fails_says_why_in_the_functions_own_log() {
    let host = host().await;
    call(&host, "/faults/panic?text=no+such+order", "r-panic").await;
    call(&host, "/faults/spin", "r-spin").await;
    let lines = logs(&host, &["--level", "error", "--request", "r-panic"]).await;
    let text = lines.iter().map(|line| line["message"].as_str().unwrap()).collect::<String>();
    assert!(text.contains("no such order") && text.contains("lib.rs"), "{lines:?}");
    let lines = logs(&host, &["--level", "error", "--request", "r-spin"]).await;
    assert!(lines[0]["message"].as_str().unwrap().contains("CPU limit of 200ms"), "{lines:?}");
}

#[tokio::test]
async fn lines_that_are_not_kept_any_more_are_counted() {
    let host = host().await;
    for n in 0..6 {
        call(&host, "/faults/log-flood?lines=200&bytes=5", &n.to_string()).await;
    }
    let lines = logs(&host, &[]).await;
    let dropped = lines[0]["dropped"].as_u64().unwrap();
    assert!(dropped >= 200, "{dropped}");
    assert_eq!(dropped + lines.len() as u64 - 1, 1200);
    let (_, out, err) = host.cli(&["logs", "faults", "--limit", "3"]).await.unwrap();
    assert_eq!(out.lines().count(), 3);
    assert!(!err.contains("kept"), "three are there: {err}");
}

#[tokio::test]
async fn what_cannot_be_answered_is_an_error() {
    let host = host().await;
    let (status, _, err) = host.cli(&["logs", "nobody"]).await.unwrap();
    assert_eq!(status.code(), Some(1));
    assert!(err.contains("no function `nobody` is deployed"), "{err}");
    for wrong in [["--since", "soon"], ["--level", "loud"], ["--limit", "-1"]] {
        let (status, _, err) = host.cli(&[&["logs", "faults"], &wrong[..]].concat()).await.unwrap();
        assert_eq!(status.code(), Some(2), "{err}");
    }
}
