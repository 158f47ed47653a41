//! State in redis: the same functions as on any other store, and redis at its worst.

use std::time::Duration;

use ottavo_test_support::{Answer, TestHost, TestRedis, root};
use tokio::time::Instant;

use crate::languages::with_examples;

/// The configuration that is shipped, with this redis in it.
fn shipped(redis: &TestRedis) -> String {
    let text = std::fs::read_to_string(root().join("configs/redis.toml")).unwrap();
    let url = "\"${REDIS_URL:-redis://127.0.0.1:6379}\"";
    assert!(text.contains(url), "{text}");
    text.replace(url, &format!("{:?}", redis.url()))
}

/// A host on this redis, with a function that gives up after a second.
async fn host(redis: &TestRedis) -> TestHost {
    let host = TestHost::builder().config(shipped(redis)).start().await.unwrap();
    let manifest = host.folder().join("inventory.toml");
    let text = std::fs::read_to_string(root().join("examples/inventory-rust/function.toml"));
    std::fs::write(&manifest, text.unwrap() + "\n[limits]\ntimeout = \"1s\"\n").unwrap();
    let wasm = ottavo_test_support::program("inventory-rust").unwrap();
    host.deploy_with(&wasm, &manifest).await.unwrap();
    host
}

async fn book(host: &TestHost) -> Answer {
    host.get("/inventory?name=book1").await.unwrap()
}

fn is_unavailable(answer: &Answer) {
    let error = &answer.json()["error"];
    assert_eq!((answer.status, &error["kind"]), (503, &"unavailable".into()), "{error}");
}

/// Asks until redis is back for this host.
async fn recovered(host: &TestHost) -> Answer {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let answer = book(host).await;
        if answer.status < 500 {
            return answer;
        }
        assert!(Instant::now() < deadline, "{}", answer.text());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn deployed_functions_go_on_with_redis_by_a_change_of_one_file() {
    let host = TestHost::start().await.unwrap();
    for language in with_examples() {
        language.deploy_example(&host, "inventory").await;
    }
    let folder = host.kill().await.unwrap();
    let redis = TestRedis::start().await.unwrap();
    let host = TestHost::builder().folder(folder).config(shipped(&redis)).start().await.unwrap();
    assert_eq!(redis.cli(&["set", "book1", "100"]).await.unwrap(), "OK");
    for language in with_examples() {
        let path = format!("{}/inventory?name=book1", language.prefix);
        let answer = host.get(&path).await.unwrap();
        assert_eq!(answer.text(), "There are 100 inventories for book1.", "{}", language.name);
        // what it writes, others on the same redis read
        let put = host.send("PUT", &format!("{}/inventory?name=mine", language.prefix), "7").await;
        assert_eq!(put.unwrap().status, 204, "{}", language.name);
        assert_eq!(redis.cli(&["hget", "mine", "data"]).await.unwrap(), "7");
    }
}

#[tokio::test]
async fn redis_may_come_later_than_the_host() {
    let mut redis = TestRedis::start().await.unwrap();
    redis.kill().await.unwrap();
    let host = host(&redis).await;
    let begun = Instant::now();
    is_unavailable(&book(&host).await);
    assert!(begun.elapsed() < Duration::from_secs(10), "it did not fail by its deadline");
    redis.start_again().await.unwrap();
    assert_eq!(recovered(&host).await.status, 404);
    redis.cli(&["set", "book1", "3"]).await.unwrap();
    assert_eq!(book(&host).await.text(), "There are 3 inventories for book1.");
}

#[tokio::test]
async fn redis_that_dies_in_the_middle_is_unavailable_until_it_is_back() {
    let mut redis = TestRedis::start().await.unwrap();
    let host = host(&redis).await;
    redis.cli(&["set", "book1", "3"]).await.unwrap();
    assert_eq!(book(&host).await.status, 200);
    redis.kill().await.unwrap();
    for _ in 0..10 {
        is_unavailable(&book(&host).await);
    }
    redis.start_again().await.unwrap();
    // it kept nothing on disk
    assert_eq!(recovered(&host).await.status, 404);
}

#[tokio::test]
async fn redis_that_does_not_answer_costs_a_call_its_time_and_nobody_else() {
    let redis = TestRedis::start().await.unwrap();
    let host = host(&redis).await;
    host.deploy(root().join("examples/hello-rust")).await.unwrap();
    redis.cli(&["set", "book1", "3"]).await.unwrap();
    assert_eq!(book(&host).await.status, 200);
    redis.pause().await.unwrap();
    let answer = book(&host).await;
    assert_eq!(answer.status, 504, "{}", answer.text());
    assert_eq!(host.get("/hello/ann").await.unwrap().status, 200);
    redis.resume().await.unwrap();
    assert_eq!(recovered(&host).await.text(), "There are 3 inventories for book1.");
}
