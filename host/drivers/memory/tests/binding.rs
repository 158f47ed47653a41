//! The behaviour suite of bindings on the driver `memory`.

use std::sync::Arc;

use ottavo_blocks::binding::Binding;
use ottavo_blocks::binding::suite::{self, Harness, Time};
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
    let store: Arc<dyn Binding> = Memory.open(context, json!({})).await.expect("open");
    let report = suite::run_all_at_once(&Harness { store, time: Time::Real }).await;
    assert_eq!(report.failures(), [""; 0], "\n{report}");
}
