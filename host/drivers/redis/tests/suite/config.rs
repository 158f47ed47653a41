//! The behaviour suite of configuration on each kind of redis, its layout, and what subscribers hear
//! when redis goes.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use ottavo_blocks::config::suite::{self, Harness, Time};
use ottavo_blocks::config::{Config, Item, Key, Scope, Update, Updates, Wanted};
use ottavo_core::{Kind, Result, Shutdown, SystemClock};
use ottavo_driver_redis::Redis;
use ottavo_registry::{Driver, OpenContext};
use ottavo_test_support::TestRedis;
use serde_json::{Value, json};

use crate::open::cx;

async fn open(table: Value) -> (Arc<dyn Config>, Shutdown) {
    let shutdown = Shutdown::new();
    let context = OpenContext {
        name: "test".parse().expect("valid"),
        folder: "/nonexistent".into(),
        clock: Arc::new(SystemClock),
        shutdown: shutdown.clone(),
    };
    (Redis.open(context, table).await.expect("open"), shutdown)
}

fn scope() -> Scope {
    Scope::parse("shop", "", "").expect("valid")
}

async fn save(store: &Arc<dyn Config>, key: &str, value: &str) -> Result<()> {
    let item = Item::new(Key::parse(key).expect("valid"), value);
    store.save(&cx(), &scope(), vec![item]).await
}

async fn subscribe(store: &Arc<dyn Config>) -> Updates {
    store.subscribe(&cx(), &scope(), &Wanted::All).await.expect("subscribed")
}

async fn next(updates: &mut Updates) -> Result<Update> {
    let update = tokio::time::timeout(Duration::from_secs(60), updates.next()).await;
    update.expect("in time").expect("not over")
}

async fn expect_every_case(store: Arc<dyn Config>) {
    let report = suite::run_all_at_once(&Harness { store, time: Time::Real }).await;
    assert_eq!(report.failures(), [""; 0], "\n{report}");
}

#[tokio::test]
async fn every_case_passes() {
    let redis = TestRedis::start().await.unwrap();
    let (store, _) = open(json!({ "url": redis.url() })).await;
    for _ in 0..2 {
        expect_every_case(Arc::clone(&store)).await;
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
    let options = json!({ "url": urls, "mode": "cluster", "connect_timeout": "60s" });
    expect_every_case(open(options).await.0).await;
}

#[tokio::test]
async fn what_another_host_saves_is_heard_at_once() {
    let redis = TestRedis::start().await.unwrap();
    let (one, _) = open(json!({ "url": redis.url() })).await;
    let (other, _) = open(json!({ "url": redis.url() })).await;
    let mut updates = subscribe(&one).await;
    assert_eq!(next(&mut updates).await.expect("the first"), Update::default());
    // the connection that hears is there once something was heard
    save(&other, "a", "0").await.expect("saved");
    next(&mut updates).await.expect("told");
    let begun = tokio::time::Instant::now();
    for value in ["1", "2", "3"] {
        save(&other, "a", value).await.expect("saved");
        assert_eq!(next(&mut updates).await.expect("told").items[0].value, value);
    }
    // three polls would take fifteen seconds
    assert!(begun.elapsed() < Duration::from_secs(12), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn items_are_fields_of_a_hash_that_people_can_read() {
    let redis = TestRedis::start().await.unwrap();
    let (store, _) = open(json!({ "url": redis.url() })).await;
    save(&store, "limit", "5").await.expect("saved");
    let hash = "ottavo||config||shop||default||default";
    assert_eq!(redis.cli(&["hget", hash, "limit"]).await.unwrap(), r#"1 {"value":"5"}"#);
    assert_eq!(redis.cli(&["hget", hash, ""]).await.unwrap(), "1");
    let key = Key::parse("limit").expect("valid");
    store.delete(&cx(), &scope(), &[key]).await.expect("deleted");
    assert_eq!(redis.cli(&["hgetall", hash]).await.unwrap(), "\n2");
    redis.cli(&["hset", hash, "odd", "x"]).await.unwrap();
    let error = store.get(&cx(), &scope(), &Wanted::All).await.expect_err("no item");
    assert_eq!(error.kind(), Kind::DataLoss);
    redis.cli(&["set", hash, "x"]).await.unwrap();
    let error = store.get(&cx(), &scope(), &Wanted::All).await.expect_err("no hash");
    assert_eq!(error.kind(), Kind::FailedPrecondition);
    let error = save(&store, "a", "1").await.expect_err("no hash");
    assert_eq!(error.kind(), Kind::FailedPrecondition);
}

#[tokio::test]
async fn subscribers_learn_that_redis_is_gone_and_can_begin_again() {
    let mut redis = TestRedis::start().await.unwrap();
    let (store, shutdown) = open(json!({ "url": redis.url() })).await;
    let mut updates = subscribe(&store).await;
    next(&mut updates).await.expect("the first");
    save(&store, "a", "1").await.expect("saved");
    next(&mut updates).await.expect("told");
    redis.kill().await.unwrap();
    assert_eq!(next(&mut updates).await.expect_err("gone").kind(), Kind::Unavailable);
    assert!(updates.next().await.is_none(), "the error is the last");
    let refused = store.subscribe(&cx(), &scope(), &Wanted::All).await.err().expect("gone");
    assert_eq!(refused.kind(), Kind::Unavailable);

    redis.start_again().await.unwrap();
    let deadline = tokio::time::Instant::now() + Duration::from_secs(30);
    while let Err(error) = save(&store, "a", "2").await {
        assert_eq!(error.kind(), Kind::Unavailable, "{error:?}");
        assert!(tokio::time::Instant::now() < deadline, "{error:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let mut updates = subscribe(&store).await;
    next(&mut updates).await.expect("the first");
    save(&store, "a", "3").await.expect("saved");
    assert_eq!(next(&mut updates).await.expect("told").items[0].value, "3");
    shutdown.begin();
    assert_eq!(next(&mut updates).await.expect_err("the end").kind(), Kind::Unavailable);
    assert_eq!(shutdown.finish(Duration::from_secs(10)).await, Ok(()));
}
