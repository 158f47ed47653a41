//! What cannot run is refused at deploy, with what to do; the version before keeps serving.

use std::path::Path;

use ottavo_test_support::{TestHost, program, root};

async fn refused(host: &TestHost, wasm: &Path, expected: &[&str]) {
    let manifest = root().join("examples/hello-rust/function.toml");
    let error = host.deploy_with(wasm, &manifest).await.unwrap_err().to_string();
    for part in expected {
        assert!(error.contains(part), "no `{part}` in: {error}");
    }
    let answer = host.get("/hello/ann").await.unwrap();
    assert_eq!(answer.status, 200, "the version before serves: {}", answer.text());
}

#[tokio::test]
async fn a_bad_deploy_says_what_is_wrong_and_leaves_the_version_before() {
    let host = TestHost::start().await.unwrap();
    host.deploy(root().join("examples/hello-rust")).await.unwrap();

    let folder = tempfile::tempdir().unwrap();
    let garbage = folder.path().join("garbage.wasm");
    std::fs::write(&garbage, b"#!/bin/sh\necho no\n").unwrap();
    refused(&host, &garbage, &["it is a script", "ottavo build"]).await;
    let good = std::fs::read(program("hello-rust").unwrap()).unwrap();
    let half = folder.path().join("half.wasm");
    std::fs::write(&half, &good[..good.len() / 2]).unwrap();
    refused(&host, &half, &["error"]).await;

    refused(&host, &program("no-world").unwrap(), &["world"]).await;
    refused(&host, &program("bad-import").unwrap(), &["env", "nope"]).await;
    refused(&host, &program("bad-interface").unwrap(), &["example:missing/thing@1.0.0"]).await;
}

#[tokio::test]
async fn more_memory_than_the_host_gives_is_refused() {
    let host = TestHost::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let manifest = folder.path().join("function.toml");
    let text = "manifest = 1\nname = \"big\"\n[limits]\nmemory = \"2GiB\"\n";
    std::fs::write(&manifest, text).unwrap();
    let error = host.deploy_with(&program("echo").unwrap(), &manifest).await.unwrap_err();
    let error = error.to_string();
    assert!(error.contains("2GiB") && error.contains("engine.max_memory"), "{error}");
}
