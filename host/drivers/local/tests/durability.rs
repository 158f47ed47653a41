//! What was acknowledged is on the disk, whatever happens next; and many writes share a sync.

mod disk;

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use disk::Disk;
use futures_util::future::join_all;
use futures_util::poll;
use ottavo_blocks::Options;
use ottavo_blocks::state::{Entry, Key, MAX_VALUE, PageLimit, State};
use ottavo_core::{CallContext, Caller, Kind, Shutdown, SystemClock};
use parking_lot::Mutex;

async fn open(disk: &Disk) -> Arc<dyn State> {
    let disk = disk.clone();
    let open = move |builder: &redb::Builder| builder.create_with_backend(disk);
    let shutdown = Shutdown::new();
    ottavo_driver_local::open_on(open, Arc::new(SystemClock), &shutdown).await.expect("open")
}

async fn reopen(image: Vec<u8>) -> Arc<dyn State> {
    open(&Disk::new(image)).await
}

fn cx(timeout: Duration) -> CallContext {
    CallContext::new("test".into(), Caller::Anonymous, timeout)
}

fn long() -> CallContext {
    cx(Duration::from_secs(60))
}

fn key(name: &str) -> Key {
    Key::parse(name).expect("valid")
}

async fn read(store: &dyn State, name: &str) -> Option<String> {
    let value = store.get(&long(), &key(name), &Options::default()).await.expect("get");
    value.map(|value| String::from_utf8(value.data.to_vec()).expect("text"))
}

async fn write(store: &dyn State, name: &str, data: &str) {
    store.set(&long(), Entry::new(key(name), data.to_owned())).await.expect("set");
}

/// Polls once, without the runtime's limit of work per poll: what is polled here is in the queue.
async fn begin<F: Future>(future: F) -> std::pin::Pin<Box<tokio::task::coop::Unconstrained<F>>> {
    let mut future = Box::pin(tokio::task::coop::unconstrained(future));
    assert!(poll!(&mut future).is_pending());
    future
}

#[tokio::test]
async fn an_acknowledgement_waits_for_the_sync() {
    let disk = Disk::new(Vec::new());
    let store = open(&disk).await;
    write(&*store, "before", "1").await;

    disk.hold();
    let cx = long();
    let mut set = pin!(store.set(&cx, Entry::new(key("a"), "1")));
    tokio::select! {
        _ = &mut set => panic!("acknowledged before the sync ended"),
        () = disk.held() => {}
    }
    assert!(poll!(&mut set).is_pending());
    let crashed = reopen(disk.synced()).await;
    assert_eq!(read(&*crashed, "a").await, None);
    assert_eq!(read(&*crashed, "before").await.as_deref(), Some("1"));
    assert_eq!(read(&*store, "a").await, None, "seen before it was on the disk");

    disk.release();
    set.await.expect("set");
    assert_eq!(read(&*reopen(disk.synced()).await, "a").await.as_deref(), Some("1"));
    assert_eq!(read(&*store, "a").await.as_deref(), Some("1"));
}

#[tokio::test]
async fn every_kind_of_write_is_on_the_disk_when_it_is_acknowledged() {
    use ottavo_blocks::state::{Expiry, Operation, Precondition, Removal};
    let disk = Disk::new(Vec::new());
    let store = open(&disk).await;
    let removal = |name| Removal { key: key(name), precondition: Precondition::Any };
    let entry = |name| Entry::new(key(name), "1");
    for outcome in store.set_many(&long(), vec![entry("a"), entry("b")]).await.expect("set-many") {
        outcome.expect("set");
    }
    assert_eq!(listed(&*reopen(disk.synced()).await).await, ["a", "b"]);
    store.delete(&long(), removal("a")).await.expect("delete");
    assert_eq!(listed(&*reopen(disk.synced()).await).await, ["b"]);
    store.increment(&long(), &key("c"), 1, Expiry::Never).await.expect("increment");
    assert_eq!(listed(&*reopen(disk.synced()).await).await, ["b", "c"]);
    let operations = vec![Operation::Remove(removal("b")), Operation::Upsert(entry("d"))];
    store.transact(&long(), operations).await.expect("transact");
    assert_eq!(listed(&*reopen(disk.synced()).await).await, ["c", "d"]);
    store.delete_many(&long(), vec![removal("c")]).await.expect("delete-many");
    assert_eq!(listed(&*reopen(disk.synced()).await).await, ["d"]);
}

async fn listed(store: &dyn State) -> Vec<String> {
    let limit = PageLimit::parse(1000).expect("valid");
    let page = store.list_keys(&long(), "", None, limit).await.expect("list-keys");
    page.keys.into_iter().map(Key::into_string).collect()
}

#[tokio::test]
async fn nothing_acknowledged_is_lost_at_any_crash() {
    const WRITERS: usize = 64;
    const WRITES: usize = 12;
    const CRASHES: usize = 60;
    type Acknowledged = BTreeMap<String, usize>;
    let acknowledged = Arc::new(Mutex::new(Acknowledged::new()));
    let crashes = Arc::new(Mutex::new(Vec::<(Acknowledged, Vec<u8>)>::new()));

    let disk = Disk::new(Vec::new());
    let store = open(&disk).await;
    let (known, taken) = (Arc::clone(&acknowledged), Arc::clone(&crashes));
    disk.watch(Box::new(move |platters| {
        let mut taken = taken.lock();
        if taken.len() < CRASHES && fastrand::u8(..) < 40 {
            // What is acknowledged by now must be in the image, which is taken after.
            let known = known.lock().clone();
            taken.push((known, platters.crash()));
        }
    }));
    join_all((0..WRITERS).map(|writer| {
        let (store, acknowledged) = (&store, &acknowledged);
        async move {
            for n in 1..=WRITES {
                let name = format!("writer{writer}");
                // Some values stand outside their record.
                let data = format!("{n:>width$}", width = if writer % 8 == 0 { 3000 } else { 1 });
                write(&**store, &name, &data).await;
                acknowledged.lock().insert(name, n);
            }
        }
    }))
    .await;

    let crashes = std::mem::take(&mut *crashes.lock());
    assert!(crashes.len() > 10, "only {} crashes were tried", crashes.len());
    assert!(crashes.iter().any(|(known, _)| known.len() > WRITERS / 2), "all crashes came early");
    for (known, image) in crashes {
        let store = reopen(image).await;
        for (name, acknowledged) in known {
            let found = read(&*store, &name).await.map(|text| text.trim().parse().expect("count"));
            assert!(found >= Some(acknowledged), "{name}: {found:?}, not {acknowledged}");
            assert!(found <= Some(WRITES), "{name}: {found:?}");
        }
        write(&*store, "after the crash", "1").await;
    }
}

#[tokio::test]
async fn many_writers_share_one_commit() {
    let disk = Disk::new(Vec::new());
    let store = open(&disk).await;
    write(&*store, "warm", "1").await;
    let before = disk.syncs();
    write(&*store, "alone", "1").await;
    let of_one_commit = disk.syncs() - before;

    disk.hold();
    let cx = long();
    let first = begin(store.set(&cx, Entry::new(key("first"), "1"))).await;
    disk.held().await;
    let contexts: Vec<_> = (0..63).map(|_| long()).collect();
    let mut others = Vec::new();
    for (i, cx) in contexts.iter().enumerate() {
        others.push(begin(store.set(cx, Entry::new(key(&format!("other{i}")), "1"))).await);
    }
    let before = disk.syncs();
    disk.release();
    first.await.expect("set");
    for outcome in join_all(others).await {
        outcome.expect("set");
    }
    assert_eq!(disk.syncs() - before, 2 * of_one_commit, "syncs of 64 writes");
}

#[tokio::test]
async fn a_write_that_is_refused_costs_its_neighbours_nothing() {
    use ottavo_blocks::state::Precondition;
    let disk = Disk::new(Vec::new());
    let store = open(&disk).await;
    write(&*store, "exists", "1").await;
    let before = disk.syncs();
    let absent = Entry { precondition: Precondition::Absent, ..Entry::new(key("exists"), "2") };
    let alone = store.set(&long(), absent.clone()).await.expect_err("exists");
    assert_eq!(alone.kind(), Kind::Conflict);
    assert_eq!(disk.syncs(), before, "a refused write synced");

    disk.hold();
    let (cx, other) = (long(), long());
    let first = begin(store.set(&cx, Entry::new(key("first"), "1"))).await;
    disk.held().await;
    let refused = begin(store.set(&cx, absent)).await;
    let neighbour = begin(store.set(&other, Entry::new(key("neighbour"), "1"))).await;
    disk.release();
    first.await.expect("set");
    assert_eq!(refused.await.expect_err("exists").kind(), Kind::Conflict);
    neighbour.await.expect("set");
    assert_eq!(read(&*store, "exists").await.as_deref(), Some("1"));
    assert_eq!(read(&*store, "neighbour").await.as_deref(), Some("1"));
}

#[tokio::test]
async fn a_write_whose_deadline_passes_in_the_queue_is_not_made() {
    let disk = Disk::new(Vec::new());
    let store = open(&disk).await;
    disk.hold();
    let cx = long();
    let first = begin(store.set(&cx, Entry::new(key("first"), "1"))).await;
    disk.held().await;
    let short = crate::cx(Duration::from_millis(5));
    let late = store.set(&short, Entry::new(key("late"), "1"));
    assert_eq!(late.await.expect_err("the disk is held").kind(), Kind::Timeout);
    let cancelled = begin(store.set(&cx, Entry::new(key("cancelled"), "1"))).await;
    drop(cancelled);
    disk.release();
    first.await.expect("set");
    write(&*store, "last", "1").await;
    assert_eq!(read(&*store, "late").await, None);
    assert_eq!(read(&*store, "cancelled").await, None);
}

#[tokio::test]
async fn a_full_queue_answers_by_the_deadline() {
    let disk = Disk::new(Vec::new());
    let store = open(&disk).await;
    disk.hold();
    let cx = long();
    let first = begin(store.set(&cx, Entry::new(key("first"), "1"))).await;
    disk.held().await;
    let large = vec![7; MAX_VALUE];
    let mut waiting = Vec::new();
    for i in 0..20 {
        let entry = Entry::new(key(&format!("large{i}")), large.clone());
        waiting.push(begin(store.set(&cx, entry)).await);
    }
    let short = crate::cx(Duration::from_millis(5));
    let one_more = store.set(&short, Entry::new(key("late"), "1"));
    assert_eq!(one_more.await.expect_err("the queue is full").kind(), Kind::Unavailable);
    assert_eq!(read(&*store, "first").await, None, "reads wait for nobody");
    disk.release();
    first.await.expect("set");
    for outcome in join_all(waiting).await {
        outcome.expect("set");
    }
    assert_eq!(read(&*store, "late").await, None);
}

#[tokio::test]
async fn a_sync_that_fails_is_not_acknowledged() {
    let disk = Disk::new(Vec::new());
    let store = open(&disk).await;
    write(&*store, "before", "1").await;
    disk.break_syncs();
    for name in ["a", "b"] {
        let set = store.set(&long(), Entry::new(key(name), "1")).await;
        let error = set.expect_err("the disk is broken");
        assert_eq!((error.kind(), error.retryable()), (Kind::Unavailable, false));
    }
    let crashed = reopen(disk.synced()).await;
    assert_eq!(listed(&*crashed).await, ["before"]);
}

#[tokio::test]
async fn a_store_is_well_until_its_disk_fails_and_not_again() {
    let disk = Disk::new(Vec::new());
    let store = open(&disk).await;
    assert!(store.health(&long()).await.is_ok());
    write(&*store, "before", "1").await;
    assert!(store.health(&long()).await.is_ok());
    let syncs = disk.syncs();
    assert!(store.health(&long()).await.is_ok());
    assert_eq!(disk.syncs(), syncs, "asking costs no sync");
    disk.break_syncs();
    assert!(store.set(&long(), Entry::new(key("a"), "1")).await.is_err());
    disk.release();
    // it refuses writes until it is opened again, and says so
    for _ in 0..2 {
        let error = store.health(&long()).await.expect_err("it takes no writes");
        assert_eq!(error.kind(), Kind::Unavailable);
        assert!(store.set(&long(), Entry::new(key("b"), "1")).await.is_err());
    }
    assert!(reopen(disk.synced()).await.health(&long()).await.is_ok());
}

#[tokio::test]
async fn a_store_that_is_held_up_by_its_disk_says_so_in_time() {
    let disk = Disk::new(Vec::new());
    let store = open(&disk).await;
    disk.hold();
    let late = long();
    let mut write = pin!(store.set(&late, Entry::new(key("a"), "1")));
    tokio::select! {
        _ = &mut write => panic!("acknowledged before the sync ended"),
        () = disk.held() => {}
    }
    let error = store.health(&cx(Duration::from_millis(20))).await.expect_err("the writer waits");
    assert_eq!(error.kind(), Kind::Timeout);
    disk.release();
    assert!(write.await.is_ok());
    assert!(store.health(&long()).await.is_ok());
}
