//! The behaviour suite of pub/sub on the driver `memory`, and its bounds.

use std::sync::Arc;
use std::time::Duration;

use ottavo_blocks::Options;
use ottavo_blocks::pubsub::suite::{self, Harness, Time};
use ottavo_blocks::pubsub::{Group, Lease, Message, PubSub, Start, Subscription, Topic};
use ottavo_core::clock::ManualClock;
use ottavo_core::{CallContext, Caller, Clock, Kind, Shutdown, StoreName, SystemClock};
use ottavo_driver_memory::Memory;
use ottavo_registry::{Driver, OpenContext};
use serde_json::{Value, json};

async fn open(clock: Arc<dyn Clock>, table: Value) -> ottavo_core::Result<Arc<dyn PubSub>> {
    let context = OpenContext {
        name: "test".parse::<StoreName>().expect("valid"),
        folder: "/nonexistent".into(),
        clock,
        shutdown: Shutdown::new(),
    };
    Driver::<dyn PubSub>::open(&Memory, context, table).await
}

async fn harness() -> Harness {
    let clock = Arc::new(ManualClock::at(1_000_000));
    let store = open(Arc::clone(&clock) as _, json!({})).await.expect("open");
    Harness { store, time: Time::Manual(clock) }
}

fn cx() -> CallContext {
    CallContext::new("test".into(), Caller::Anonymous, Duration::from_secs(10))
}

fn subscription(topic: &Topic) -> Subscription {
    Subscription {
        topic: topic.clone(),
        group: Group::parse("g").expect("valid"),
        lease: Lease::parse(Duration::from_secs(60)).expect("valid"),
        from: Start::New,
    }
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
    let store = open(Arc::new(SystemClock), json!({})).await.expect("open");
    let report = suite::run_all_at_once(&Harness { store, time: Time::Real }).await;
    assert_eq!(report.failures(), [""; 0], "\n{report}");
}

#[tokio::test]
async fn what_has_no_room_is_refused_until_something_goes() {
    let clock = Arc::new(ManualClock::at(1_000_000));
    for (table, fits) in [
        (json!({"max_events": 3, "retention": "1h"}), 3),
        (json!({"max_bytes": "2200B", "retention": "1h"}), 4),
    ] {
        let store = open(Arc::clone(&clock) as _, table).await.expect("open");
        let topic = Topic::parse("a").expect("valid");
        let consumer = store.subscribe(&cx(), subscription(&topic)).await.expect("subscribe");
        for _ in 0..fits {
            store.publish(&cx(), &topic, Message::new("text/plain", "12345")).await.expect("room");
        }
        let refused = store.publish(&cx(), &topic, Message::new("", "12345")).await;
        assert_eq!(refused.expect_err("full").kind(), Kind::Exhausted);
        let other = Topic::parse("nobody").expect("valid");
        store.publish(&cx(), &other, Message::new("", "1")).await.expect("nothing is kept");

        let got = consumer.next(1).await.expect("next");
        assert!(consumer.acknowledge(&cx(), &got[0].receipt).await.expect("acknowledge"));
        store.publish(&cx(), &topic, Message::new("", "12345")).await.expect("room again");
        let refused = store.publish(&cx(), &topic, Message::new("", "12345")).await;
        assert_eq!(refused.expect_err("full again").kind(), Kind::Exhausted);

        clock.advance(Duration::from_secs(3600));
        store.publish(&cx(), &topic, Message::new("", "new")).await.expect("the old ones expired");
        let got = consumer.next(10).await.expect("next");
        assert_eq!(got.iter().map(|got| &got.event.data[..]).collect::<Vec<_>>(), [b"new"]);
    }
}

#[tokio::test]
async fn an_unknown_option_of_this_driver_is_refused() {
    let store = open(Arc::new(SystemClock), json!({})).await.expect("open");
    let pairs = vec![("memory.speed".to_owned(), "fast".to_owned())];
    let options = Options::parse(pairs).expect("not a common option");
    let message = Message { options, ..Message::new("", "1") };
    let topic = Topic::parse("a").expect("valid");
    let error = store.publish(&cx(), &topic, message).await.expect_err("unknown option");
    assert_eq!(error.kind(), Kind::InvalidArgument);
}

#[tokio::test]
async fn a_wrong_key_in_the_table_is_refused() {
    let error = open(Arc::new(SystemClock), json!({"size": 3})).await.err().expect("unknown key");
    assert_eq!(error.kind(), Kind::InvalidArgument);
    assert!(error.message().contains("`size`"), "{error}");
}
