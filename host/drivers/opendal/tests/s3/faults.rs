//! A server that stops answering in the middle, and one that refuses.

use ottavo_core::{Error, Kind};

use super::relay::Relay;
use super::uploads::{begun, cleaned, in_small_parts, parts};
use super::*;

/// Chunks until it fails or ends, and why.
async fn read_on(reader: &mut dyn Reader, cx: &CallContext, data: &mut Vec<u8>) -> Result<()> {
    loop {
        let chunk = reader.read(cx, ChunkSize::MAX).await?;
        if chunk.is_empty() {
            return Ok(());
        }
        data.extend_from_slice(&chunk);
    }
}

fn shows_nothing(error: &Error) {
    let message = error.message();
    for secret in [TestObjects::ACCESS_KEY, TestObjects::SECRET_KEY, "127.0.0.1", "Error", "S3"] {
        assert!(!message.contains(secret), "{message}");
    }
}

#[tokio::test]
async fn a_server_that_is_killed_during_an_upload_leaves_nothing_half_written() {
    let mut server = TestObjects::start().await.unwrap();
    let store = in_small_parts(&server, &Shutdown::new()).await;
    put(&*store, "a", b"before").await.unwrap();
    let mut writer = begun(&*store, "a").await;
    assert!(parts(&server) > 0, "nothing was sent");
    server.kill().await.unwrap();
    let error = loop {
        match writer.write(&cx(), Bytes::from(vec![0; MAX_CHUNK])).await {
            Ok(()) => {}
            Err(error) => break error,
        }
    };
    assert_eq!(error.kind(), Kind::Unavailable, "{error:?}");
    shows_nothing(&error);
    let error = store.stat(&cx(), &name("a")).await.expect_err("it is down");
    assert_eq!((error.kind(), error.retryable()), (Kind::Unavailable, true), "{error:?}");
    let error = store.health(&cx()).await.expect_err("it is down");
    assert_eq!(error.kind(), Kind::Unavailable, "{error:?}");
    server.start_again().await.unwrap();
    assert_eq!(get(&*store, "a").await.as_deref(), Some(&b"before"[..]));
    drop(writer);
    cleaned(&server).await;
    store.health(&cx()).await.unwrap();
}

#[tokio::test]
async fn a_server_that_hangs_during_an_upload_is_waited_for_until_the_deadline() {
    let server = TestObjects::start().await.unwrap();
    let store = in_small_parts(&server, &Shutdown::new()).await;
    let mut writer = begun(&*store, "a").await;
    assert!(parts(&server) > 0, "nothing was sent");
    server.pause().await.unwrap();
    let short = within(Duration::from_secs(2));
    let error = loop {
        match writer.write(&short, Bytes::from(vec![0; MAX_CHUNK])).await {
            Ok(()) => {}
            Err(error) => break error,
        }
    };
    assert_eq!(error.kind(), Kind::Timeout, "{error:?}");
    let error = store.stat(&within(Duration::from_millis(100)), &name("a")).await;
    assert_eq!(error.expect_err("it hangs").kind(), Kind::Timeout);
    drop(writer);
    server.resume().await.unwrap();
    cleaned(&server).await;
    assert_eq!(get(&*store, "a").await, None);
    put(&*store, "a", b"after").await.unwrap();
    assert_eq!(get(&*store, "a").await.as_deref(), Some(&b"after"[..]));
}

#[tokio::test]
async fn a_download_goes_on_when_the_server_is_back() {
    let mut server = TestObjects::start().await.unwrap();
    let store = open(&server).await;
    let data = noise(64 << 20);
    put(&*store, "a", &data).await.unwrap();
    let mut reader = reader_of(&*store, "a").await;
    let mut got = reader.read(&cx(), ChunkSize::MAX).await.unwrap().to_vec();
    server.kill().await.unwrap();
    let error = read_on(&mut *reader, &cx(), &mut got).await.expect_err("it is down");
    assert_eq!(error.kind(), Kind::Unavailable, "{error:?}");
    shows_nothing(&error);
    server.start_again().await.unwrap();
    read_on(&mut *reader, &cx(), &mut got).await.unwrap();
    assert!(got == data, "other bytes");
}

#[tokio::test]
async fn a_download_waits_for_a_server_that_hangs_until_the_deadline() {
    let server = TestObjects::start().await.unwrap();
    let store = open(&server).await;
    let data = noise(64 << 20);
    put(&*store, "a", &data).await.unwrap();
    let mut reader = reader_of(&*store, "a").await;
    let mut got = reader.read(&cx(), ChunkSize::MAX).await.unwrap().to_vec();
    server.pause().await.unwrap();
    let short = within(Duration::from_millis(500));
    let error = read_on(&mut *reader, &short, &mut got).await.expect_err("it hangs");
    assert_eq!(error.kind(), Kind::Timeout, "{error:?}");
    server.resume().await.unwrap();
    read_on(&mut *reader, &cx(), &mut got).await.unwrap();
    assert!(got == data, "other bytes");
}

#[tokio::test]
async fn a_download_that_breaks_off_goes_on_with_the_same_version_only() {
    let server = TestObjects::start().await.unwrap();
    let (relay, shutdown) = (Relay::start(&server).await, Shutdown::new());
    let store = try_open(relay.table(&server), &shutdown).await.unwrap();
    put(&*store, "a", &noise(32 << 20)).await.unwrap();
    let mut reader = reader_of(&*store, "a").await;
    let mut got = reader.read(&cx(), ChunkSize::MAX).await.unwrap().to_vec();
    put(&*store, "a", b"other").await.unwrap();
    relay.cut();
    let error = read_on(&mut *reader, &cx(), &mut got).await.expect_err("it broke off");
    assert_eq!(error.kind(), Kind::Unavailable, "{error:?}");
    let error = read_on(&mut *reader, &cx(), &mut got).await.expect_err("it is another");
    assert_eq!(error.kind(), Kind::Conflict, "{error:?}");
}

#[tokio::test]
async fn a_store_opens_without_its_server_and_works_when_it_is_there() {
    let mut server = TestObjects::start().await.unwrap();
    server.kill().await.unwrap();
    let store = open(&server).await;
    let error = put(&*store, "a", b"1").await.expect_err("it is down");
    assert_eq!(error.kind(), Kind::Unavailable, "{error:?}");
    server.start_again().await.unwrap();
    put(&*store, "a", b"1").await.unwrap();
}

#[tokio::test]
async fn a_wrong_key_and_a_missing_bucket_are_told_apart_and_not_shown() {
    let server = TestObjects::start().await.unwrap();
    let mut table = server.table();
    table["secret_access_key"] = "wrong-secret".into();
    let store = try_open(table, &Shutdown::new()).await.unwrap();
    let refused = [
        store.health(&cx()).await.expect_err("a wrong key"),
        store.stat(&cx(), &name("a")).await.expect_err("a wrong key"),
        put(&*store, "a", b"1").await.expect_err("a wrong key"),
    ];
    for error in refused {
        assert_eq!(error.kind(), Kind::FailedPrecondition, "{error:?}");
        assert!(error.message().contains("access key"), "{error}");
        assert!(!format!("{error:?}").contains("wrong-secret"), "{error:?}");
        shows_nothing(&error);
    }
    let mut table = server.table();
    table["bucket"] = "missing".into();
    let store = try_open(table, &Shutdown::new()).await.unwrap();
    for error in [
        store.health(&cx()).await.expect_err("no bucket"),
        put(&*store, "a", b"1").await.expect_err("no bucket"),
    ] {
        assert_eq!(error.kind(), Kind::FailedPrecondition, "{error:?}");
        assert!(error.message().contains("bucket"), "{error}");
        shows_nothing(&error);
    }
}
