//! The behaviour suite of secrets on the driver `memory`.

use std::collections::BTreeMap;
use std::sync::Arc;

use ottavo_blocks::secret::Secrets;
use ottavo_blocks::secret::suite::{self, FIXTURE, Harness, Time};
use ottavo_core::{Result, Shutdown, StoreName, SystemClock};
use ottavo_driver_memory::Memory;
use ottavo_registry::{Driver, OpenContext};
use serde_json::{Value, json};

async fn open(table: Value) -> Result<Arc<dyn Secrets>> {
    let context = OpenContext {
        name: "test".parse::<StoreName>().expect("valid"),
        folder: "/nonexistent".into(),
        clock: Arc::new(SystemClock),
        shutdown: Shutdown::new(),
    };
    Memory.open(context, table).await
}

#[tokio::test]
async fn every_case_passes() {
    let store = open(json!({ "values": BTreeMap::from(FIXTURE) })).await.expect("open");
    let harness = Harness { store, time: Time::Real };
    let report = suite::run_all(&harness).await;
    assert_eq!(report.failures(), [""; 0], "\n{report}");
    let report = suite::run_all_at_once(&harness).await;
    assert_eq!(report.failures(), [""; 0], "\n{report}");
}

#[tokio::test]
async fn a_name_that_nobody_could_say_is_refused_without_its_value() {
    for name in ["", "a\0b"] {
        let error = open(json!({ "values": { name: "hunter2" } })).await.err().expect("refused");
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
    }
}
