//! Bombs: each ends by a limit that the answer or the log names, and another function answers after it.

use std::path::PathBuf;

use ottavo_test_support::{Answer, TestHost, program};
use tempfile::TempDir;

/// A manifest of `program` with the route `/faults/...` and these lines in `[limits]`.
fn manifest(folder: &TempDir, limits: &str) -> PathBuf {
    let file = folder.path().join("function.toml");
    let text = format!(
        "manifest = 1\nname = \"faults\"\n[[http]]\nroute = \"/faults/...\"\n\
         [needs]\nstate = [\"default\"]\ninvoke = [\"fn:faults\"]\n[limits]\n{limits}\n"
    );
    std::fs::write(&file, text).unwrap();
    file
}

pub(super) async fn host(name: &str, limits: &str) -> TestHost {
    let host = TestHost::start().await.unwrap();
    deploy(&host, name, limits).await;
    host
}

pub(super) async fn deploy(host: &TestHost, name: &str, limits: &str) {
    let folder = tempfile::tempdir().unwrap();
    let manifest = manifest(&folder, limits);
    host.deploy_with(&program(name).unwrap(), &manifest).await.unwrap();
}

async fn get(host: &TestHost, path: &str) -> Answer {
    host.get(&format!("/faults/{path}")).await.unwrap()
}

#[tokio::test]
async fn what_one_call_of_the_host_takes_is_bounded_by_the_body() {
    let host = host("faults", "body = \"1MiB\"\ncpu = \"5s\"").await;
    for bomb in ["give?bytes=30000000", "list?items=3000000"] {
        let answer = get(&host, bomb).await;
        assert_eq!(answer.status, 500, "{bomb}: {}", answer.text());
        assert!(answer.text().contains("over 5MiB to one call of the host"), "{}", answer.text());
        assert!(answer.text().contains("`limits.body`"), "{}", answer.text());
        assert_eq!(get(&host, "ok").await.status, 200);
    }
}

#[tokio::test]
async fn handles_are_bounded() {
    let host = host("wasi-http", "handles = 500\ncpu = \"5s\"").await;
    let answer = get(&host, "pollables").await;
    assert_eq!(answer.status, 500, "{}", answer.text());
    assert!(answer.text().contains("`limits.handles` is 500"), "{}", answer.text());
    assert_eq!(get(&host, "early").await.status, 200);
}

#[tokio::test]
async fn headers_of_an_answer_are_bounded() {
    let host = host("faults", "cpu = \"5s\"").await;
    assert_eq!(get(&host, "headers?count=90&bytes=1000").await.status, 200);
    for bomb in ["headers?count=2000&bytes=1", "headers?count=10&bytes=100000"] {
        let answer = get(&host, bomb).await;
        assert_eq!(answer.status, 502, "{bomb}: {}", answer.text());
        assert!(answer.text().contains("at most"), "{}", answer.text());
    }
    assert_eq!(get(&host, "ok").await.status, 200);
}

#[tokio::test]
async fn a_log_is_cut_and_says_how_much() {
    let host = host("faults", "log = \"64KiB\"\ncpu = \"5s\"").await;
    assert_eq!(get(&host, "log-flood?lines=200&bytes=1000").await.status, 200);
    let (_, out, _) = host.cli(&["logs", "faults", "--limit", "1000"]).await.unwrap();
    let lines = out.lines().filter(|line| line.contains("xxxxx")).count();
    assert!((50..65).contains(&lines), "{lines}");
    let told = out.lines().find(|line| line.contains("were cut from the log of this call"));
    assert!(told.is_some_and(|line| line.contains("`limits.log` is 64KiB")), "{out}");
    // the next call has its own room
    assert_eq!(get(&host, "log-flood?lines=1&bytes=10").await.status, 200);
    let (_, out, _) = host.cli(&["logs", "faults", "--limit", "1"]).await.unwrap();
    assert!(out.contains("xxxxxxxxxx"), "{out}");
}

#[tokio::test]
async fn outbound_calls_are_bounded() {
    let host = host("faults", "outbound_calls = 3\ncpu = \"5s\"").await;
    assert_eq!(get(&host, "call?count=3").await.status, 200);
    let answer = get(&host, "call?count=4").await;
    let error = answer.json()["error"].clone();
    assert_eq!((answer.status, &error["kind"]), (429, &"exhausted".into()), "{error}");
    assert_eq!(error["details"]["limit-name"], "limits.outbound_calls");
    deploy(&host, "faults", "outbound_bytes = \"5B\"\ncpu = \"5s\"").await;
    // two bytes each
    assert_eq!(get(&host, "call?count=2").await.status, 200);
    let answer = get(&host, "call?count=3").await;
    assert_eq!(answer.json()["error"]["details"]["limit-name"], "limits.outbound_bytes");
}

#[tokio::test]
async fn the_memory_of_all_functions_together_is_the_host_s() {
    let engine = "max_instances = 200\ntotal_memory = \"24MiB\"";
    let host = TestHost::builder().engine(engine).start().await.unwrap();
    deploy(&host, "faults", "memory = \"64MiB\"\ncpu = \"5s\"").await;
    let answer = get(&host, "hoard").await;
    assert_eq!(answer.status, 503, "{}", answer.text());
    assert!(answer.headers.contains_key("retry-after"));
    assert!(answer.text().contains("`engine.total_memory`"), "{}", answer.text());
    assert_eq!(get(&host, "ok").await.status, 200);
}
