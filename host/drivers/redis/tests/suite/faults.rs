//! Redis down, killed, slow, or forgetful.

use std::time::Duration;

use futures_util::future::{join, join_all};
use ottavo_core::{Error, Kind, Result};
use ottavo_test_support::TestRedis;
use tokio::time::{Instant, sleep};

use crate::open::{add, add_within, at, get, get_within, set, text};

/// Makes a call until it succeeds, and checks each failure.
async fn recovers<T>(call: impl AsyncFn() -> Result<T>, check: impl Fn(&Error)) -> T {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        match call().await {
            Ok(value) => return value,
            Err(error) => check(&error),
        }
        assert!(Instant::now() < deadline, "it does not recover");
        sleep(Duration::from_millis(5)).await;
    }
}

fn away(error: &Error) {
    assert_eq!(error.kind(), Kind::Unavailable, "{error:?}");
}

#[tokio::test]
async fn redis_may_be_down_at_start_and_come_later() {
    let mut redis = TestRedis::start().await.unwrap();
    redis.kill().await.unwrap();
    let started = Instant::now();
    let store = at(&redis.url()).await;
    let error = set(&store, "a", "1").await.expect_err("nobody is there");
    assert_eq!((error.kind(), error.retryable()), (Kind::Unavailable, true), "{error:?}");
    assert!(started.elapsed() < Duration::from_secs(5));
    redis.start_again().await.unwrap();
    recovers(async || set(&store, "a", "1").await, away).await;
    assert_eq!(text(&store, "a").await, Some(("1".into(), "1".into())));
}

#[tokio::test]
async fn an_address_that_swallows_everything_is_unavailable_by_the_deadline() {
    // a listener whose queue is full: nobody accepts
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let table = serde_json::json!({
        "url": format!("redis://127.0.0.1:{port}"),
        "connect_timeout": "500ms",
    });
    let store = crate::open::open(table).await.expect("it starts");
    let started = Instant::now();
    let call = get_within(&store, "a", Duration::from_millis(100));
    away(&call.await.expect_err("no answer"));
    let took = started.elapsed();
    assert!(took <= Duration::from_millis(100), "{took:?}");
}

#[tokio::test]
async fn calls_go_on_after_redis_was_killed_and_started_again() {
    let mut redis = TestRedis::start().await.unwrap();
    let store = at(&redis.url()).await;
    for round in 0..3 {
        set(&store, "a", "1").await.unwrap();
        redis.kill().await.unwrap();
        away(&get(&store, "a").await.expect_err("killed"));
        redis.start_again().await.unwrap();
        recovers(async || set(&store, "b", &round.to_string()).await, away).await;
        // what it held is gone with it, the scripts too
        assert_eq!(text(&store, "a").await, None);
    }
}

#[tokio::test]
async fn a_write_cut_off_in_the_middle_is_not_repeated() {
    let mut redis = TestRedis::start().await.unwrap();
    let store = at(&redis.url()).await;
    set(&store, "warm", "1").await.unwrap();
    redis.pause().await.unwrap();
    let calls = join_all((0..50).map(|_| add(&store, "n")));
    // the calls are on their way when redis is killed: its buffers have them, it never reads them
    let (outcomes, ()) = join(calls, async {
        redis.kill().await.unwrap();
        redis.start_again().await.unwrap();
    })
    .await;
    let cut_off = outcomes.iter().filter(|outcome| outcome.is_err()).count();
    assert!(cut_off > 0);
    for error in outcomes.into_iter().filter_map(Result::err) {
        // it may have taken effect, for all that anybody knows
        assert_eq!((error.kind(), error.retryable()), (Kind::Unavailable, false), "{error:?}");
    }
    // the new redis has seen exactly those that succeeded
    let count = text(&store, "n").await.map_or(0, |(count, _)| count.parse::<usize>().unwrap());
    assert_eq!(count + cut_off, 50);
}

#[tokio::test]
async fn a_slow_redis_is_a_timeout_by_the_deadline_and_then_goes_on() {
    let redis = TestRedis::start().await.unwrap();
    let store = at(&redis.url()).await;
    set(&store, "a", "1").await.unwrap();
    redis.pause().await.unwrap();
    let started = Instant::now();
    let call = get_within(&store, "a", Duration::from_millis(200));
    let error = call.await.expect_err("no answer");
    assert_eq!(error.kind(), Kind::Timeout, "{error:?}");
    assert!(started.elapsed() < Duration::from_secs(2));
    redis.resume().await.unwrap();
    assert_eq!(text(&store, "a").await, Some(("1".into(), "1".into())));
}

#[tokio::test]
async fn a_redis_that_pauses_its_clients_is_a_timeout() {
    let redis = TestRedis::start().await.unwrap();
    let store = at(&redis.url()).await;
    set(&store, "a", "1").await.unwrap();
    redis.cli(&["client", "pause", "1000", "write"]).await.unwrap();
    let call = add_within(&store, "n", Duration::from_millis(50));
    assert_eq!(call.await.expect_err("paused").kind(), Kind::Timeout);
    assert_eq!(text(&store, "a").await, Some(("1".into(), "1".into())));
    // the call that timed out may take effect, as it says
    let sum = add(&store, "n").await.unwrap();
    assert!((1..=2).contains(&sum), "{sum}");
}

#[tokio::test]
async fn more_calls_than_places_wait_and_none_is_lost() {
    let redis = TestRedis::start().await.unwrap();
    let store = at(&redis.url()).await;
    let sums = join_all((0..10_000).map(|_| add(&store, "n"))).await;
    assert!(sums.iter().all(Result::is_ok));
    assert_eq!(text(&store, "n").await.expect("counted").0, "10000");
}

#[tokio::test]
async fn a_redis_that_stands_still_does_not_collect_calls_without_bound() {
    let redis = TestRedis::start().await.unwrap();
    let store = at(&redis.url()).await;
    set(&store, "a", "1").await.unwrap();
    redis.pause().await.unwrap();
    // all of these are polled, and have their place, before the others come
    let patient = tokio::task::unconstrained(join_all((0..4096).map(|_| add(&store, "n"))));
    let hasty = async {
        let calls = (0..100).map(|_| add_within(&store, "n", Duration::from_millis(200)));
        let outcomes = join_all(calls).await;
        redis.resume().await.unwrap();
        outcomes
    };
    let (patient, hasty) = join(patient, hasty).await;
    for error in hasty.into_iter().map(|outcome| outcome.expect_err("no place")) {
        assert_eq!((error.kind(), error.retryable()), (Kind::Unavailable, true), "{error:?}");
    }
    assert!(patient.iter().all(Result::is_ok));
    assert_eq!(text(&store, "n").await.expect("counted").0, "4096");
}

#[tokio::test]
async fn scripts_that_redis_forgot_are_given_again() {
    let redis = TestRedis::start().await.unwrap();
    let store = at(&redis.url()).await;
    for round in 1..=3i64 {
        redis.cli(&["script", "flush"]).await.unwrap();
        assert!(join_all((0..20).map(|_| add(&store, "n"))).await.iter().all(Result::is_ok));
        assert_eq!(text(&store, "n").await.expect("counted").0, (round * 20).to_string());
    }
}

#[tokio::test]
async fn a_full_redis_is_exhausted_and_changes_nothing() {
    let redis = TestRedis::start().await.unwrap();
    let store = at(&redis.url()).await;
    set(&store, "a", "1").await.unwrap();
    redis.cli(&["config", "set", "maxmemory", "1"]).await.unwrap();
    let error = set(&store, "b", "1").await.expect_err("full");
    assert_eq!(error.kind(), Kind::Exhausted, "{error:?}");
    let error = add(&store, "a").await.expect_err("full");
    assert_eq!(error.kind(), Kind::Exhausted);
    assert_eq!(text(&store, "a").await, Some(("1".into(), "1".into())));
}

#[tokio::test]
async fn a_replica_takes_no_writes() {
    let master = TestRedis::start().await.unwrap();
    let lines = format!("replicaof 127.0.0.1 {}\n", master.port());
    let replica = TestRedis::with_config(&lines).await.unwrap();
    let store = at(&replica.url()).await;
    let error = set(&store, "a", "1").await.expect_err("a replica");
    away(&error);
    assert!(error.retryable() && error.message().contains("replica"), "{error}");
}
