//! The behaviour suite of configuration on the driver `memory`.

use std::sync::Arc;

use ottavo_blocks::config::Config;
use ottavo_blocks::config::suite::{self, Harness, Time};
use ottavo_core::{Shutdown, StoreName, SystemClock};
use ottavo_driver_memory::Memory;
use ottavo_registry::{Driver, OpenContext};
use serde_json::json;

#[tokio::test]
async fn every_case_passes() {
    let context = OpenContext {
        name: "test".parse::<StoreName>().expect("valid"),
        folder: "/nonexistent".into(),
        clock: Arc::new(SystemClock),
        shutdown: Shutdown::new(),
    };
    let store: Arc<dyn Config> = Memory.open(context, json!({})).await.expect("open");
    let harness = Harness { store, time: Time::Real };
    let report = suite::run_all(&harness).await;
    assert_eq!(report.failures(), [""; 0], "\n{report}");
    for _ in 0..3 {
        let report = suite::run_all_at_once(&harness).await;
        assert_eq!(report.failures(), [""; 0], "\n{report}");
    }
}
