//! Large files: sent in parts, seen when they are finished, gone when they are not.

use std::path::Path;

use ottavo_blocks::file::Precondition;
use ottavo_core::Kind;
use serde_json::json;
use tokio::time::{Instant, sleep};

use super::relay::Relay;
use super::*;

/// The smallest part that services take.
const PART: usize = 5 << 20;

pub(super) async fn in_small_parts(server: &TestObjects, shutdown: &Shutdown) -> Arc<dyn File> {
    let mut table = server.table();
    table["part_size"] = json!("5MiB");
    try_open(table, shutdown).await.unwrap()
}

/// How many parts of uploads the server keeps.
pub(super) fn parts(server: &TestObjects) -> usize {
    fn files(folder: &Path) -> usize {
        let entries = folder.read_dir().into_iter().flatten().flatten();
        let below = |entry: std::fs::DirEntry| match entry.path().is_dir() {
            true => files(&entry.path()),
            false => 1,
        };
        entries.map(below).sum()
    }
    files(&server.bucket().join(".sgwtmp/multipart"))
}

/// Waits until the server keeps no part of an upload.
pub(super) async fn cleaned(server: &TestObjects) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while parts(server) > 0 {
        assert!(Instant::now() < deadline, "{} parts stay", parts(server));
        sleep(Duration::from_millis(20)).await;
    }
}

/// A file that was begun, with some parts sent.
pub(super) async fn begun(store: &dyn File, text: &str) -> Box<dyn Writer> {
    let mut writer = create(store, text).await;
    for chunk in noise(3 * PART).chunks(MAX_CHUNK) {
        writer.write(&cx(), Bytes::copy_from_slice(chunk)).await.unwrap();
    }
    writer
}

#[tokio::test]
async fn a_large_file_is_sent_in_parts_and_seen_when_it_is_finished() {
    let server = TestObjects::start().await.unwrap();
    let store = in_small_parts(&server, &Shutdown::new()).await;
    let writer = begun(&*store, "a/b").await;
    assert!(parts(&server) > 0, "nothing was sent");
    assert_eq!(get(&*store, "a/b").await, None);
    assert_eq!(list(&*store, "").await, [""; 0]);
    let info = writer.finish(&cx()).await.unwrap();
    assert_eq!(info.size, 3 * PART as u64);
    assert!(get(&*store, "a/b").await.unwrap() == noise(3 * PART), "other bytes");
    assert_eq!(list(&*store, "").await, ["a/b"]);
    assert_eq!(parts(&server), 0);
}

#[tokio::test]
async fn a_dropped_writer_takes_back_the_parts_it_sent() {
    let server = TestObjects::start().await.unwrap();
    let store = in_small_parts(&server, &Shutdown::new()).await;
    put(&*store, "a", b"before").await.unwrap();
    let writer = begun(&*store, "a").await;
    assert!(parts(&server) > 0, "nothing was sent");
    drop(writer);
    cleaned(&server).await;
    assert_eq!(get(&*store, "a").await.as_deref(), Some(&b"before"[..]));
}

#[tokio::test]
async fn a_host_that_stops_takes_back_the_parts_it_sent() {
    let server = TestObjects::start().await.unwrap();
    let shutdown = Shutdown::new();
    let store = in_small_parts(&server, &shutdown).await;
    let writer = begun(&*store, "a").await;
    shutdown.begin();
    cleaned(&server).await;
    let error = writer.finish(&cx()).await.expect_err("the host stopped");
    assert_eq!(error.kind(), Kind::Unavailable, "{error:?}");
    assert_eq!(list(&*open(&server).await, "").await, [""; 0]);
    // the store is still there, and its connections are not
    shutdown.finish(Duration::from_secs(30)).await.unwrap();
    drop(store);
}

#[tokio::test]
async fn of_two_large_first_writes_one_finishes_and_the_other_leaves_nothing() {
    let server = TestObjects::start().await.unwrap();
    let store = in_small_parts(&server, &Shutdown::new()).await;
    let first = || NewFile { precondition: Precondition::Absent, ..NewFile::new(name("a")) };
    let mut writers = Vec::new();
    for n in 0..2_u8 {
        let mut writer = store.create(&cx(), first()).await.unwrap();
        for _ in 0..11 {
            writer.write(&cx(), Bytes::from(vec![n; MAX_CHUNK])).await.unwrap();
        }
        writers.push(writer);
    }
    let second = writers.pop().unwrap();
    second.finish(&cx()).await.unwrap();
    let error = writers.pop().unwrap().finish(&cx()).await.expect_err("it came second");
    assert_eq!(error.kind(), Kind::Conflict, "{error:?}");
    assert!(get(&*store, "a").await.unwrap() == vec![1; 11 << 20], "other bytes");
    cleaned(&server).await;
}

#[tokio::test]
async fn etags_of_content_are_refused_as_preconditions() {
    let server = TestObjects::start().await.unwrap();
    let store = open(&server).await;
    let info = put(&*store, "a", b"1").await.unwrap();
    assert_eq!(info.etag, None);
    let etag = ottavo_blocks::file::Etag::from_version(1);
    let file = NewFile { precondition: Precondition::Match(etag), ..NewFile::new(name("a")) };
    let error = store.create(&cx(), file).await.err().expect("unsupported");
    assert_eq!(error.kind(), Kind::Unsupported, "{error:?}");
}

#[tokio::test]
async fn a_range_is_all_that_is_asked_of_the_server() {
    let server = TestObjects::start().await.unwrap();
    put(&*open(&server).await, "a", &noise(20 << 20)).await.unwrap();
    let (relay, shutdown) = (Relay::start(&server).await, Shutdown::new());
    let store = try_open(relay.table(&server), &shutdown).await.unwrap();
    let range = Range { offset: 10 << 20, length: Some(1000) };
    let mut reader = store.open(&cx(), &name("a"), range).await.unwrap().unwrap();
    let mut got = Vec::new();
    loop {
        let chunk = reader.read(&cx(), ChunkSize::MAX).await.unwrap();
        if chunk.is_empty() {
            break;
        }
        got.extend_from_slice(&chunk);
    }
    assert!(got == noise(20 << 20)[10 << 20..][..1000], "other bytes");
    assert!(relay.received() < 10_000, "{} bytes came", relay.received());
    // who reads on slowly does not make the host hold the rest
    let mut reader = reader_of(&*store, "a").await;
    reader.read(&cx(), ChunkSize::MAX).await.unwrap();
    assert!(relay.received() < 12 << 20, "{} bytes came", relay.received());
}
