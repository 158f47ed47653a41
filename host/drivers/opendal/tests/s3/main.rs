//! The driver `s3`: the behaviour suite of files on a real server, and what only an object store does.

#![expect(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

mod faults;
mod options;
mod relay;
mod uploads;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use ottavo_blocks::file::suite::{self, Harness, Time};
use ottavo_blocks::file::{ChunkSize, File, FileName, Info, MAX_CHUNK, NewFile, PageLimit, Range};
use ottavo_blocks::file::{Reader, Writer};
use ottavo_core::{CallContext, Caller, Result, Shutdown, StoreName, SystemClock};
use ottavo_driver_opendal::S3;
use ottavo_registry::{Driver, OpenContext};
use ottavo_test_support::TestObjects;
use serde_json::Value;

async fn try_open(table: Value, shutdown: &Shutdown) -> Result<Arc<dyn File>> {
    let context = OpenContext {
        name: "test".parse::<StoreName>().unwrap(),
        folder: "/nonexistent".into(),
        clock: Arc::new(SystemClock),
        shutdown: shutdown.clone(),
    };
    S3.open(context, table).await
}

async fn open(server: &TestObjects) -> Arc<dyn File> {
    try_open(server.table(), &Shutdown::new()).await.expect("open")
}

fn cx() -> CallContext {
    within(Duration::from_secs(60))
}

fn within(time: Duration) -> CallContext {
    CallContext::new("test".into(), Caller::Anonymous, time)
}

fn name(text: &str) -> FileName {
    FileName::parse(text).expect("valid")
}

async fn create(store: &dyn File, text: &str) -> Box<dyn Writer> {
    store.create(&cx(), NewFile::new(name(text))).await.unwrap()
}

async fn put(store: &dyn File, text: &str, data: &[u8]) -> Result<Info> {
    let mut writer = store.create(&cx(), NewFile::new(name(text))).await?;
    for chunk in data.chunks(MAX_CHUNK) {
        writer.write(&cx(), Bytes::copy_from_slice(chunk)).await?;
    }
    writer.finish(&cx()).await
}

async fn reader_of(store: &dyn File, text: &str) -> Box<dyn Reader> {
    store.open(&cx(), &name(text), Range::default()).await.unwrap().expect("a file")
}

async fn get(store: &dyn File, text: &str) -> Option<Vec<u8>> {
    let mut reader = store.open(&cx(), &name(text), Range::default()).await.unwrap()?;
    let mut data = Vec::new();
    loop {
        let chunk = reader.read(&cx(), ChunkSize::MAX).await.unwrap();
        if chunk.is_empty() {
            return Some(data);
        }
        data.extend_from_slice(&chunk);
    }
}

async fn list(store: &dyn File, prefix: &str) -> Vec<String> {
    let page = store.list(&cx(), prefix, None, PageLimit::parse(1000).unwrap()).await.unwrap();
    page.files.into_iter().map(|info| info.name.into_string()).collect()
}

/// Bytes that are alike nowhere.
fn noise(size: usize) -> Vec<u8> {
    let mut data = vec![0; size];
    fastrand::Rng::with_seed(size as u64).fill(&mut data);
    data
}

#[tokio::test]
async fn every_case_passes() {
    let server = TestObjects::start().await.unwrap();
    let harness = Harness { store: open(&server).await, time: Time::Real };
    let report = suite::run_all(&harness).await;
    assert_eq!(report.failures(), [""; 0], "\n{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_case_passes_at_the_same_time_through_two_stores_on_one_bucket() {
    let server = TestObjects::start().await.unwrap();
    let first = Harness { store: open(&server).await, time: Time::Real };
    let second = Harness { store: open(&server).await, time: Time::Real };
    let (first, second) =
        tokio::join!(suite::run_all_at_once(&first), suite::run_all_at_once(&second));
    for report in [first, second] {
        assert_eq!(report.failures(), [""; 0], "\n{report}");
    }
}
