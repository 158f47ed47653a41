//! The behaviour suite of ids on the driver `memory`.

use std::sync::Arc;

use ottavo_blocks::sequencer::Sequencer;
use ottavo_blocks::sequencer::suite::{self, Harness, Time};
use ottavo_core::{Shutdown, StoreName, SystemClock};
use ottavo_driver_memory::Memory;
use ottavo_registry::{Driver, OpenContext};
use serde_json::json;

async fn harness() -> Harness {
    let context = OpenContext {
        name: "test".parse::<StoreName>().expect("valid"),
        folder: "/nonexistent".into(),
        clock: Arc::new(SystemClock),
        shutdown: Shutdown::new(),
    };
    let store: Arc<dyn Sequencer> = Memory.open(context, json!({})).await.expect("open");
    Harness { store, time: Time::Real }
}

#[tokio::test]
async fn every_case_passes() {
    let report = suite::run_all(&harness().await).await;
    assert_eq!(report.failures(), [""; 0], "\n{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_case_passes_at_the_same_time_and_again() {
    let harness = harness().await;
    for _ in 0..3 {
        let report = suite::run_all_at_once(&harness).await;
        assert_eq!(report.failures(), [""; 0], "\n{report}");
    }
}
