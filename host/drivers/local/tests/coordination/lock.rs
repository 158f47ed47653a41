//! Locks on the driver `local`: the behaviour suite, and what a crash leaves of them.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::disk::Disk;
use futures_util::poll;
use ottavo_blocks::Key;
use ottavo_blocks::lock::suite::{self, Harness, Time, model};
use ottavo_blocks::lock::{Claim, Lease, Lock, Owner, Release, Ttl};
use ottavo_core::clock::ManualClock;
use ottavo_core::{CallContext, Caller, Clock, Kind, Shutdown, StoreName, SystemClock};
use ottavo_driver_local::{Local, open_lock_on};
use ottavo_registry::{Driver, OpenContext};
use proptest::prelude::*;
use serde_json::json;

async fn open(folder: &Path, clock: Arc<dyn Clock>) -> Arc<dyn Lock> {
    let name = "test".parse::<StoreName>().expect("valid");
    let shutdown = Shutdown::new();
    let context = OpenContext { name, folder: folder.to_owned(), clock, shutdown };
    Local.open(context, json!({})).await.expect("open")
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

#[tokio::test(flavor = "multi_thread")]
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

async fn on(disk: &Disk, clock: &Arc<ManualClock>) -> Arc<dyn Lock> {
    let disk = disk.clone();
    let open = move |builder: &redb::Builder| builder.create_with_backend(disk);
    open_lock_on(open, Arc::clone(clock) as _, &Shutdown::new()).await.expect("open")
}

fn cx() -> CallContext {
    CallContext::new("test".into(), Caller::Anonymous, Duration::from_secs(60))
}

fn owner(name: &str) -> Owner {
    Owner::parse(name).expect("valid")
}

fn resource() -> Key {
    Key::parse("a").expect("valid")
}

fn claim(by: &str, wait: Duration) -> Claim {
    let ttl = Ttl::parse(60_000).expect("valid");
    Claim { resource: resource(), owner: Some(owner(by)), ttl, wait }
}

async fn take(store: &Arc<dyn Lock>, by: &str) -> Option<Lease> {
    store.try_lock(&cx(), claim(by, Duration::ZERO)).await.expect("try-lock")
}

#[tokio::test]
async fn who_holds_a_lock_holds_it_after_a_crash() {
    let clock = Arc::new(ManualClock::at(1_000_000));
    let disk = Disk::new(Vec::new());
    let store = on(&disk, &clock).await;
    let first = take(&store, "me").await.expect("free");
    let crashed = on(&Disk::new(disk.synced()), &clock).await;
    assert_eq!(take(&crashed, "you").await, None);
    let renewed = crashed.renew(&cx(), &resource(), &owner("me"), Ttl::parse(500).unwrap()).await;
    assert_eq!(renewed.expect("still held").fencing_token, first.fencing_token);

    // the renewal of the first store, and then its unlocking
    store.renew(&cx(), &resource(), &owner("me"), Ttl::parse(90_000).unwrap()).await.unwrap();
    clock.advance(Duration::from_secs(80));
    let crashed = on(&Disk::new(disk.synced()), &clock).await;
    assert_eq!(take(&crashed, "you").await, None);
    let released = store.unlock(&cx(), &resource(), &owner("me")).await.unwrap();
    assert_eq!(released, Release::Released);
    let crashed = on(&Disk::new(disk.synced()), &clock).await;
    let second = take(&crashed, "you").await.expect("unlocked");
    assert!(second.fencing_token > first.fencing_token);
}

#[tokio::test]
async fn a_token_grows_after_a_crash_though_the_clock_was_set_back() {
    let disk = Disk::new(Vec::new());
    let store = on(&disk, &Arc::new(ManualClock::at(9_000_000))).await;
    let first = take(&store, "me").await.expect("free").fencing_token;
    store.unlock(&cx(), &resource(), &owner("me")).await.unwrap();
    let crashed = on(&Disk::new(disk.synced()), &Arc::new(ManualClock::at(1000))).await;
    let second = take(&crashed, "me").await.expect("unlocked").fencing_token;
    assert!(second > first, "{second} came after {first}");
}

#[tokio::test]
async fn a_lock_is_nobodys_before_it_is_on_the_disk() {
    let clock = Arc::new(ManualClock::at(1_000_000));
    let disk = Disk::new(Vec::new());
    let store = on(&disk, &clock).await;
    disk.hold();
    let cx = cx();
    let mut taking = store.try_lock(&cx, claim("me", Duration::ZERO));
    tokio::select! {
        _ = &mut taking => panic!("taken before the sync ended"),
        () = disk.held() => {}
    }
    let crashed = on(&Disk::new(disk.synced()), &clock).await;
    assert!(take(&crashed, "you").await.is_some());
    disk.release();
    assert!(taking.await.unwrap().is_some());
}

#[tokio::test]
async fn who_goes_away_while_the_disk_syncs_holds_nothing() {
    let clock = Arc::new(ManualClock::at(1_000_000));
    let disk = Disk::new(Vec::new());
    let store = on(&disk, &clock).await;
    disk.hold();
    let context = cx();
    let mut taking = store.try_lock(&context, claim("gone", Duration::ZERO));
    tokio::select! {
        _ = &mut taking => panic!("taken before the sync ended"),
        () = disk.held() => {}
    }
    drop(taking);
    let mut waiting = store.try_lock(&context, claim("you", Duration::from_secs(30)));
    assert!(poll!(&mut waiting).is_pending());
    disk.release();
    assert_eq!(waiting.await.unwrap().expect("given back").owner, owner("you"));
}

#[tokio::test]
async fn a_disk_that_fails_is_said_and_locks_nothing() {
    let clock = Arc::new(ManualClock::at(1_000_000));
    let disk = Disk::new(Vec::new());
    let store = on(&disk, &clock).await;
    disk.break_syncs();
    let error = store.try_lock(&cx(), claim("me", Duration::ZERO)).await.expect_err("no disk");
    assert_eq!((error.kind(), error.retryable()), (Kind::Unavailable, false), "{error:?}");
    assert_eq!(store.health(&cx()).await.expect_err("no disk").kind(), Kind::Unavailable);
}

proptest! {
    // each case opens a database and starts its writer
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
            let disk = Disk::new(Vec::new());
            let shutdown = Shutdown::new();
            let open = move |builder: &redb::Builder| builder.create_with_backend(disk);
            let store = open_lock_on(open, Arc::clone(&clock) as _, &shutdown).await.expect("open");
            model::check(&*store, &clock, &seeds).await
        });
        prop_assert_eq!(checked, Ok(()));
    }
}
