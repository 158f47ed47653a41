//! The file of a store: reopened, locked, damaged, and rid of what has expired.

#![expect(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ottavo_blocks::Options;
use ottavo_blocks::state::{Entry, Expiry, Key, State};
use ottavo_core::clock::ManualClock;
use ottavo_core::{CallContext, Caller, Kind, Result, Shutdown, StoreName};
use ottavo_driver_local::Local;
use ottavo_registry::{Driver, OpenContext};
use redb::{Database, ReadableDatabase, ReadableTableMetadata, TableDefinition};
use serde_json::json;

const RECORDS: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("records");
const LARGE: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("large");
const EXPIRY: TableDefinition<'_, &[u8], ()> = TableDefinition::new("expiry");

async fn try_open(folder: &Path, clock: &Arc<ManualClock>) -> Result<Arc<dyn State>> {
    let context = OpenContext {
        name: "test".parse::<StoreName>().unwrap(),
        folder: folder.to_owned(),
        clock: Arc::clone(clock) as _,
        shutdown: Shutdown::new(),
    };
    Driver::<dyn State>::open(&Local, context, json!({})).await
}

async fn open(folder: &Path, clock: &Arc<ManualClock>) -> Arc<dyn State> {
    try_open(folder, clock).await.expect("open")
}

fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::at(1_000_000))
}

fn cx() -> CallContext {
    CallContext::new("test".into(), Caller::Anonymous, Duration::from_secs(60))
}

fn key(name: &str) -> Key {
    Key::parse(name).expect("valid")
}

fn expiring(name: &str, data: impl Into<Vec<u8>>, seconds: u64) -> Entry {
    let expiry = Expiry::After(Duration::from_secs(seconds));
    Entry { expiry, ..Entry::new(key(name), data.into()) }
}

async fn get(store: &dyn State, name: &str) -> Option<Vec<u8>> {
    let value = store.get(&cx(), &key(name), &Options::default()).await.expect("get");
    value.map(|value| value.data.to_vec())
}

/// How many rows records, large values and expiries have; the store must be closed.
fn rows(folder: &Path) -> [u64; 3] {
    let database = Database::open(folder.join("state.redb")).unwrap();
    let read = database.begin_read().unwrap();
    [
        read.open_table(RECORDS).unwrap().len().unwrap(),
        read.open_table(LARGE).unwrap().len().unwrap(),
        read.open_table(EXPIRY).unwrap().len().unwrap(),
    ]
}

#[tokio::test]
async fn a_store_that_is_dropped_can_be_opened_at_once_with_all_it_held() {
    let folder = tempfile::tempdir().unwrap();
    let nested = folder.path().join("stores/state/test");
    let clock = clock();
    let mut etags = Vec::new();
    for round in 0..3 {
        let store = open(&nested, &clock).await;
        for earlier in 0..round {
            assert_eq!(get(&*store, &format!("a{earlier}")).await, Some(b"1".to_vec()));
        }
        etags.push(store.set(&cx(), Entry::new(key(&format!("a{round}")), "1")).await.unwrap());
        etags.push(store.set(&cx(), Entry::new(key("same"), "1")).await.unwrap());
        store.set(&cx(), expiring(&format!("expires{round}"), "1", 10)).await.unwrap();
    }
    let given = etags.len();
    etags.sort_by_key(|etag| etag.as_str().to_owned());
    etags.dedup();
    assert_eq!(etags.len(), given, "an etag returned after the store was reopened");
    let store = open(&nested, &clock).await;
    assert_eq!(get(&*store, "expires0").await, Some(b"1".to_vec()));
    clock.advance(Duration::from_secs(10));
    assert_eq!(get(&*store, "expires0").await, None);
}

#[tokio::test]
async fn a_data_directory_in_use_is_refused_by_saying_so() {
    let folder = tempfile::tempdir().unwrap();
    let first = open(folder.path(), &clock()).await;
    let error = try_open(folder.path(), &clock()).await.err().expect("in use");
    assert_eq!(error.kind(), Kind::FailedPrecondition);
    assert!(error.message().contains("another host uses this data directory"), "{error}");
    drop(first);
    open(folder.path(), &clock()).await;
}

#[tokio::test]
async fn a_folder_that_cannot_be_is_refused_with_its_path() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "in the way").unwrap();
    let error = try_open(&file.join("store"), &clock()).await.err().expect("no folder");
    assert_eq!(error.kind(), Kind::Unavailable);
    assert!(error.message().contains(file.to_str().unwrap()), "{error}");
}

#[tokio::test]
async fn a_file_that_is_no_store_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.redb");
    let garbage = "not a store ".repeat(1000);
    std::fs::write(&file, &garbage).unwrap();
    let error = try_open(folder.path(), &clock()).await.err().expect("no store");
    assert_eq!(error.kind(), Kind::DataLoss);
    assert!(error.message().contains("state.redb"), "{error}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), garbage);
}

#[tokio::test]
async fn a_damaged_record_is_data_loss_and_harms_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), &clock()).await;
    for name in ["good", "bad", "large"] {
        let data = if name == "large" { "x".repeat(5000) } else { "1".to_owned() };
        store.set(&cx(), Entry::new(key(name), data)).await.unwrap();
    }
    drop(store);
    let database = Database::open(folder.path().join("state.redb")).unwrap();
    let write = database.begin_write().unwrap();
    write.open_table(RECORDS).unwrap().insert(&b"bad"[..], &b"\x09junk"[..]).unwrap();
    write.open_table(LARGE).unwrap().remove(&b"large"[..]).unwrap();
    write.commit().unwrap();
    drop(database);

    let store = open(folder.path(), &clock()).await;
    for name in ["bad", "large"] {
        let error = store.get(&cx(), &key(name), &Options::default()).await.expect_err("damaged");
        assert_eq!(error.kind(), Kind::DataLoss);
    }
    let keys = ["bad", "good"].map(key);
    let many = store.get_many(&cx(), &keys, &Options::default()).await.unwrap();
    assert_eq!([many[0].is_ok(), many[1].is_ok()], [false, true]);
    let outcomes =
        store.set_many(&cx(), keys.map(|key| Entry::new(key, "2")).into()).await.unwrap();
    assert_eq!([outcomes[0].is_ok(), outcomes[1].is_ok()], [false, true]);
    assert_eq!(get(&*store, "good").await, Some(b"2".to_vec()));
}

#[tokio::test]
async fn a_value_that_changes_its_size_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), &clock()).await;
    for size in [10, 5000, 6000, 10, 5000] {
        store.set(&cx(), Entry::new(key("a"), vec![7; size])).await.unwrap();
        assert_eq!(get(&*store, "a").await, Some(vec![7; size]));
    }
    store.set(&cx(), Entry::new(key("b"), vec![7; 5000])).await.unwrap();
    store.set(&cx(), Entry::new(key("b"), "small")).await.unwrap();
    drop(store);
    assert_eq!(rows(folder.path()), [2, 1, 0]);
}

#[tokio::test]
async fn expired_keys_are_collected_by_later_writes() {
    let folder = tempfile::tempdir().unwrap();
    let clock = clock();
    let store = open(folder.path(), &clock).await;
    for i in 0..10 {
        store.set(&cx(), expiring(&format!("a{i}"), vec![7; 500 * i], 10)).await.unwrap();
    }
    store.set(&cx(), expiring("longer", "1", 3600)).await.unwrap();
    store.set(&cx(), expiring("kept", "1", 10)).await.unwrap();
    store
        .set(&cx(), Entry { expiry: Expiry::Never, ..Entry::new(key("kept"), "2") })
        .await
        .unwrap();
    clock.advance(Duration::from_secs(10));
    store.set(&cx(), Entry::new(key("write"), "1")).await.unwrap();
    assert_eq!(get(&*store, "longer").await, Some(b"1".to_vec()));
    assert_eq!(get(&*store, "kept").await, Some(b"2".to_vec()));
    drop(store);
    assert_eq!(rows(folder.path()), [3, 0, 1]);
}

#[tokio::test]
async fn expired_keys_are_collected_while_nobody_writes() {
    let folder = tempfile::tempdir().unwrap();
    let clock = clock();
    let store = open(folder.path(), &clock).await;
    let entries = (0..800).map(|i| expiring(&format!("{i:04}"), "1", 10)).collect();
    for outcome in store.set_many(&cx(), entries).await.unwrap() {
        outcome.unwrap();
    }
    store.set(&cx(), Entry::new(key("stays"), "1")).await.unwrap();
    clock.advance(Duration::from_secs(10));
    // Moves the runtime's own clock past the next collection.
    tokio::time::pause();
    tokio::time::sleep(Duration::from_secs(11)).await;
    drop(store);
    assert_eq!(rows(folder.path()), [1, 0, 0]);
}
