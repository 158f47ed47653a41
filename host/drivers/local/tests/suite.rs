//! The behaviour suite of state on the driver `local`, in a file and in memory.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ottavo_blocks::Options;
use ottavo_blocks::state::suite::{self, Harness, Time, model};
use ottavo_blocks::state::{Entry, Key, State};
use ottavo_core::clock::ManualClock;
use ottavo_core::{CallContext, Caller, Clock, Kind, Result, Shutdown, StoreName, SystemClock};
use ottavo_driver_local::Local;
use ottavo_registry::{Driver, OpenContext};
use proptest::prelude::*;
use redb::backends::InMemoryBackend;
use serde_json::json;

fn context(folder: &Path, clock: Arc<dyn Clock>) -> OpenContext {
    let name = "test".parse::<StoreName>().expect("valid");
    OpenContext { name, folder: folder.to_owned(), clock, shutdown: Shutdown::new() }
}

async fn open(folder: &Path, clock: Arc<dyn Clock>) -> Arc<dyn State> {
    Driver::<dyn State>::open(&Local, context(folder, clock), json!({})).await.expect("open")
}

async fn harness(folder: &Path) -> Harness {
    let clock = Arc::new(ManualClock::at(1_000_000));
    Harness { store: open(folder, Arc::clone(&clock) as _).await, time: Time::Manual(clock) }
}

#[tokio::test]
async fn every_case_passes() {
    let folder = tempfile::tempdir().unwrap();
    let report = suite::run_all(&harness(folder.path()).await).await;
    assert_eq!(report.failures(), [""; 0], "\n{report}");
}

#[tokio::test]
async fn every_case_passes_at_the_same_time_and_again() {
    let folder = tempfile::tempdir().unwrap();
    let harness = harness(folder.path()).await;
    for _ in 0..3 {
        let report = suite::run_all_at_once(&harness).await;
        assert_eq!(report.failures(), [""; 0], "\n{report}");
    }
}

#[tokio::test]
async fn every_case_passes_again_after_the_store_was_reopened() {
    let folder = tempfile::tempdir().unwrap();
    for _ in 0..2 {
        let report = suite::run_all_at_once(&harness(folder.path()).await).await;
        assert_eq!(report.failures(), [""; 0], "\n{report}");
    }
}

#[tokio::test]
async fn every_case_passes_on_the_clock_of_the_machine() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), Arc::new(SystemClock)).await;
    let report = suite::run_all_at_once(&Harness { store, time: Time::Real }).await;
    assert_eq!(report.failures(), [""; 0], "\n{report}");
}

#[tokio::test]
async fn an_unknown_option_of_this_driver_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), Arc::new(SystemClock)).await;
    let cx = CallContext::new("test".into(), Caller::Anonymous, Duration::from_secs(10));
    let pairs = vec![("local.sync".to_owned(), "never".to_owned())];
    let options = Options::parse(pairs).expect("not a common option");
    let key = Key::parse("a").expect("valid");
    let get = store.get(&cx, &key, &options).await.expect_err("unknown option");
    assert_eq!(get.kind(), Kind::InvalidArgument);

    let bad = Entry { options, ..Entry::new(key.clone(), "1") };
    let set = store.set(&cx, bad.clone()).await.expect_err("unknown option");
    assert_eq!(set.kind(), Kind::InvalidArgument);
    let batch = vec![bad, Entry::new(key.clone(), "2")];
    let outcomes = store.set_many(&cx, batch).await.expect("each on its own");
    assert_eq!([outcomes[0].is_ok(), outcomes[1].is_ok()], [false, true]);
    let value = store.get(&cx, &key, &Options::default()).await.expect("get").expect("written");
    assert_eq!(&*value.data, b"2");
}

#[tokio::test]
async fn a_table_says_what_it_accepts() {
    let folder = tempfile::tempdir().unwrap();
    for (table, word) in [(json!({"path": "/"}), "`path`"), (json!({"cache": "much"}), "`much`")] {
        let context = context(folder.path(), Arc::new(SystemClock));
        let opened: Result<Arc<dyn State>> = Local.open(context, table).await;
        let error = opened.err().expect("a wrong table");
        assert_eq!(error.kind(), Kind::InvalidArgument);
        assert!(error.message().contains(word), "{error}");
    }
    let good = json!({"cache": "16MiB"});
    let good: Result<Arc<dyn State>> =
        Local.open(context(folder.path(), Arc::new(SystemClock)), good).await;
    assert!(good.is_ok());
}

proptest! {
    // Each case opens a database and starts its writer.
    #![proptest_config(ProptestConfig {
        cases: 64,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn it_answers_as_the_model(seeds in proptest::collection::vec(any::<model::Seed>(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let checked = runtime.block_on(async {
            let clock = Arc::new(ManualClock::at(1_000_000));
            let memory = |builder: &redb::Builder| builder.create_with_backend(InMemoryBackend::new());
            let shutdown = Shutdown::new();
            let store = ottavo_driver_local::open_on(memory, Arc::clone(&clock) as _, &shutdown);
            model::check(&*store.await.expect("open"), &clock, &seeds).await
        });
        prop_assert_eq!(checked, Ok(()));
    }
}
