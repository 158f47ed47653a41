//! The behaviour suite of pub/sub on redis, its layout, and what is redis's own.

use std::sync::Arc;
use std::time::Duration;

use ottavo_blocks::pubsub::suite::{self, Harness, Time};
use ottavo_blocks::pubsub::{Consumer, Group, Lease, Message, PubSub, Start, Subscription, Topic};
use ottavo_core::{Kind, Result, Shutdown, StoreName, SystemClock};
use ottavo_driver_redis::Redis;
use ottavo_registry::{Driver, OpenContext};
use ottavo_test_support::TestRedis;
use serde_json::{Value, json};

use crate::open::cx;

async fn open(table: Value) -> Result<Arc<dyn PubSub>> {
    let context = OpenContext {
        name: "bus".parse::<StoreName>().expect("valid"),
        folder: "/nonexistent".into(),
        clock: Arc::new(SystemClock),
        shutdown: Shutdown::new(),
    };
    Driver::<dyn PubSub>::open(&Redis, context, table).await
}

async fn at(redis: &TestRedis) -> Arc<dyn PubSub> {
    open(json!({ "url": redis.url() })).await.expect("a good table")
}

fn topic() -> Topic {
    Topic::parse("orders").expect("valid")
}

async fn subscribe_for(
    store: &Arc<dyn PubSub>,
    group: &str,
    lease: Duration,
    from: Start,
) -> Result<Arc<dyn Consumer>> {
    let (group, lease) = (Group::parse(group)?, Lease::parse(lease)?);
    store.subscribe(&cx(), Subscription { topic: topic(), group, lease, from }).await
}

async fn subscribe(store: &Arc<dyn PubSub>, group: &str) -> Arc<dyn Consumer> {
    let hour = Duration::from_secs(3600);
    subscribe_for(store, group, hour, Start::New).await.expect("subscribe")
}

async fn publish(store: &Arc<dyn PubSub>, data: &str) -> Result<()> {
    let message = Message::new("text/plain", data.to_owned());
    store.publish(&cx(), &topic(), message).await.map(drop)
}

async fn next(consumer: &Arc<dyn Consumer>) -> (String, u32) {
    let got = consumer.next(1).await.expect("next");
    (String::from_utf8_lossy(&got[0].event.data).into_owned(), got[0].attempt)
}

async fn passes(store: Arc<dyn PubSub>) {
    let report = suite::run_all_at_once(&Harness { store, time: Time::Real }).await;
    assert_eq!(report.failures(), [""; 0], "\n{report}");
}

#[tokio::test]
async fn every_case_passes_at_the_same_time_and_again() {
    let redis = TestRedis::start().await.unwrap();
    let store = at(&redis).await;
    for _ in 0..2 {
        passes(Arc::clone(&store)).await;
    }
}

#[tokio::test]
async fn every_case_passes_on_a_cluster() {
    let mut nodes = Vec::new();
    for _ in 0..3 {
        nodes.push(TestRedis::with_config("cluster-enabled yes\n").await.expect("a node"));
    }
    TestRedis::cluster(&nodes).await.expect("a cluster");
    let urls: Vec<_> = nodes.iter().map(TestRedis::url).collect();
    // a machine that builds beside it may take long to connect
    let options = json!({ "url": urls, "mode": "cluster", "connect_timeout": "60s" });
    passes(open(options).await.expect("open")).await;
}

#[tokio::test]
async fn two_hosts_share_a_group_and_take_over_from_each_other() {
    let redis = TestRedis::start().await.unwrap();
    let (one, other) = (at(&redis).await, at(&redis).await);
    let lease = Duration::from_millis(400);
    let first = subscribe_for(&one, "g", lease, Start::New).await.expect("subscribe");
    let second = subscribe_for(&other, "g", lease, Start::New).await.expect("subscribe");
    for number in 0..20 {
        publish(&one, &number.to_string()).await.expect("publish");
    }
    let mut got = first.next(10).await.expect("next");
    got.extend(second.next(10).await.expect("next"));
    let mut data: Vec<_> =
        got.iter().map(|got| String::from_utf8_lossy(&got.event.data).into_owned()).collect();
    data.sort_by_key(|data| data.parse::<u32>().expect("a number"));
    assert_eq!(data, (0..20).map(|number| number.to_string()).collect::<Vec<_>>());

    // all but one, and each settles what the other took
    for got in &got[1..] {
        assert!(second.acknowledge(&cx(), &got.receipt).await.expect("acknowledge"));
    }
    drop((one, first));
    let left = String::from_utf8_lossy(&got[0].event.data).into_owned();
    assert_eq!(next(&second).await, (left, 2));
    assert!(!second.acknowledge(&cx(), &got[0].receipt).await.expect("acknowledge"));
}

#[tokio::test]
async fn a_topic_is_a_stream_as_layotto_has_it() {
    let redis = TestRedis::start().await.unwrap();
    let store = at(&redis).await;
    let message = Message {
        id: Some("1".to_owned()),
        kind: Some("paid".to_owned()),
        ..Message::new("application/json", r#"{"total": 10.50}"#)
    };
    let ttl = Some(Duration::from_secs(60));
    store.publish(&cx(), &topic(), Message { ttl, ..message }).await.expect("publish");
    let entry = redis.cli(&["XRANGE", "orders", "-", "+"]).await.unwrap();
    let envelope = entry.lines().find(|line| line.starts_with('{')).expect("an envelope");
    assert!(envelope.contains(r#""data":{"total": 10.50}"#), "{envelope}");
    let envelope: Value = serde_json::from_str(envelope).expect("JSON");
    let expiration = envelope["expiration"].as_str().expect("a time");
    assert!(expiration.ends_with('Z'), "{expiration}");
    for (name, text) in [
        ("id", "1"),
        ("specversion", "1.0"),
        ("type", "paid"),
        ("source", "runtime"),
        ("datacontenttype", "application/json"),
        ("topic", "orders"),
        ("pubsubname", "bus"),
        ("traceid", ""),
    ] {
        assert_eq!(envelope[name], text, "{name}");
    }

    // from the beginning, as Layotto makes its groups; one that it made is there
    redis.cli(&["XGROUP", "CREATE", "orders", "app", "0"]).await.unwrap();
    let consumer = subscribe(&store, "app").await;
    assert_eq!(next(&consumer).await, (r#"{"total": 10.50}"#.to_owned(), 1));
}

#[tokio::test]
async fn what_layotto_and_others_published_is_delivered() {
    let redis = TestRedis::start().await.unwrap();
    let store = at(&redis).await;
    let consumer = subscribe(&store, "g").await;
    let layotto = r#"{"data":"hi","datacontenttype":"text/plain","id":"7","pubsubname":"bus",
        "source":"runtime","specversion":"1.0","topic":"orders","traceid":"","type":"t"}"#;
    let late = layotto.replace(r#""id""#, r#""expiration":"2020-01-01T00:00:00Z","id""#);
    for data in [&*late, layotto, "no event"] {
        redis.cli(&["XADD", "orders", "*", "data", data]).await.unwrap();
    }
    redis.cli(&["XADD", "orders", "*", "other", "field"]).await.unwrap();
    let got = consumer.next(1).await.expect("next");
    assert_eq!((&*got[0].event.data, got[0].event.id.as_str()), (&b"hi"[..], "7"));
    let got = consumer.next(1).await.expect("next");
    assert_eq!((&*got[0].event.data, &*got[0].event.source), (&b"no event"[..], "redis"));
    publish(&store, "last").await.expect("publish");
    assert_eq!(next(&consumer).await, ("last".to_owned(), 1));
    let pending = redis.cli(&["XPENDING", "orders", "g"]).await.unwrap();
    assert_eq!(pending.lines().next(), Some("3"), "{pending}");
}

#[tokio::test]
async fn what_has_no_room_is_refused_until_every_group_is_done() {
    let redis = TestRedis::start().await.unwrap();
    let store = open(json!({ "url": redis.url(), "max_events": 3 })).await.expect("open");
    for number in 0..10 {
        publish(&store, &number.to_string()).await.expect("no group: the oldest make room");
    }
    assert_eq!(redis.cli(&["XLEN", "orders"]).await.unwrap().trim(), "3");

    let hour = Duration::from_secs(3600);
    let one = subscribe_for(&store, "one", hour, Start::Oldest).await.expect("subscribe");
    let other = subscribe(&store, "other").await;
    let full = publish(&store, "x").await.expect_err("one waits for all of them");
    assert_eq!(full.kind(), Kind::Exhausted);
    let got = one.next(3).await.expect("next");
    assert_eq!(publish(&store, "x").await.expect_err("leased").kind(), Kind::Exhausted);
    for got in &got[..2] {
        assert!(one.acknowledge(&cx(), &got.receipt).await.expect("acknowledge"));
    }
    for data in ["x", "y"] {
        publish(&store, data).await.expect("two are done");
    }
    assert_eq!(publish(&store, "z").await.expect_err("full again").kind(), Kind::Exhausted);
    assert_eq!(next(&other).await, ("x".to_owned(), 1));
}

#[tokio::test]
async fn a_key_of_another_kind_is_left_alone() {
    let redis = TestRedis::start().await.unwrap();
    let store = at(&redis).await;
    redis.cli(&["SET", "orders", "1"]).await.unwrap();
    let refused = publish(&store, "x").await.expect_err("a string");
    assert_eq!(refused.kind(), Kind::FailedPrecondition);
    let refused = subscribe_for(&store, "g", Duration::from_secs(1), Start::New).await;
    assert_eq!(refused.err().expect("a string").kind(), Kind::FailedPrecondition);
    store.unsubscribe(&cx(), &topic(), &Group::parse("g").unwrap()).await.expect("no group");
    assert_eq!(redis.cli(&["GET", "orders"]).await.unwrap().trim(), "1");
}

#[tokio::test]
async fn a_consumer_goes_on_when_redis_comes_back() {
    let mut redis = TestRedis::with_config("appendonly yes\nappendfsync always\n").await.unwrap();
    let store = at(&redis).await;
    let lease = Duration::from_secs(1);
    let consumer = subscribe_for(&store, "g", lease, Start::New).await.expect("subscribe");
    for data in ["1", "2"] {
        publish(&store, data).await.expect("publish");
    }
    assert_eq!(next(&consumer).await, ("1".to_owned(), 1));
    redis.kill().await.unwrap();
    assert_eq!(consumer.next(1).await.expect_err("away").kind(), Kind::Unavailable);
    assert_eq!(publish(&store, "3").await.expect_err("away").kind(), Kind::Unavailable);
    redis.start_again().await.unwrap();
    let mut got = Vec::new();
    while got.len() < 2 {
        match consumer.next(1).await {
            Ok(next) => {
                got.push((
                    String::from_utf8_lossy(&next[0].event.data).into_owned(),
                    next[0].attempt,
                ));
            }
            Err(error) => assert_eq!(error.kind(), Kind::Unavailable),
        }
    }
    got.sort();
    assert_eq!(got, [("1".to_owned(), 2), ("2".to_owned(), 1)]);
}

#[tokio::test]
async fn a_table_says_what_it_accepts() {
    let redis = TestRedis::start().await.unwrap();
    for (table, word) in [
        (json!({ "url": redis.url(), "size": 3 }), "`size`"),
        (json!({ "url": redis.url(), "poll": "0s" }), "`poll`"),
        (json!({ "max_events": 3 }), "`url`"),
    ] {
        let error = open(table).await.err().expect("wrong");
        assert_eq!(error.kind(), Kind::InvalidArgument);
        assert!(error.message().contains(word), "{error}");
    }
}
