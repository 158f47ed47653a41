//! The behaviour suite of ids on the driver `memory`.

use std::sync::Arc;

use ottavo_blocks::sequencer::Sequencer;
use ottavo_blocks::sequencer::suite::{self, Harness, Time, model};
use ottavo_core::{Shutdown, StoreName, SystemClock};
use ottavo_driver_memory::Memory;
use ottavo_registry::{Driver, OpenContext};
use proptest::prelude::*;
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

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_id_comes_twice_and_they_grow(seeds in proptest::collection::vec(any::<model::Seed>(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let checked =
            runtime.block_on(async { model::check(&*harness().await.store, &seeds).await });
        prop_assert_eq!(checked, Ok(()));
    }
}
