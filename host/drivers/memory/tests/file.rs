//! The behaviour suite of files on the driver `memory`.

use std::sync::Arc;

use bytes::Bytes;
use ottavo_blocks::file::suite::{self, Harness, Time};
use ottavo_blocks::file::{File, FileName, MAX_CHUNK, NewFile};
use ottavo_core::{CallContext, Caller, Kind, Shutdown, StoreName, SystemClock};
use ottavo_driver_memory::Memory;
use ottavo_registry::{Driver, OpenContext};
use serde_json::json;

async fn open() -> Arc<dyn File> {
    let context = OpenContext {
        name: "test".parse::<StoreName>().expect("valid"),
        folder: "/nonexistent".into(),
        clock: Arc::new(SystemClock),
        shutdown: Shutdown::new(),
    };
    Memory.open(context, json!({})).await.expect("open")
}

#[tokio::test]
async fn every_case_passes() {
    let report = suite::run_all(&Harness { store: open().await, time: Time::Real }).await;
    assert_eq!(report.failures(), [""; 0], "\n{report}");
}

#[tokio::test]
async fn every_case_passes_at_the_same_time_and_again() {
    let harness = Harness { store: open().await, time: Time::Real };
    for _ in 0..3 {
        let report = suite::run_all_at_once(&harness).await;
        assert_eq!(report.failures(), [""; 0], "\n{report}");
    }
}

#[tokio::test]
async fn memory_has_a_bound_for_one_file() {
    let store = open().await;
    let cx = CallContext::new("test".into(), Caller::Anonymous, std::time::Duration::from_secs(60));
    let name = FileName::parse("a").expect("valid");
    let mut writer = store.create(&cx, NewFile::new(name)).await.expect("create");
    let chunk = Bytes::from(vec![0; MAX_CHUNK]);
    for _ in 0..256 {
        writer.write(&cx, chunk.clone()).await.expect("within the bound");
    }
    let error = writer.write(&cx, chunk).await.expect_err("beyond it");
    assert_eq!((error.kind(), error.detail("limit")), (Kind::TooLarge, Some("268435456")));
}
