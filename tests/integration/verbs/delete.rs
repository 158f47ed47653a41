//! `ottavo delete`

use std::time::{Duration, Instant};

use ottavo_test_support::{TestHost, program, root};

const PATIENCE: Duration = Duration::from_secs(60);

fn artifacts(host: &TestHost) -> usize {
    std::fs::read_dir(host.data_dir().join("functions/artifacts")).unwrap().count()
}

async fn delete(host: &TestHost, name: &str) -> (Option<i32>, String, String) {
    let (status, out, err) = host.cli(&["delete", name]).await.unwrap();
    (status.code(), out, err)
}

#[tokio::test]
async fn a_function_is_gone_at_once_and_stays_gone() {
    let host = TestHost::start().await.unwrap();
    host.deploy(root().join("examples/hello-rust")).await.unwrap();
    assert!(artifacts(&host) > 0);
    let (code, out, err) = delete(&host, "hello").await;
    assert_eq!(code, Some(0), "{err}");
    assert_eq!(out, "deleted `hello`, which was at version 1\n");
    assert_eq!(host.get("/hello/ann").await.unwrap().status, 404);
    assert_eq!(artifacts(&host), 0);
    let (code, _, err) = delete(&host, "hello").await;
    assert_eq!(code, Some(1));
    assert!(err.contains("no function `hello` is deployed"), "{err}");

    let folder = host.kill().await.unwrap();
    let host = TestHost::builder().folder(folder).start().await.unwrap();
    assert_eq!(host.get("/hello/ann").await.unwrap().status, 404);
    host.deploy(root().join("examples/hello-rust")).await.unwrap();
    assert_eq!(host.get("/hello/ann").await.unwrap().status, 200);
    assert_eq!(delete(&host, "../hello").await.0, Some(2));
}

#[tokio::test]
async fn what_another_function_uses_stays_on_disk() {
    let host = TestHost::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let wasm = program("echo").unwrap();
    for name in ["one", "two"] {
        let manifest = folder.path().join(name);
        let text = format!("manifest = 1\nname = \"{name}\"\n[[http]]\nroute = \"/{name}\"\n");
        std::fs::write(&manifest, text).unwrap();
        host.deploy_with(&wasm, &manifest).await.unwrap();
    }
    let kept = artifacts(&host);
    assert_eq!(delete(&host, "one").await.0, Some(0));
    assert_eq!(artifacts(&host), kept);
    let folder = host.kill().await.unwrap();
    let host = TestHost::builder().folder(folder).start().await.unwrap();
    assert_eq!(host.get("/two").await.unwrap().status, 200);
    assert_eq!(delete(&host, "two").await.0, Some(0));
    assert_eq!(artifacts(&host), 0);
}

#[tokio::test]
async fn a_call_under_way_ends_as_it_would_have() {
    let host = TestHost::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let manifest = folder.path().join("function.toml");
    let text = "manifest = 1\nname = \"slow\"\n[[http]]\nroute = \"/slow/...\"\n\
                [needs]\nstate = [\"default\"]\n[limits]\ntimeout = \"30s\"\ncpu = \"20s\"\n";
    std::fs::write(&manifest, text).unwrap();
    host.deploy_with(&program("faults").unwrap(), &manifest).await.unwrap();
    let call = host.get("/slow/wait?millis=3000");
    let meanwhile = async {
        let deadline = Instant::now() + PATIENCE;
        while host.value("waiting").await.unwrap().is_none() {
            assert!(Instant::now() < deadline, "the call does not begin");
        }
        let deleted = delete(&host, "slow").await;
        assert_eq!(deleted.0, Some(0), "{}", deleted.2);
        assert_eq!(host.get("/slow/ok").await.unwrap().status, 404);
        Instant::now()
    };
    let ended = async { (call.await, Instant::now()) };
    let ((answer, ended), deleted) = tokio::join!(ended, meanwhile);
    let answer = answer.unwrap();
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(deleted < ended, "it was deleted while the call ran");
}
