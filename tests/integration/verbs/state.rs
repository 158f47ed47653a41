//! `ottavo state`

use std::time::{Duration, Instant};

use ottavo_test_support::TestHost;
use serde_json::{Value, json};

async fn state(host: &TestHost, args: &[&str]) -> (Option<i32>, String, String) {
    let args = [&["state"], args].concat();
    let (status, out, err) = host.cli(&args).await.unwrap();
    (status.code(), out, err)
}

#[tokio::test]
async fn a_value_is_written_read_listed_and_deleted_as_apps_see_it() {
    let host = TestHost::start().await.unwrap();
    let (code, etag, err) = state(&host, &["set", "default", "a/b", "one"]).await;
    assert_eq!(code, Some(0), "{err}");
    assert_eq!(host.value("a/b").await.unwrap().unwrap(), "one");
    assert_eq!(state(&host, &["get", "default", "a/b"]).await.1, "one");
    let (_, out, _) = state(&host, &["get", "default", "a/b", "--output", "json"]).await;
    let told: Value = serde_json::from_str(&out).unwrap();
    let etag = etag.trim();
    assert_eq!(told, json!({ "key": "a/b", "data": "b25l", "etag": etag, "text": "one" }));

    state(&host, &["set", "default", "a/c", "two"]).await;
    state(&host, &["set", "default", "z", "three"]).await;
    let (_, out, _) = state(&host, &["list", "default", "a/"]).await;
    let mut keys: Vec<_> = out.lines().collect();
    keys.sort_unstable();
    assert_eq!(keys, ["a/b", "a/c"]);
    let (_, out, err) = state(&host, &["list", "default", "--limit", "2"]).await;
    assert_eq!(out.lines().count(), 2);
    assert!(err.contains("--limit"), "{err}");

    assert_eq!(state(&host, &["delete", "default", "a/b"]).await.0, Some(0));
    assert_eq!(host.value("a/b").await.unwrap(), None);
    let (code, out, err) = state(&host, &["get", "default", "a/b"]).await;
    assert_eq!((code, out.as_str()), (Some(1), ""));
    assert!(err.contains("has no value at `a/b`"), "{err}");
}

#[tokio::test]
async fn preconditions_hold_and_expiry_comes() {
    let host = TestHost::start().await.unwrap();
    let (_, etag, _) = state(&host, &["set", "default", "k", "1", "--if-absent"]).await;
    let etag = etag.trim();
    let again = state(&host, &["set", "default", "k", "2", "--if-absent"]).await;
    assert_eq!(again.0, Some(1), "{}", again.2);
    let (code, next, _) = state(&host, &["set", "default", "k", "2", "--if-match", etag]).await;
    assert_eq!(code, Some(0));
    assert_ne!(next.trim(), etag);
    for stale in [&["set", "default", "k", "3"][..], &["delete", "default", "k"]] {
        let (code, _, err) = state(&host, &[stale, &["--if-match", etag]].concat()).await;
        assert_eq!(code, Some(1), "{err}");
    }
    assert_eq!(host.value("k").await.unwrap().unwrap(), "2");
    let both = ["set", "default", "k", "3", "--if-match", etag, "--if-absent"];
    assert_eq!(state(&host, &both).await.0, Some(2));

    assert_eq!(state(&host, &["set", "default", "t", "1", "--expires", "300ms"]).await.0, Some(0));
    let deadline = Instant::now() + Duration::from_secs(60);
    while host.value("t").await.unwrap().is_some() {
        assert!(Instant::now() < deadline, "it does not expire");
    }
}

#[tokio::test]
async fn bytes_go_through_as_they_are_and_what_is_wrong_is_said() {
    let host = TestHost::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bytes");
    let bytes: Vec<u8> = (0..=255).cycle().take(3 << 20).collect();
    std::fs::write(&file, &bytes).unwrap();
    let (code, _, err) =
        state(&host, &["set", "default", "b", &format!("@{}", file.display())]).await;
    assert_eq!(code, Some(0), "{err}");
    assert!(host.value("b").await.unwrap().unwrap() == bytes);

    std::fs::write(&file, vec![0; 5 << 20]).unwrap();
    let large = state(&host, &["set", "default", "b", &format!("@{}", file.display())]).await;
    assert_eq!(large.0, Some(1));
    assert!(large.2.contains("over the limit") || large.2.contains("use at most"), "{}", large.2);
    let (code, _, err) = state(&host, &["get", "nowhere", "k"]).await;
    assert_eq!(code, Some(1));
    assert!(err.contains("no state store `nowhere`: configured are default"), "{err}");
    assert_eq!(state(&host, &["get", "../x", "k"]).await.0, Some(2));
    let (code, _, err) = state(&host, &["get", "default", ""]).await;
    assert_eq!(code, Some(1));
    assert!(err.contains("a key is empty"), "{err}");
    let (code, _, err) = state(&host, &["set", "default", "k", "v", "--expires", "soon"]).await;
    assert_eq!(code, Some(2));
    assert!(err.contains("not a length of time"), "{err}");
}
