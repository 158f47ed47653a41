//! Health of stores: what a probe of the operator sees while a backend comes and goes.

use std::time::Duration;

use ottavo_test_support::{TestHost, TestRedis};
use serde_json::{Value, json};
use tokio::time::Instant;

/// For what the host notices by itself.
const PATIENCE: Duration = Duration::from_secs(30);

async fn host(redis: &TestRedis) -> TestHost {
    let config = format!(
        "[actuator]\nprobe_interval = \"100ms\"\n[state.default]\ndriver = \"memory\"\n\
         [state.orders]\ndriver = \"redis\"\nurl = {:?}\n",
        redis.url()
    );
    TestHost::builder().config(config).start().await.unwrap()
}

async fn store(host: &TestHost, name: &str) -> Value {
    host.health("/actuator/health").await.unwrap().json()["components"][name].clone()
}

/// Asks until the store has this status.
async fn turned(host: &TestHost, status: &str) -> Value {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let store = store(host, "state.orders").await;
        if store["status"] == status {
            return store;
        }
        assert!(Instant::now() < deadline, "still {store}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// The series of the store in the metrics.
async fn up(host: &TestHost) -> bool {
    let series = "ottavo_store_up{block=\"state\",store=\"orders\",driver=\"redis\"} ";
    let answer = host.health("/actuator/metrics").await.unwrap();
    let found = answer.text().lines().find_map(|line| line.strip_prefix(series)).unwrap();
    found == "1"
}

fn since(store: &Value) -> std::time::SystemTime {
    humantime::parse_rfc3339(store["details"]["since"].as_str().unwrap()).unwrap()
}

#[tokio::test]
async fn a_store_whose_backend_dies_is_down_since_then_and_up_again_without_a_restart() {
    let mut redis = TestRedis::start().await.unwrap();
    let host = host(&redis).await;
    let first = turned(&host, "UP").await;
    assert_eq!(first["details"]["driver"], "redis");
    assert_eq!(host.health("/actuator/health").await.unwrap().status, 200);

    let killed = std::time::SystemTime::now() - Duration::from_millis(1);
    redis.kill().await.unwrap();
    let down = turned(&host, "DOWN").await;
    assert!(since(&down) >= killed && since(&down) <= std::time::SystemTime::now(), "{down}");
    let error = json!({ "kind": "unavailable", "message": "redis cannot be reached" });
    let deadline = Instant::now() + PATIENCE;
    let mut last = down.clone();
    // the first probe may still have heard that the connection broke
    while last["details"]["error"] != error {
        assert!(Instant::now() < deadline, "{last}");
        last = store(&host, "state.orders").await;
    }
    assert_eq!(since(&last), since(&down), "it is down since its turn");
    let whole = host.health("/actuator/health").await.unwrap();
    assert_eq!((whole.status, &whole.json()["status"]), (503, &"DOWN".into()));
    assert_eq!(whole.json()["components"]["state.default"]["status"], "UP");
    assert!(!up(&host).await);
    // requests are still welcome: other stores and functions work
    let ready = host.health("/actuator/health/readiness").await.unwrap();
    assert_eq!((ready.status, &ready.json()["status"]), (200, &"UP".into()));
    assert_eq!(host.health("/actuator/health/liveness").await.unwrap().status, 200);

    redis.start_again().await.unwrap();
    let back = turned(&host, "UP").await;
    assert!(since(&back) > since(&down), "{back}");
    assert!(back["details"].get("error").is_none(), "{back}");
    assert!(up(&host).await);
    assert_eq!(host.health("/actuator/health").await.unwrap().status, 200);
    let log = host.log();
    for line in ["a store is down", "a store is up again"] {
        assert_eq!(log.matches(line).count(), 1, "{log}");
    }
}

#[tokio::test]
async fn a_backend_that_does_not_answer_holds_up_neither_the_answer_nor_the_start() {
    let redis = TestRedis::start().await.unwrap();
    let host = host(&redis).await;
    turned(&host, "UP").await;
    redis.pause().await.unwrap();
    let deadline = Instant::now() + PATIENCE;
    let mut slowest = Duration::ZERO;
    loop {
        let begun = Instant::now();
        let down = store(&host, "state.orders").await["status"] == "DOWN";
        slowest = slowest.max(begun.elapsed());
        if down {
            break;
        }
        assert!(begun < deadline, "it is not noticed");
    }
    assert!(slowest < Duration::from_secs(1), "an answer took {slowest:?}");
    assert_eq!(store(&host, "state.orders").await["details"]["error"]["kind"], "timeout");
    redis.resume().await.unwrap();
    turned(&host, "UP").await;
}
