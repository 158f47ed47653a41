//! The behaviour suite of state on the driver `memory`, and its own options.

use std::sync::Arc;
use std::time::Duration;

use ottavo_blocks::Options;
use ottavo_blocks::state::suite::{self, Harness, Time, model};
use ottavo_blocks::state::{Entry, Key, State};
use ottavo_core::clock::ManualClock;
use ottavo_core::{CallContext, Caller, Kind, Result, Shutdown, StoreName, SystemClock};
use ottavo_driver_memory::Memory;
use ottavo_registry::{Driver, OpenContext};
use proptest::prelude::*;
use serde_json::json;

async fn open(clock: Arc<dyn ottavo_core::Clock>) -> Arc<dyn State> {
    let context = OpenContext {
        name: "test".parse::<StoreName>().expect("valid"),
        folder: "/nonexistent".into(),
        clock,
        shutdown: Shutdown::new(),
    };
    Driver::<dyn State>::open(&Memory, context, json!({})).await.expect("open")
}

async fn harness() -> Harness {
    let clock = Arc::new(ManualClock::at(1_000_000));
    Harness { store: open(Arc::clone(&clock) as _).await, time: Time::Manual(clock) }
}

#[tokio::test]
async fn every_case_passes() {
    let report = suite::run_all(&harness().await).await;
    assert_eq!(report.failures(), [""; 0], "\n{report}");
}

#[tokio::test]
async fn every_case_passes_at_the_same_time_and_again() {
    let harness = harness().await;
    for _ in 0..3 {
        let report = suite::run_all_at_once(&harness).await;
        assert_eq!(report.failures(), [""; 0], "\n{report}");
    }
}

#[tokio::test]
async fn every_case_passes_on_the_clock_of_the_machine() {
    let harness = Harness { store: open(Arc::new(SystemClock)).await, time: Time::Real };
    let report = suite::run_all_at_once(&harness).await;
    assert_eq!(report.failures(), [""; 0], "\n{report}");
}

#[tokio::test]
async fn an_unknown_option_of_this_driver_is_refused() {
    let store = open(Arc::new(SystemClock)).await;
    let cx = CallContext::new("test".into(), Caller::Anonymous, Duration::from_secs(10));
    let pairs = vec![("memory.speed".to_owned(), "fast".to_owned())];
    let options = Options::parse(pairs).expect("not a common option");
    let key = Key::parse("a").expect("valid");
    let got = store.get(&cx, &key, &options).await.expect_err("unknown option");
    assert_eq!(got.kind(), Kind::InvalidArgument);
    let entry = Entry { options, ..Entry::new(key, "1") };
    let set = store.set(&cx, entry).await.expect_err("unknown option");
    assert_eq!(set.kind(), Kind::InvalidArgument);
}

#[tokio::test]
async fn a_key_in_the_table_is_refused() {
    let context = OpenContext {
        name: "test".parse::<StoreName>().expect("valid"),
        folder: "/nonexistent".into(),
        clock: Arc::new(SystemClock),
        shutdown: Shutdown::new(),
    };
    let opened: Result<Arc<dyn State>> = Memory.open(context, json!({"size": 3})).await;
    let error = opened.err().expect("unknown key");
    assert_eq!(error.kind(), Kind::InvalidArgument);
    assert!(error.message().contains("`size`"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn it_answers_as_the_model(seeds in proptest::collection::vec(any::<model::Seed>(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let checked = runtime.block_on(async {
            let clock = Arc::new(ManualClock::at(1_000_000));
            let store = open(Arc::clone(&clock) as _).await;
            model::check(&*store, &clock, &seeds).await
        });
        prop_assert_eq!(checked, Ok(()));
    }
}
