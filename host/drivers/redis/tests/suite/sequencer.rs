//! Ids: the behaviour suite on each kind of redis, what Layotto sees of them, and faults.

use std::collections::BTreeSet;
use std::sync::Arc;

use futures_util::future::join_all;
use ottavo_blocks::Key;
use ottavo_blocks::sequencer::suite::{self, Harness, Time};
use ottavo_blocks::sequencer::{MAX_ID, Order, Range, Sequencer, Size};
use ottavo_core::{Kind, Result, Shutdown, StoreName, SystemClock};
use ottavo_driver_redis::Redis;
use ottavo_registry::{Driver, OpenContext};
use ottavo_test_support::TestRedis;
use serde_json::{Value, json};

use crate::open::cx;

async fn open(table: Value) -> Arc<dyn Sequencer> {
    let context = OpenContext {
        name: "test".parse::<StoreName>().expect("valid"),
        folder: "/nonexistent".into(),
        clock: Arc::new(SystemClock),
        shutdown: Shutdown::new(),
    };
    Redis.open(context, table).await.expect("a good table")
}

async fn at(redis: &TestRedis) -> Arc<dyn Sequencer> {
    open(json!({ "url": redis.url() })).await
}

/// A key as `api` gives it, with a prefix.
fn key() -> Key {
    Key::stored("app1||order").expect("valid")
}

async fn next(store: &Arc<dyn Sequencer>, order: Order) -> Result<u64> {
    store.next(&cx(), &key(), order).await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_case_passes_at_the_same_time_and_again() {
    let redis = TestRedis::start().await.unwrap();
    let harness = Harness { store: at(&redis).await, time: Time::Real };
    for _ in 0..2 {
        let report = suite::run_all_at_once(&harness).await;
        assert_eq!(report.failures(), [""; 0], "\n{report}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_case_passes_on_a_cluster() {
    let (_nodes, urls) = crate::behaviour::nodes().await;
    let store = open(json!({ "url": urls, "mode": "cluster" })).await;
    let report = suite::run_all_at_once(&Harness { store, time: Time::Real }).await;
    assert_eq!(report.failures(), [""; 0], "\n{report}");
}

#[tokio::test]
async fn a_key_is_counted_on_where_layotto_counts() {
    let redis = TestRedis::start().await.unwrap();
    let store = at(&redis).await;
    redis.cli(&["set", "sequencer|||app1||order", "41"]).await.unwrap();
    assert_eq!(next(&store, Order::Strong).await.unwrap(), 42);
    assert_eq!(redis.cli(&["incr", "sequencer|||app1||order"]).await.unwrap(), "43");
    let segment = redis.cli(&["incrby", "sequencer|||app1||order", "10000"]).await.unwrap();
    let weak = next(&store, Order::Weak).await.unwrap();
    assert!(weak > segment.parse().unwrap(), "{weak} is of the segment up to {segment}");
    let counted: u64 =
        redis.cli(&["incr", "sequencer|||app1||order"]).await.unwrap().parse().unwrap();
    for _ in 0..10 {
        let weak = next(&store, Order::Weak).await.unwrap();
        assert!(weak < counted, "{weak} was counted by others, at {counted}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hosts_hand_out_no_id_twice() {
    let redis = TestRedis::start().await.unwrap();
    // each has a connection and blocks of its own, as the store of another host has
    let stores = join_all((0..4).map(|_| at(&redis))).await;
    let callers = (0..64).map(|caller: usize| {
        let store = &stores[caller % 4];
        let order = if caller.is_multiple_of(3) { Order::Strong } else { Order::Weak };
        async move {
            let mut ids = Vec::new();
            for _ in 0..50 {
                ids.push(next(store, order).await.expect("next"));
            }
            assert!(ids.is_sorted_by(|a, b| a < b), "{order:?}: {ids:?}");
            ids
        }
    });
    let ids: Vec<u64> = join_all(callers).await.into_iter().flatten().collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 64 * 50, "an id came twice");
}

#[tokio::test]
async fn the_last_id_is_handed_out_and_then_none() {
    let redis = TestRedis::start().await.unwrap();
    let store = at(&redis).await;
    let before = (MAX_ID - 2).to_string();
    redis.cli(&["set", "sequencer|||app1||order", &before]).await.unwrap();
    let three = Size::parse(3).unwrap();
    for order in [Order::Weak, Order::Strong] {
        let error = store.next_range(&cx(), &key(), order, three).await.expect_err("too few");
        assert_eq!((error.kind(), error.retryable()), (Kind::Exhausted, false), "{error:?}");
    }
    let last = store.next_range(&cx(), &key(), Order::Weak, Size::parse(2).unwrap()).await;
    assert_eq!(last.unwrap(), Range { first: MAX_ID - 1, last: MAX_ID });
    assert_eq!(next(&store, Order::Strong).await.expect_err("none").kind(), Kind::Exhausted);
    let after = redis.cli(&["get", "sequencer|||app1||order"]).await.unwrap();
    assert_eq!(after, MAX_ID.to_string());
    redis.cli(&["set", "sequencer|||app1||order", &i64::MAX.to_string()]).await.unwrap();
    assert_eq!(next(&store, Order::Strong).await.expect_err("none").kind(), Kind::Exhausted);
}

#[tokio::test]
async fn what_is_no_count_is_left_alone() {
    let redis = TestRedis::start().await.unwrap();
    let store = at(&redis).await;
    redis.cli(&["set", "sequencer|||app1||order", "many"]).await.unwrap();
    for order in [Order::Weak, Order::Strong] {
        let error = next(&store, order).await.expect_err("no count");
        assert_eq!(error.kind(), Kind::FailedPrecondition, "{error:?}");
    }
    assert_eq!(redis.cli(&["get", "sequencer|||app1||order"]).await.unwrap(), "many");
    redis.cli(&["del", "sequencer|||app1||order"]).await.unwrap();
    redis.cli(&["rpush", "sequencer|||app1||order", "1"]).await.unwrap();
    let error = next(&store, Order::Strong).await.expect_err("a list");
    assert_eq!(error.kind(), Kind::FailedPrecondition, "{error:?}");
}

#[tokio::test]
async fn redis_that_comes_back_counts_on() {
    let mut redis = TestRedis::start().await.unwrap();
    let store = at(&redis).await;
    next(&store, Order::Strong).await.unwrap();
    // a block is at hand: it lasts without redis
    next(&store, Order::Weak).await.unwrap();
    redis.kill().await.unwrap();
    assert!(next(&store, Order::Weak).await.is_ok());
    let error = next(&store, Order::Strong).await.expect_err("away");
    assert_eq!(error.kind(), Kind::Unavailable, "{error:?}");
    redis.start_again().await.unwrap();
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(30);
    while let Err(error) = next(&store, Order::Strong).await {
        assert_eq!(error.kind(), Kind::Unavailable, "{error:?}");
        assert!(tokio::time::Instant::now() < deadline, "{error:?}");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}
