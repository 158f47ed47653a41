//! The behaviour suite of pub/sub on the driver `local`, its bounds, and what a crash leaves.

mod disk;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use disk::Disk;
use futures_util::future::join_all;
use futures_util::poll;
use ottavo_blocks::Options;
use ottavo_blocks::pubsub::suite::{self, Harness, Time};
use ottavo_blocks::pubsub::{
    Consumer, Delivery, Group, Lease, Message, PubSub, Start, Subscription, Topic,
};
use ottavo_core::clock::ManualClock;
use ottavo_core::{CallContext, Caller, Clock, Kind, Result, Shutdown, StoreName, SystemClock};
use ottavo_driver_local::{Local, open_pubsub_on};
use ottavo_registry::{Driver, OpenContext};
use parking_lot::Mutex;
use serde_json::{Value, json};

async fn open(folder: &Path, clock: Arc<dyn Clock>, table: Value) -> Result<Arc<dyn PubSub>> {
    let name = "test".parse::<StoreName>().expect("valid");
    let folder = folder.to_owned();
    let context = OpenContext { name, folder, clock, shutdown: Shutdown::new() };
    Driver::<dyn PubSub>::open(&Local, context, table).await
}

async fn harness(folder: &Path) -> Harness {
    let clock = Arc::new(ManualClock::at(1_000_000));
    let store = open(folder, Arc::clone(&clock) as _, json!({})).await.expect("open");
    Harness { store, time: Time::Manual(clock) }
}

fn cx() -> CallContext {
    CallContext::new("test".into(), Caller::Anonymous, Duration::from_secs(60))
}

fn topic() -> Topic {
    Topic::parse("a").expect("valid")
}

async fn subscribe(store: &Arc<dyn PubSub>) -> Arc<dyn Consumer> {
    let subscription = Subscription {
        topic: topic(),
        group: Group::parse("g").expect("valid"),
        lease: Lease::parse(Duration::from_secs(3600)).expect("valid"),
        from: Start::New,
    };
    store.subscribe(&cx(), subscription).await.expect("subscribe")
}

async fn publish(store: &Arc<dyn PubSub>, data: &str) {
    let message = Message::new("text/plain", data.to_owned());
    store.publish(&cx(), &topic(), message).await.expect("publish");
}

fn seen(deliveries: &[Delivery]) -> Vec<(String, u32)> {
    let data = |got: &Delivery| String::from_utf8_lossy(&got.event.data).into_owned();
    let mut seen: Vec<_> = deliveries.iter().map(|got| (data(got), got.attempt)).collect();
    seen.sort();
    seen
}

/// What comes to a consumer within a moment, all of it.
async fn rest(consumer: &Arc<dyn Consumer>) -> Vec<(String, u32)> {
    let mut all = Vec::new();
    while let Ok(next) = tokio::time::timeout(Duration::from_millis(300), consumer.next(100)).await
    {
        all.extend(seen(&next.expect("next")));
    }
    all.sort();
    all
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
    let store = open(folder.path(), Arc::new(SystemClock), json!({})).await.expect("open");
    let report = suite::run_all_at_once(&Harness { store, time: Time::Real }).await;
    assert_eq!(report.failures(), [""; 0], "\n{report}");
}

#[tokio::test]
async fn what_has_no_room_is_refused_until_something_goes() {
    let clock = Arc::new(ManualClock::at(1_000_000));
    for (table, fits) in [
        (json!({"max_events": 3, "retention": "1h"}), 3),
        (json!({"max_bytes": "3000B", "retention": "1h"}), 4),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let store = open(folder.path(), Arc::clone(&clock) as _, table).await.expect("open");
        let consumer = subscribe(&store).await;
        for _ in 0..fits {
            publish(&store, "12345").await;
        }
        let refused = store.publish(&cx(), &topic(), Message::new("", "12345")).await;
        assert_eq!(refused.expect_err("full").kind(), Kind::Exhausted);

        let got = consumer.next(1).await.expect("next");
        assert!(consumer.acknowledge(&cx(), &got[0].receipt).await.expect("acknowledge"));
        publish(&store, "12345").await;
        let refused = store.publish(&cx(), &topic(), Message::new("", "12345")).await;
        assert_eq!(refused.expect_err("full again").kind(), Kind::Exhausted);

        clock.advance(Duration::from_secs(3600));
        publish(&store, "new").await;
        assert_eq!(rest(&consumer).await, [("new".to_owned(), 1)]);
    }
}

#[tokio::test]
async fn tables_and_options_say_what_they_accept() {
    let folder = tempfile::tempdir().unwrap();
    let opened = open(folder.path(), Arc::new(SystemClock), json!({"size": 3})).await;
    let error = opened.err().expect("unknown key");
    assert!(error.message().contains("`size`"), "{error}");
    let store = open(folder.path(), Arc::new(SystemClock), json!({})).await.expect("open");
    let pairs = vec![("local.sync".to_owned(), "never".to_owned())];
    let options = Options::parse(pairs).expect("not a common option");
    let message = Message { options, ..Message::new("", "1") };
    let error = store.publish(&cx(), &topic(), message).await.expect_err("unknown option");
    assert_eq!(error.kind(), Kind::InvalidArgument);
}

async fn on(disk: &Disk) -> Arc<dyn PubSub> {
    let disk = disk.clone();
    let open = move |builder: &redb::Builder| builder.create_with_backend(disk);
    open_pubsub_on(open, Arc::new(SystemClock), &Shutdown::new()).await.expect("open")
}

#[tokio::test]
async fn a_publish_is_acknowledged_when_it_is_on_the_disk() {
    let disk = Disk::new(Vec::new());
    let store = on(&disk).await;
    subscribe(&store).await;
    publish(&store, "before").await;

    disk.hold();
    let mut late = Box::pin(publish(&store, "late"));
    tokio::select! {
        () = &mut late => panic!("acknowledged before the sync ended"),
        () = disk.held() => {}
    }
    assert!(poll!(&mut late).is_pending());
    let crashed = on(&Disk::new(disk.synced())).await;
    assert_eq!(rest(&subscribe(&crashed).await).await, [("before".to_owned(), 1)]);

    disk.release();
    late.await;
    let crashed = on(&Disk::new(disk.synced())).await;
    let all = [("before".to_owned(), 1), ("late".to_owned(), 1)];
    assert_eq!(rest(&subscribe(&crashed).await).await, all);
}

#[tokio::test]
async fn what_was_not_acknowledged_comes_again_after_a_crash_with_its_attempt() {
    let mut disk = Disk::new(Vec::new());
    for attempt in 1..=4 {
        let store = on(&disk).await;
        let consumer = subscribe(&store).await;
        if attempt == 1 {
            for data in ["done", "leased", "later"] {
                publish(&store, data).await;
            }
        }
        let got = consumer.next(10).await.expect("next");
        match attempt {
            1 => {
                assert_eq!(got.len(), 3);
                let done = got.iter().find(|got| &*got.event.data == b"done").expect("done");
                assert!(consumer.acknowledge(&cx(), &done.receipt).await.expect("acknowledge"));
                let later = got.iter().find(|got| &*got.event.data == b"later").expect("later");
                let year = Duration::from_secs(365 * 24 * 60 * 60);
                assert!(consumer.retry(&cx(), &later.receipt, year).await.expect("retry"));
            }
            // at once, though the lease was an hour
            _ => assert_eq!(seen(&got), [("leased".to_owned(), attempt)]),
        }
        disk = Disk::new(disk.synced());
    }
}

#[tokio::test]
async fn a_receipt_is_good_after_a_restart_until_somebody_else_has_the_event() {
    let disk = Disk::new(Vec::new());
    let store = on(&disk).await;
    let consumer = subscribe(&store).await;
    for data in ["1", "2"] {
        publish(&store, data).await;
    }
    let got = consumer.next(2).await.expect("next");

    let store = on(&Disk::new(disk.synced())).await;
    let consumer = subscribe(&store).await;
    assert!(consumer.acknowledge(&cx(), &got[0].receipt).await.expect("acknowledge"));
    let again = consumer.next(2).await.expect("next");
    assert_eq!(seen(&again), [("2".to_owned(), 2)]);
    assert!(!consumer.acknowledge(&cx(), &got[1].receipt).await.expect("acknowledge"));
}

#[tokio::test]
async fn those_who_publish_at_once_share_syncs() {
    let disk = Disk::new(Vec::new());
    let store = on(&disk).await;
    let consumer = subscribe(&store).await;
    let before = disk.syncs();
    join_all((0..200).map(async |number| publish(&store, &number.to_string()).await)).await;
    let syncs = disk.syncs() - before;
    assert!(syncs < 100, "200 events at once took {syncs} syncs");
    assert_eq!(rest(&consumer).await.len(), 200);
}

#[tokio::test]
async fn a_consumer_that_waits_gets_an_event_with_the_syncs_of_its_publishing() {
    let disk = Disk::new(Vec::new());
    let store = on(&disk).await;
    let consumer = subscribe(&store).await;
    let before = disk.syncs();
    publish(&store, "1").await;
    let of_one = disk.syncs() - before;
    assert_eq!(rest(&consumer).await, [("1".to_owned(), 1)]);

    let mut next = consumer.next(1);
    assert!(poll!(&mut next).is_pending());
    // the one writer has answered the look before this
    store.health(&cx()).await.expect("well");
    assert!(poll!(&mut next).is_pending());
    disk.hold();
    let before = disk.syncs();
    let mut late = Box::pin(publish(&store, "late"));
    assert!(poll!(&mut late).is_pending());
    disk.held().await;
    assert!(poll!(&mut next).is_pending(), "given before it is on the disk");
    disk.release();
    assert_eq!(seen(&next.await.expect("next")), [("late".to_owned(), 1)]);
    late.await;
    assert!(disk.syncs() - before <= of_one, "another commit");
    let crashed = on(&Disk::new(disk.synced())).await;
    let all = [("1".to_owned(), 2), ("late".to_owned(), 2)];
    assert_eq!(rest(&subscribe(&crashed).await).await, all);
}

#[tokio::test]
async fn a_consumer_does_not_keep_the_file_open() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), Arc::new(SystemClock), json!({})).await.expect("open");
    let consumer = subscribe(&store).await;
    drop(store);
    let again = open(folder.path(), Arc::new(SystemClock), json!({})).await.expect("open again");
    publish(&again, "1").await;
    assert_eq!(consumer.next(1).await.expect_err("closed").kind(), Kind::Unavailable);
    assert_eq!(rest(&subscribe(&again).await).await, [("1".to_owned(), 1)]);
}

#[tokio::test]
async fn nothing_acknowledged_is_lost_at_any_crash() {
    const PUBLISHERS: usize = 16;
    const EVENTS: usize = 8;
    const CRASHES: usize = 40;
    type Known = (BTreeSet<String>, BTreeSet<String>);
    // published, and done with
    let known = Arc::new(Mutex::new(Known::default()));
    let crashes = Arc::new(Mutex::new(Vec::<(Known, Vec<u8>)>::new()));

    let disk = Disk::new(Vec::new());
    let store = on(&disk).await;
    let consumer = subscribe(&store).await;
    let (now, taken) = (Arc::clone(&known), Arc::clone(&crashes));
    disk.watch(Box::new(move |platters| {
        let mut taken = taken.lock();
        if taken.len() < CRASHES && fastrand::u8(..) < 30 {
            // what is acknowledged by now must be in the image, which is taken after
            let known = now.lock().clone();
            taken.push((known, platters.crash()));
        }
    }));
    let publishing = join_all((0..PUBLISHERS).map(async |publisher| {
        for number in 0..EVENTS {
            let data = format!("{publisher}/{number}");
            publish(&store, &data).await;
            known.lock().0.insert(data);
        }
    }));
    let consuming = async {
        while known.lock().1.len() < PUBLISHERS * EVENTS / 2 {
            for (data, _) in seen_and_done(&consumer).await {
                known.lock().1.insert(data);
            }
        }
    };
    futures_util::join!(publishing, consuming);

    let crashes = std::mem::take(&mut *crashes.lock());
    assert!(crashes.len() > 10, "only {} crashes were tried", crashes.len());
    for ((published, done), image) in crashes {
        let store = on(&Disk::new(image)).await;
        let consumer = subscribe(&store).await;
        let found = rest(&consumer).await;
        let found: BTreeSet<_> = found.into_iter().map(|(data, _)| data).collect();
        for data in &published {
            // what the consumer had before the crash may be done, known or not
            assert!(found.contains(data) || known.lock().1.contains(data), "`{data}` is lost");
        }
        assert!(found.is_disjoint(&done), "an acknowledged event came again");
    }
}

/// The next events, acknowledged.
async fn seen_and_done(consumer: &Arc<dyn Consumer>) -> Vec<(String, u32)> {
    let got = consumer.next(5).await.expect("next");
    for got in &got {
        assert!(consumer.acknowledge(&cx(), &got.receipt).await.expect("acknowledge"));
    }
    seen(&got)
}

#[tokio::test]
async fn a_sync_that_fails_is_not_acknowledged() {
    let disk = Disk::new(Vec::new());
    let store = on(&disk).await;
    subscribe(&store).await;
    store.health(&cx()).await.expect("well");
    disk.break_syncs();
    let failed = store.publish(&cx(), &topic(), Message::new("", "1")).await.expect_err("broken");
    assert_eq!((failed.kind(), failed.retryable()), (Kind::Unavailable, false));
    assert!(store.health(&cx()).await.is_err());
}
