//! Guests that misbehave: each gets its answer, and another function answers all the while.

mod admission;
mod headroom;
mod limits;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use ottavo_test_support::{Answer, TestHost, root};

async fn host() -> TestHost {
    let host = TestHost::start().await.unwrap();
    host.deploy(root().join("tests/programs/faults")).await.unwrap();
    host.deploy(root().join("examples/hello-rust")).await.unwrap();
    host
}

/// The answer to a fault, and its error object.
async fn fault(host: &TestHost, path: &str) -> (Answer, serde_json::Value) {
    let answer = host.get(&format!("/faults/{path}")).await.unwrap();
    let error = answer.json()["error"].clone();
    assert_eq!(error["function"], "faults", "{error}");
    assert!(error["request_id"].is_string(), "{error}");
    (answer, error)
}

fn message(error: &serde_json::Value) -> &str {
    error["message"].as_str().unwrap()
}

#[tokio::test]
async fn endless_loops_answer_504_while_another_function_answers() {
    let host = Arc::new(host().await);
    let workers = std::thread::available_parallelism().unwrap().get();
    let over = Arc::new(AtomicBool::new(false));
    let answered = Arc::new(AtomicUsize::new(0));
    let others = {
        let (host, over, answered) = (Arc::clone(&host), Arc::clone(&over), Arc::clone(&answered));
        tokio::task::spawn(async move {
            while !over.load(Ordering::SeqCst) {
                assert_eq!(host.get("/hello/ann").await.unwrap().status, 200);
                answered.fetch_add(1, Ordering::SeqCst);
            }
        })
    };
    // one more than there are threads to run them on, three times over
    for _ in 0..3 {
        let before = answered.load(Ordering::SeqCst);
        let loops = join_all((0..=workers).map(|_| fault(&host, "spin"))).await;
        for (answer, error) in loops {
            assert_eq!((answer.status, &error["kind"]), (504, &"timeout".into()), "{error}");
            assert!(message(&error).contains("CPU limit of 200ms"), "{error}");
        }
        assert!(answered.load(Ordering::SeqCst) > before, "nothing was answered meanwhile");
    }
    over.store(true, Ordering::SeqCst);
    others.await.unwrap();
}

#[tokio::test]
async fn memory_without_end_is_told_apart_from_a_panic() {
    let host = host().await;
    let (answer, error) = fault(&host, "hoard").await;
    assert_eq!(answer.status, 500);
    assert!(message(&error).contains("ran out of memory"), "{error}");
    assert!(answer.text().contains("16MiB"), "{}", answer.text());
    assert_eq!(host.get("/hello/ann").await.unwrap().status, 200);
}

#[tokio::test]
async fn recursion_without_end_is_answered() {
    let host = host().await;
    let (answer, error) = fault(&host, "recurse").await;
    assert_eq!(answer.status, 500);
    assert!(message(&error).contains("recursed until its stack was used up"), "{error}");
    let (answer, _) = fault(&host, "recurse-wide").await;
    assert_eq!(answer.status, 500);
    assert_eq!(host.get("/hello/ann").await.unwrap().status, 200);
}

#[tokio::test]
async fn a_trap_and_a_panic_leave_a_readable_reason() {
    let host = host().await;
    let (answer, error) = fault(&host, "trap").await;
    assert_eq!((answer.status, message(&error)), (500, "function `faults` trapped"));
    let (answer, error) = fault(&host, "panic?text=out+of+tea").await;
    assert_eq!((answer.status, message(&error)), (500, "function `faults` panicked"));
    // to a client on loopback, and in the log with the request's id
    assert!(answer.text().contains("out of tea"), "{}", answer.text());
    assert!(answer.text().contains("src/lib.rs:"), "{}", answer.text());
    let log = host.log();
    let id = error["request_id"].as_str().unwrap();
    let line = log.lines().find(|line| line.contains(id) && line.contains("out of tea"));
    assert!(line.is_some_and(|line| line.contains("src/lib.rs:")), "{log}");
}

#[tokio::test]
async fn answers_that_break_the_contract_are_502() {
    let host = host().await;
    for path in ["bad-status", "bad-header-name", "bad-header-value", "big?bytes=1048577"] {
        let (answer, error) = fault(&host, path).await;
        assert_eq!(answer.status, 502, "{path}: {error}");
    }
    assert_eq!(host.get("/faults/big?bytes=1048576").await.unwrap().body.len(), 1 << 20);
}

#[tokio::test]
async fn errors_that_a_function_returns_get_the_status_of_their_kind() {
    let host = host().await;
    for (kind, status) in [
        ("invalid-argument", 400),
        ("not-found", 404),
        ("conflict", 409),
        ("exhausted", 429),
        ("unavailable", 503),
        // refused by a backend: the function's affair
        ("denied", 500),
        ("unauthenticated", 500),
    ] {
        let path = format!("error?kind={kind}&message=because");
        let (answer, error) = fault(&host, &path).await;
        assert_eq!((answer.status, &error["kind"]), (status, &kind.into()), "{error}");
        assert_eq!(message(&error), "because");
    }
}

#[tokio::test]
async fn waiting_in_a_host_call_is_not_charged_as_cpu() {
    let host = host().await;
    // more than twice the function's CPU limit, waiting for the disk
    let begun = tokio::time::Instant::now();
    let answer = host.get("/faults/wait?millis=500").await.unwrap();
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(begun.elapsed() >= Duration::from_millis(500));
}

#[tokio::test]
async fn a_flood_of_log_lines_is_survived() {
    let host = host().await;
    let answer = host.get("/faults/log-flood?lines=200&bytes=100000").await.unwrap();
    assert!(answer.status == 200 || answer.status == 504, "{}", answer.text());
    assert_eq!(host.get("/hello/ann").await.unwrap().status, 200);
}
