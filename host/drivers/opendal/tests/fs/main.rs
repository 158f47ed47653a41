//! The driver `fs`: the behaviour suite of files, and what only a shared folder does.

#![expect(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

mod folder;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use ottavo_blocks::file::suite::{self, Harness, Time};
use ottavo_blocks::file::{ChunkSize, File, FileName, Info, NewFile, PageLimit, Range};
use ottavo_core::{CallContext, Caller, Result, Shutdown, StoreName, SystemClock};
use ottavo_driver_opendal::Fs;
use ottavo_registry::{Driver, OpenContext};
use serde_json::json;

async fn try_open(root: &Path, shutdown: &Shutdown) -> Result<Arc<dyn File>> {
    let context = OpenContext {
        name: "test".parse::<StoreName>().unwrap(),
        folder: "/nonexistent".into(),
        clock: Arc::new(SystemClock),
        shutdown: shutdown.clone(),
    };
    Fs.open(context, json!({ "root": root })).await
}

async fn open(root: &Path) -> Arc<dyn File> {
    try_open(root, &Shutdown::new()).await.expect("open")
}

fn cx() -> CallContext {
    CallContext::new("test".into(), Caller::Anonymous, Duration::from_secs(60))
}

fn name(text: &str) -> FileName {
    FileName::parse(text).expect("valid")
}

async fn put(store: &dyn File, text: &str, data: &str) -> Result<Info> {
    let mut writer = store.create(&cx(), NewFile::new(name(text))).await?;
    writer.write(&cx(), Bytes::copy_from_slice(data.as_bytes())).await?;
    writer.finish(&cx()).await
}

async fn get(store: &dyn File, text: &str) -> Option<String> {
    let mut reader = store.open(&cx(), &name(text), Range::default()).await.unwrap()?;
    let data = reader.read(&cx(), ChunkSize::MAX).await.unwrap();
    Some(String::from_utf8(data.into()).unwrap())
}

async fn list(store: &dyn File, prefix: &str) -> Vec<String> {
    let page = store.list(&cx(), prefix, None, PageLimit::parse(1000).unwrap()).await.unwrap();
    page.files.into_iter().map(|info| info.name.into_string()).collect()
}

#[tokio::test]
async fn every_case_passes() {
    let root = tempfile::tempdir().unwrap();
    let harness = Harness { store: open(root.path()).await, time: Time::Real };
    let report = suite::run_all(&harness).await;
    assert_eq!(report.failures(), [""; 0], "\n{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_case_passes_at_the_same_time_through_two_stores_on_one_folder() {
    let root = tempfile::tempdir().unwrap();
    let first = Harness { store: open(root.path()).await, time: Time::Real };
    let second = Harness { store: open(root.path()).await, time: Time::Real };
    let (first, second) =
        tokio::join!(suite::run_all_at_once(&first), suite::run_all_at_once(&second));
    for report in [first, second] {
        assert_eq!(report.failures(), [""; 0], "\n{report}");
    }
}
