//! More calls than may run at once: they wait in a bounded queue, or are told when to come back.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use ottavo_test_support::{Answer, TestHost, program};

use super::limits::host;
use crate::http::raw::Raw;

async fn all(host: &TestHost, count: usize, path: &str) -> Vec<Answer> {
    join_all((0..count).map(|_| host.get(path))).await.into_iter().map(Result::unwrap).collect()
}

fn statuses(answers: &[Answer], status: u16) -> usize {
    answers.iter().filter(|answer| answer.status == status).count()
}

async fn metric(host: &TestHost, line: &str) -> f64 {
    let text = host.health("/metrics").await.unwrap();
    let found = text.text().lines().find_map(|sample| sample.strip_prefix(line));
    found.map_or(0.0, |value| value.trim().parse().unwrap())
}

#[tokio::test]
async fn calls_beyond_the_queue_are_told_when_to_come_back() {
    let limits = "concurrency = 2\nqueue = 3\nqueue_timeout = \"20s\"\ncpu = \"5s\"";
    let host = host("faults", limits).await;
    let answers = all(&host, 10, "/faults/wait?millis=1000").await;
    assert_eq!((statuses(&answers, 200), statuses(&answers, 503)), (5, 5));
    for answer in answers.iter().filter(|answer| answer.status == 503) {
        let error = answer.json()["error"].clone();
        assert_eq!((&error["kind"], &error["retryable"]), (&"unavailable".into(), &true.into()));
        assert_eq!(error["details"]["limit-name"], "limits.concurrency");
        assert_eq!(error["details"]["limit"], "2");
        assert!(error["message"].as_str().unwrap().contains("`limits.queue`, 3"), "{error}");
        assert!(answer.headers.contains_key("retry-after"));
    }
    let of = "{function=\"faults\"}";
    assert_eq!(metric(&host, &format!("ottavo_instances_refused_total{of}")).await, 5.0);
    assert_eq!(metric(&host, &format!("ottavo_queue_duration_seconds_count{of}")).await, 3.0);
    assert_eq!(metric(&host, &format!("ottavo_calls_queued{of}")).await, 0.0);
    assert_eq!(host.get("/faults/ok").await.unwrap().status, 200);
}

/// Does `others` while a call has the one place of the function.
async fn while_one_runs(host: &TestHost, others: impl Future<Output = ()>) {
    let others = async {
        while metric(host, "ottavo_instances_running{function=\"faults\"}").await < 1.0 {}
        others.await;
    };
    tokio::select! {
        _ = host.get("/faults/wait?millis=25000") => panic!("it ended first"),
        () = others => {}
    }
}

#[tokio::test]
async fn who_waits_too_long_is_told_so() {
    let limits = "concurrency = 1\nqueue_timeout = \"100ms\"\ntimeout = \"30s\"\ncpu = \"30s\"";
    let host = host("faults", limits).await;
    while_one_runs(&host, async {
        let late = host.get("/faults/ok").await.unwrap();
        assert_eq!(late.status, 503, "{}", late.text());
        assert!(late.text().contains("`limits.queue_timeout`, 100ms"), "{}", late.text());
    })
    .await;
}

#[tokio::test]
async fn a_body_is_not_waited_for_where_its_call_has_no_place() {
    let limits = "concurrency = 1\nqueue = 0\ntimeout = \"30s\"\ncpu = \"30s\"";
    let host = host("faults", limits).await;
    while_one_runs(&host, async {
        let mut raw = Raw::to(host.http()).await;
        let head = "PUT /faults/ok HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n";
        assert!(raw.write(head).await);
        let refused = raw.answer().await.unwrap();
        assert_eq!(refused.status, 503);
        assert!(refused.text().contains("`limits.queue`, 0, wait already"), "{}", refused.text());
    })
    .await;
}

#[tokio::test]
async fn a_function_that_calls_itself_does_not_wait_for_itself_for_long() {
    let limits = "concurrency = 1\nqueue_timeout = \"200ms\"\ntimeout = \"30s\"";
    let host = host("faults", limits).await;
    let begun = Instant::now();
    let answer = host.get("/faults/itself").await.unwrap();
    let error = answer.json()["error"].clone();
    assert_eq!((answer.status, &error["kind"]), (503, &"unavailable".into()), "{error}");
    assert_eq!(error["details"]["limit-name"], "limits.concurrency");
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    assert_eq!(host.get("/faults/ok").await.unwrap().status, 200);
}

#[tokio::test]
async fn a_queue_of_one_function_keeps_no_other_from_the_host() {
    let engine = "max_instances = 4";
    let host = TestHost::builder().engine(engine).start().await.unwrap();
    for name in ["crowd", "single"] {
        let folder = tempfile::tempdir().unwrap();
        let manifest = folder.path().join("function.toml");
        let text = format!(
            "manifest = 1\nname = \"{name}\"\n[[http]]\nroute = \"/{name}/...\"\n\
             [needs]\nstate = [\"default\"]\n[limits]\ncpu = \"5s\"\nqueue_timeout = \"60s\"\n"
        );
        std::fs::write(&manifest, text).unwrap();
        host.deploy_with(&program("faults").unwrap(), &manifest).await.unwrap();
    }
    // ten times as many as may run at once
    let crowd = all(&host, 40, "/crowd/wait?millis=1000");
    let single = async {
        let queued = "ottavo_calls_queued{function=\"crowd\"}";
        while metric(&host, queued).await < 30.0 {}
        assert_eq!(host.get("/single/ok").await.unwrap().status, 200);
        // who came last did not wait for all that came before
        assert!(metric(&host, queued).await > 0.0);
    };
    let (crowd, ()) = tokio::join!(crowd, single);
    assert_eq!(statuses(&crowd, 200), 40);
}
