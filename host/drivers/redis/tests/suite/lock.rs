//! Locks: the behaviour suite on each kind of redis, what Layotto sees of them, and faults.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use futures_util::poll;
use ottavo_blocks::Key;
use ottavo_blocks::lock::suite::{self, Harness, Time};
use ottavo_blocks::lock::{Claim, Lease, Lock, Owner, Release, Ttl};
use ottavo_core::{CallContext, Caller, Kind, Result, Shutdown, StoreName, SystemClock};
use ottavo_driver_redis::Redis;
use ottavo_registry::{Driver, OpenContext};
use ottavo_test_support::TestRedis;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::open::cx;

async fn open(table: Value) -> Arc<dyn Lock> {
    let context = OpenContext {
        name: "test".parse::<StoreName>().expect("valid"),
        folder: "/nonexistent".into(),
        clock: Arc::new(SystemClock),
        shutdown: Shutdown::new(),
    };
    Redis.open(context, table).await.expect("a good table")
}

async fn at(redis: &TestRedis) -> Arc<dyn Lock> {
    open(json!({ "url": redis.url() })).await
}

fn owner(name: &str) -> Owner {
    Owner::parse(name).expect("valid")
}

/// A resource as `api` gives it, with a prefix.
fn resource() -> Key {
    Key::stored("app1||a").expect("valid")
}

const LONG: u64 = 60_000;

async fn take(store: &Arc<dyn Lock>, by: &str, wait: Duration) -> Result<Option<Lease>> {
    store.try_lock(&cx(), Claim { wait, ..claim(by) }).await
}

fn claim(by: &str) -> Claim {
    let ttl = Ttl::parse(LONG).expect("valid");
    Claim { resource: resource(), owner: Some(owner(by)), ttl, wait: Duration::ZERO }
}

async fn unlock(store: &Arc<dyn Lock>, by: &str) -> Release {
    store.unlock(&cx(), &resource(), &owner(by)).await.expect("unlock")
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
async fn a_lock_is_what_layotto_sees_and_the_other_way_round() {
    let redis = TestRedis::start().await.unwrap();
    let store = at(&redis).await;
    let lease = take(&store, "me", Duration::ZERO).await.unwrap().expect("free");
    assert_eq!(redis.cli(&["get", "lock|||app1||a"]).await.unwrap(), "me");
    let left: u64 = redis.cli(&["pttl", "lock|||app1||a"]).await.unwrap().parse().unwrap();
    assert!((LONG - 5000..=LONG).contains(&left), "{left}");
    // `SET NX EX`, as Layotto locks
    let layotto = ["set", "lock|||app1||a", "you", "ex", "60", "nx"];
    assert_eq!(redis.cli(&layotto).await.unwrap(), "");
    assert_eq!(unlock(&store, "me").await, Release::Released);
    assert_eq!(redis.cli(&["keys", "lock|||app1*"]).await.unwrap(), "");

    assert_eq!(redis.cli(&layotto).await.unwrap(), "OK");
    assert_eq!(take(&store, "me", Duration::ZERO).await.unwrap(), None);
    assert_eq!(unlock(&store, "me").await, Release::HeldByOther);
    // who locked there can go on here, and has a token then
    let ttl = Ttl::parse(90_000).unwrap();
    let renewed = store.renew(&cx(), &resource(), &owner("you"), ttl).await.unwrap();
    assert!(renewed.fencing_token > lease.fencing_token);
    let left: u64 = redis.cli(&["pttl", "lock|||app1||a"]).await.unwrap().parse().unwrap();
    assert!(left > LONG, "{left}");
    assert_eq!(unlock(&store, "you").await, Release::Released);
}

#[tokio::test]
async fn other_data_at_the_name_of_a_lock_is_held_and_left_alone() {
    let redis = TestRedis::start().await.unwrap();
    let store = at(&redis).await;
    redis.cli(&["hset", "lock|||app1||a", "data", "1"]).await.unwrap();
    assert_eq!(take(&store, "me", Duration::ZERO).await.unwrap(), None);
    assert_eq!(unlock(&store, "me").await, Release::HeldByOther);
    let ttl = Ttl::parse(LONG).unwrap();
    let renewed = store.renew(&cx(), &resource(), &owner("me"), ttl).await;
    assert_eq!(renewed.expect_err("not ours").kind(), Kind::Conflict);
    assert_eq!(redis.cli(&["hget", "lock|||app1||a", "data"]).await.unwrap(), "1");
}

#[tokio::test]
async fn a_token_grows_though_redis_lost_everything() {
    let redis = TestRedis::start().await.unwrap();
    let store = at(&redis).await;
    let first = take(&store, "me", Duration::ZERO).await.unwrap().expect("free");
    redis.cli(&["flushall"]).await.unwrap();
    let second = take(&store, "you", Duration::ZERO).await.unwrap().expect("forgotten");
    assert!(second.fencing_token > first.fencing_token);
}

#[tokio::test(flavor = "multi_thread")]
async fn hosts_exclude_each_other() {
    let redis = TestRedis::start().await.unwrap();
    // each has a connection of its own, as the store of another host has
    let stores = join_all((0..4).map(|_| at(&redis))).await;
    let workers = stores.iter().enumerate().map(|(host, store)| {
        let redis = &redis;
        async move {
            let mut tokens = Vec::new();
            for round in 0..5 {
                let name = format!("host{host}/{round}");
                let wait = Duration::from_secs(30);
                let lease = take(store, &name, wait).await.unwrap().expect("its turn");
                // the witness: whoever is within finds nobody else
                assert_eq!(redis.cli(&["incr", "within"]).await.unwrap(), "1");
                redis.cli(&["rpush", "tokens", &lease.fencing_token.to_string()]).await.unwrap();
                assert_eq!(redis.cli(&["decr", "within"]).await.unwrap(), "0");
                assert_eq!(unlock(store, &name).await, Release::Released);
                tokens.push(lease.fencing_token);
            }
            tokens
        }
    });
    let mut given: Vec<u64> = join_all(workers).await.into_iter().flatten().collect();
    let seen = redis.cli(&["lrange", "tokens", "0", "-1"]).await.unwrap();
    let seen: Vec<u64> = seen.lines().map(|token| token.parse().unwrap()).collect();
    assert!(seen.is_sorted_by(|a, b| a < b), "{seen:?}");
    given.sort_unstable();
    assert_eq!(given, seen);
}

#[tokio::test]
async fn an_unlock_on_the_same_host_wakes_before_the_next_question() {
    let redis = TestRedis::start().await.unwrap();
    let store = at(&redis).await;
    for round in 0..5 {
        take(&store, "me", Duration::ZERO).await.unwrap().expect("free");
        let mut waiting = Box::pin(take(&store, "you", Duration::from_secs(30)));
        // long enough for the pauses to be at their longest
        let pauses = tokio::time::timeout(Duration::from_millis(600), &mut waiting).await;
        assert!(pauses.is_err());
        let begun = Instant::now();
        unlock(&store, "me").await;
        assert!(waiting.await.unwrap().is_some());
        let waited = begun.elapsed();
        assert_eq!(unlock(&store, "you").await, Release::Released);
        if waited < Duration::from_millis(100) {
            return;
        }
        assert!(round < 4, "woken {waited:?} after the unlock");
    }
}

#[tokio::test]
async fn who_goes_away_before_the_answer_holds_nothing() {
    let redis = TestRedis::start().await.unwrap();
    let store = at(&redis).await;
    redis.pause().await.unwrap();
    let mut taking = Box::pin(take(&store, "gone", Duration::ZERO));
    assert!(poll!(&mut taking).is_pending());
    tokio::time::timeout(Duration::from_millis(50), &mut taking).await.expect_err("paused");
    drop(taking);
    let cx = CallContext::new("test".into(), Caller::Anonymous, Duration::from_millis(200));
    let late = store.try_lock(&cx, claim("late")).await.expect_err("paused");
    assert_eq!(late.kind(), Kind::Timeout, "{late:?}");
    redis.resume().await.unwrap();
    let lease = take(&store, "you", Duration::from_secs(20)).await.unwrap();
    assert_eq!(lease.expect("given back").owner, owner("you"));
}

#[tokio::test]
async fn redis_away_is_said_at_once() {
    let mut redis = TestRedis::start().await.unwrap();
    let store = at(&redis).await;
    redis.kill().await.unwrap();
    for _ in 0..2 {
        let error = take(&store, "me", Duration::from_secs(20)).await.expect_err("away");
        assert_eq!(error.kind(), Kind::Unavailable, "{error:?}");
    }
    assert_eq!(store.health(&cx()).await.expect_err("away").kind(), Kind::Unavailable);
}
