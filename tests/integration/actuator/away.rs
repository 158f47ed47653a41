//! Backends that are away when the host starts, or that come and go, or that are slow.

use std::time::Duration;

use futures_util::future::join_all;
use ottavo_test_support::{TestHost, TestRedis, Toxic, Toxin, root};
use serde_json::Value;
use tokio::time::Instant;

/// For what the host notices by itself.
const PATIENCE: Duration = Duration::from_secs(30);

async fn store(host: &TestHost, name: &str) -> Value {
    host.health("/actuator/health").await.unwrap().json()["components"][name].clone()
}

async fn turned(host: &TestHost, name: &str, status: &str) -> Value {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let store = store(host, name).await;
        if store["status"] == status {
            return store;
        }
        assert!(Instant::now() < deadline, "still {store}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Stores of which no backend can be had: a closed port, a name that does not resolve, an address that
/// swallows packets, an object store that is not there, and a folder that cannot be made.
fn away(closed: u16, silent: u16, file: &str) -> String {
    format!(
        "[actuator]\nprobe_interval = \"100ms\"\n\
         [state.closed]\ndriver = \"redis\"\nurl = \"redis://127.0.0.1:{closed}\"\n\
         [state.unknown]\ndriver = \"redis\"\nurl = \"redis://nowhere.invalid:6379\"\n\
         [lock.silent]\ndriver = \"redis\"\nurl = \"redis://127.0.0.1:{silent}\"\n\
         [sequencer.closed]\ndriver = \"redis\"\nurl = \"redis://127.0.0.1:{closed}\"\n\
         [config.closed]\ndriver = \"redis\"\nurl = \"redis://127.0.0.1:{closed}\"\n\
         [pubsub.closed]\ndriver = \"redis\"\nurl = \"redis://127.0.0.1:{closed}\"\n\
         [file.bucket]\ndriver = \"s3\"\nendpoint = \"http://127.0.0.1:{closed}\"\nbucket = \"b\"\n\
         access_key_id = \"k\"\nsecret_access_key = \"s\"\n\
         [file.folder]\ndriver = \"fs\"\nroot = \"{file}/folder\"\n"
    )
}

#[tokio::test]
async fn no_backend_that_is_away_keeps_a_host_from_starting() {
    let mut redis = TestRedis::start().await.unwrap();
    redis.kill().await.unwrap();
    let silent = Toxic::before(redis.port()).await.unwrap();
    silent.set(Toxin::BlackHole);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "in the way").unwrap();
    let config = away(redis.port(), silent.port(), file.to_str().unwrap());
    let begun = Instant::now();
    let host = TestHost::builder().config(config).start().await.unwrap();
    // they are tried at the same time, each for its two seconds
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    host.deploy(root().join("examples/hello-rust")).await.unwrap();
    assert_eq!(host.get("/hello/ann").await.unwrap().status, 200);
    for name in [
        "state.closed",
        "state.unknown",
        "lock.silent",
        "sequencer.closed",
        "config.closed",
        "pubsub.closed",
        "file.bucket",
        "file.folder",
    ] {
        let down = turned(&host, name, "DOWN").await;
        assert!(down["details"]["since"].is_string(), "{name}: {down}");
        assert!(down["details"]["error"]["message"].is_string(), "{name}: {down}");
    }
    assert_eq!(host.health("/actuator/health/readiness").await.unwrap().status, 200);

    redis.start_again().await.unwrap();
    silent.set(Toxin::None);
    std::fs::remove_file(&file).unwrap();
    for name in
        ["state.closed", "lock.silent", "sequencer.closed", "config.closed", "pubsub.closed"]
    {
        turned(&host, name, "UP").await;
    }
    turned(&host, "file.folder", "UP").await;
    assert_eq!(store(&host, "state.unknown").await["status"], "DOWN");
}

#[tokio::test]
async fn a_host_does_not_start_without_a_store_that_is_required() {
    let mut redis = TestRedis::start().await.unwrap();
    redis.kill().await.unwrap();
    let config = format!(
        "[state.orders]\ndriver = \"redis\"\nurl = {:?}\nrequired = true\n\
         [lock.default]\ndriver = \"redis\"\nurl = {:?}\n",
        redis.url(),
        redis.url()
    );
    let (status, said) = TestHost::builder().config(config.clone()).refused().await.unwrap();
    // EX_UNAVAILABLE: another try may go well
    assert_eq!(status.code(), Some(69), "{said}");
    let message = "`state.orders` is `required` and cannot be used: redis cannot be reached";
    assert!(said.contains(message), "{said}");

    // one that comes while the host starts is waited for
    let starting = TestHost::builder().config(config).start();
    let (host, again) = tokio::join!(starting, redis.start_again());
    again.unwrap();
    turned(&host.unwrap(), "state.orders", "UP").await;
}

#[tokio::test]
async fn a_wrong_password_is_a_matter_of_the_configuration() {
    let redis = TestRedis::with_config("requirepass right").await.unwrap();
    let url = redis.url();
    let config =
        format!("[state.orders]\ndriver = \"redis\"\nurl = {url:?}\npassword = \"wrong\"\n");
    let (status, said) = TestHost::builder().config(config).refused().await.unwrap();
    assert_eq!(status.code(), Some(78), "{said}");
    assert!(said.contains("redis refuses the user name or the password"), "{said}");
}

#[tokio::test]
async fn a_backend_that_flaps_is_slow_or_silent_costs_calls_their_time_at_most() {
    let redis = TestRedis::start().await.unwrap();
    let toxic = Toxic::before(redis.port()).await.unwrap();
    let config = format!(
        "[actuator]\nprobe_interval = \"100ms\"\n[state.default]\ndriver = \"redis\"\n\
         url = \"redis://127.0.0.1:{}\"\n",
        toxic.port()
    );
    let host = TestHost::builder().config(config).start().await.unwrap();
    let manifest = host.folder().join("inventory.toml");
    let text = std::fs::read_to_string(root().join("examples/inventory-rust/function.toml"));
    std::fs::write(&manifest, text.unwrap() + "\n[limits]\ntimeout = \"1s\"\n").unwrap();
    let wasm = ottavo_test_support::program("inventory-rust").unwrap();
    host.deploy_with(&wasm, &manifest).await.unwrap();
    redis.cli(&["set", "book1", "3"]).await.unwrap();
    let ask = async || {
        let begun = Instant::now();
        let answer = host.get("/inventory?name=book1").await.unwrap();
        // its own second, and what a busy machine adds
        assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
        answer
    };
    let recovered = async || {
        let deadline = Instant::now() + PATIENCE;
        while ask().await.status != 200 {
            assert!(Instant::now() < deadline, "it does not recover");
        }
    };
    recovered().await;

    // flapping: cut and back, again and again
    for _ in 0..5 {
        toxic.set(Toxin::Cut);
        let answer = ask().await;
        assert_eq!(answer.status, 503, "{}", answer.text());
        assert_eq!(answer.json()["error"]["kind"], "unavailable");
        let down = turned(&host, "state.default", "DOWN").await;
        assert_eq!(down["details"]["error"]["kind"], "unavailable", "{down}");
        toxic.set(Toxin::None);
        recovered().await;
        turned(&host, "state.default", "UP").await;
    }

    // slow, but within the time of a call
    toxic.set(Toxin::Delay(Duration::from_millis(50)));
    assert_eq!(ask().await.status, 200);

    // silent: what was sent may have arrived
    toxic.set(Toxin::BlackHole);
    for answer in join_all((0..50).map(|_| ask())).await {
        assert!(matches!(answer.status, 503 | 504), "{}", answer.text());
    }
    turned(&host, "state.default", "DOWN").await;
    toxic.set(Toxin::None);
    recovered().await;
    let log = host.log();
    let turns = |line: &str| log.matches(line).count();
    assert!(turns("a store is down") >= 6, "{log}");
    // a line for a turn, and none for a probe
    assert_eq!(turns("a store is down"), turns("a store is up again"), "{log}");
}
