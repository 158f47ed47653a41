//! Instances that take several calls, where the manifest says so.

use std::path::PathBuf;
use std::time::Duration;

use futures_util::future::join_all;
use ottavo_test_support::{TestHost, program};
use tempfile::TempDir;

/// A host with the program `faults` under this name, and what its `reuse` says.
async fn deploy(host: &TestHost, name: &str, reuse: &str) {
    let folder = tempfile::tempdir().unwrap();
    let manifest = manifest(&folder, name, reuse);
    host.deploy_with(&program("faults").unwrap(), &manifest).await.unwrap();
}

fn manifest(folder: &TempDir, name: &str, reuse: &str) -> PathBuf {
    let file = folder.path().join("function.toml");
    let text = format!(
        "manifest = 1\nname = \"{name}\"\n[[http]]\nroute = \"/{name}/...\"\n\
         [needs]\nstate = [\"default\"]\n[limits]\nmemory = \"16MiB\"\ncpu = \"200ms\"\n{reuse}\n"
    );
    std::fs::write(&file, text).unwrap();
    file
}

/// How many calls the instance has taken that answers now.
async fn calls(host: &TestHost, name: &str) -> u32 {
    let answer = host.get(&format!("/{name}/calls")).await.unwrap();
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.text().parse().unwrap()
}

#[tokio::test]
async fn an_instance_takes_as_many_calls_as_the_manifest_says() {
    let host = TestHost::start().await.unwrap();
    deploy(&host, "fresh", "").await;
    deploy(&host, "kept", "reuse = { calls = 3, idle = \"1h\" }").await;
    let (mut fresh, mut kept) = (Vec::new(), Vec::new());
    for _ in 0..7 {
        fresh.push(calls(&host, "fresh").await);
        kept.push(calls(&host, "kept").await);
    }
    assert_eq!(fresh, [1; 7]);
    assert_eq!(kept, [1, 2, 3, 1, 2, 3, 1]);
}

#[tokio::test]
async fn nothing_of_a_call_that_ended_badly_is_seen_again() {
    let host = TestHost::start().await.unwrap();
    deploy(&host, "kept", "reuse = { calls = 1000, idle = \"1h\" }").await;
    let bad = [("trap", 500), ("panic", 500), ("hoard", 500), ("spin", 504)];
    for (end, status) in bad {
        assert_eq!(calls(&host, "kept").await, 1, "before {end}");
        assert_eq!(host.get(&format!("/kept/{end}")).await.unwrap().status, status, "{end}");
    }
    assert_eq!(calls(&host, "kept").await, 1);
    // an error that the function returns is an answer like any other
    assert_eq!(host.get("/kept/error?kind=conflict").await.unwrap().status, 409);
    assert_eq!(calls(&host, "kept").await, 3);
}

#[tokio::test]
async fn each_call_has_its_own_limits() {
    let host = TestHost::start().await.unwrap();
    deploy(&host, "kept", "reuse = { calls = 1000, idle = \"1h\" }").await;
    // together several times the CPU limit of a call
    for _ in 0..30 {
        let answer = host.get("/kept/alloc-check?rounds=2000&seed=7").await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    assert_eq!(calls(&host, "kept").await, 31);
}

#[tokio::test]
async fn an_instance_that_waits_too_long_is_gone_and_so_is_that_of_an_old_version() {
    let host = TestHost::start().await.unwrap();
    deploy(&host, "kept", "reuse = { calls = 1000, idle = \"100ms\" }").await;
    assert_eq!(calls(&host, "kept").await, 1);
    // the time is the feature
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(calls(&host, "kept").await, 1);
    deploy(&host, "kept", "reuse = { calls = 1000, idle = \"1h\" }").await;
    assert_eq!((calls(&host, "kept").await, calls(&host, "kept").await), (1, 2));
    deploy(&host, "kept", "reuse = { calls = 1001, idle = \"1h\" }").await;
    assert_eq!(calls(&host, "kept").await, 1);
}

#[tokio::test]
async fn instances_that_wait_give_way_when_the_host_is_full() {
    // as many as the host has room for
    const ALL: usize = 200;
    let host = TestHost::start().await.unwrap();
    let mut statuses = Vec::new();
    for name in ["one", "two"] {
        deploy(&host, name, "reuse = { calls = 1000, idle = \"1h\" }").await;
        let path = format!("/{name}/wait?millis=1000");
        let burst = join_all((0..ALL).map(|_| host.get(&path))).await;
        statuses.extend(burst.into_iter().map(|answer| answer.unwrap().status));
    }
    assert_eq!(statuses, [200; 2 * ALL]);
}
