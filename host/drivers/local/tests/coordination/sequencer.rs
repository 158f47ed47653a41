//! Ids on the driver `local`: the behaviour suite, and that no id comes twice after a crash.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::disk::Disk;
use futures_util::future::join_all;
use ottavo_blocks::Key;
use ottavo_blocks::sequencer::suite::{self, Harness, Time, model};
use ottavo_blocks::sequencer::{MAX_ID, Order, Range, Sequencer, Size};
use ottavo_core::{CallContext, Caller, Kind, Result, Shutdown, StoreName, SystemClock};
use ottavo_driver_local::{Local, open_sequencer_on};
use ottavo_registry::{Driver, OpenContext};
use parking_lot::Mutex;
use proptest::prelude::*;
use serde_json::json;

async fn open(folder: &Path) -> Arc<dyn Sequencer> {
    let context = OpenContext {
        name: "test".parse::<StoreName>().expect("valid"),
        folder: folder.to_owned(),
        clock: Arc::new(SystemClock),
        shutdown: Shutdown::new(),
    };
    Local.open(context, json!({})).await.expect("open")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_case_passes_and_again_after_the_store_was_reopened() {
    let folder = tempfile::tempdir().unwrap();
    for _ in 0..2 {
        let harness = Harness { store: open(folder.path()).await, time: Time::Real };
        let report = suite::run_all(&harness).await;
        assert_eq!(report.failures(), [""; 0], "\n{report}");
        let report = suite::run_all_at_once(&harness).await;
        assert_eq!(report.failures(), [""; 0], "\n{report}");
    }
}

async fn on(disk: &Disk) -> Arc<dyn Sequencer> {
    let disk = disk.clone();
    open_sequencer_on(move |builder| builder.create_with_backend(disk)).await.expect("open")
}

fn cx() -> CallContext {
    CallContext::new("test".into(), Caller::Anonymous, Duration::from_secs(60))
}

fn key(name: &str) -> Key {
    Key::parse(name).expect("valid")
}

async fn next(store: &Arc<dyn Sequencer>, order: Order) -> Result<u64> {
    store.next(&cx(), &key("a"), order).await
}

#[tokio::test]
async fn a_block_is_on_the_disk_before_its_first_id_is_handed_out() {
    let disk = Disk::new(Vec::new());
    let store = on(&disk).await;
    let first = next(&store, Order::Weak).await.unwrap();
    let before = disk.syncs();
    let second = next(&store, Order::Weak).await.unwrap();
    assert_eq!((disk.syncs(), second), (before, first + 1), "an id of a block synced");
    let crashed = on(&Disk::new(disk.synced())).await;
    let third = next(&store, Order::Weak).await.unwrap();
    for order in [Order::Weak, Order::Strong] {
        let after = next(&crashed, order).await.unwrap();
        assert!(after > third, "{after} came after {third}");
    }
}

#[tokio::test]
async fn no_id_comes_twice_at_any_crash() {
    const CALLERS: u64 = 16;
    const CRASHES: usize = 40;
    let greatest = Arc::new(Mutex::new(0));
    let crashes = Arc::new(Mutex::new(Vec::<(u64, Vec<u8>)>::new()));
    let disk = Disk::new(Vec::new());
    let store = on(&disk).await;
    let (known, taken) = (Arc::clone(&greatest), Arc::clone(&crashes));
    disk.watch(Box::new(move |platters| {
        let mut taken = taken.lock();
        if taken.len() < CRASHES && fastrand::u8(..) < 60 {
            // what was handed out by now must not come again in the image, which is taken after
            let known = *known.lock();
            taken.push((known, platters.crash()));
        }
    }));
    let callers = (0..CALLERS).map(|caller| {
        let (store, greatest) = (&store, &greatest);
        async move {
            let order = if caller % 4 == 0 { Order::Weak } else { Order::Strong };
            let mut ids = Vec::new();
            for _ in 0..20 {
                let id = next(store, order).await.expect("next");
                let mut greatest = greatest.lock();
                *greatest = id.max(*greatest);
                ids.push(id);
            }
            ids
        }
    });
    let ids: Vec<u64> = join_all(callers).await.into_iter().flatten().collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "an id came twice");

    let crashes = std::mem::take(&mut *crashes.lock());
    assert!(crashes.len() > 10, "only {} crashes were tried", crashes.len());
    assert!(crashes.iter().any(|(known, _)| *known > 50), "all crashes came early");
    for (known, image) in crashes {
        let crashed = on(&Disk::new(image)).await;
        for order in [Order::Weak, Order::Strong] {
            let id = next(&crashed, order).await.expect("next");
            assert!(id > known, "{id} came after {known}");
        }
    }
}

#[tokio::test]
async fn strong_ids_that_wait_together_share_a_sync() {
    let disk = Disk::new(Vec::new());
    let store = on(&disk).await;
    next(&store, Order::Strong).await.unwrap();
    let before = disk.syncs();
    next(&store, Order::Strong).await.unwrap();
    let of_one_commit = disk.syncs() - before;
    disk.hold();
    let first = async {
        let first = next(&store, Order::Strong);
        tokio::pin!(first);
        tokio::select! {
            _ = &mut first => panic!("handed out before the sync ended"),
            () = disk.held() => {}
        }
        let before = disk.syncs();
        let others = async {
            let others = join_all((0..64).map(|_| next(&store, Order::Strong)));
            tokio::pin!(others);
            // every one of them is in the queue after one poll
            assert!(
                futures_util::poll!(tokio::task::coop::unconstrained(&mut others)).is_pending()
            );
            disk.release();
            others.await
        };
        let (first, others) = futures_util::future::join(first, others).await;
        first.unwrap();
        assert!(others.iter().all(Result::is_ok));
        disk.syncs() - before
    };
    assert_eq!(first.await, 2 * of_one_commit, "syncs of 65 ids");
}

#[tokio::test]
async fn the_last_id_is_handed_out_and_then_none() {
    let disk = Disk::new(Vec::new());
    // as if 2^53 - 3 had been handed out before
    let image = disk.clone();
    let database = redb::Builder::new().create_with_backend(image).unwrap();
    let table = redb::TableDefinition::<&[u8], u64>::new("last");
    let transaction = database.begin_write().unwrap();
    transaction.open_table(table).unwrap().insert(&b"a"[..], MAX_ID - 2).unwrap();
    transaction.commit().unwrap();
    drop(database);
    let store = on(&Disk::new(disk.synced())).await;
    let range = |size, order| {
        let (store, size) = (Arc::clone(&store), Size::parse(size).unwrap());
        async move { store.next_range(&cx(), &key("a"), order, size).await }
    };
    for order in [Order::Weak, Order::Strong] {
        let error = range(3, order).await.expect_err("too few");
        assert_eq!((error.kind(), error.retryable()), (Kind::Exhausted, false), "{error:?}");
    }
    let last = range(2, Order::Weak).await.unwrap();
    assert_eq!(last, Range { first: MAX_ID - 1, last: MAX_ID });
    assert_eq!(next(&store, Order::Weak).await.expect_err("none").kind(), Kind::Exhausted);
}

#[tokio::test]
async fn a_disk_that_fails_hands_nothing_out() {
    let disk = Disk::new(Vec::new());
    let store = on(&disk).await;
    disk.break_syncs();
    for order in [Order::Strong, Order::Weak] {
        let error = next(&store, order).await.expect_err("no disk");
        assert_eq!(error.kind(), Kind::Unavailable, "{error:?}");
    }
    assert_eq!(store.health(&cx()).await.expect_err("no disk").kind(), Kind::Unavailable);
}

proptest! {
    // each case opens a database
    #![proptest_config(ProptestConfig {
        cases: 64,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn no_id_comes_twice_and_they_grow(seeds in proptest::collection::vec(any::<model::Seed>(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let checked = runtime.block_on(async {
            let store = on(&Disk::new(Vec::new())).await;
            model::check(&*store, &seeds).await
        });
        prop_assert_eq!(checked, Ok(()));
    }
}
