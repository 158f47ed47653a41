//! A client that goes away takes the function with it.

use super::streams::{h2, h2_steps};
use super::{Wasi, host, running, until, until_stopped};
use crate::http::raw::Raw;

/// So that only the client's end can be what stops it.
const LONG: &str = "[limits]\ntimeout = \"1h\"\ncpu = \"1h\"\nbody = \"1GiB\"";

async fn while_it_waits(wasi: Wasi) {
    let host = host(wasi, LONG).await;
    let mut raw = Raw::steps(host.http(), "/w/steps").await;
    raw.say("hello\n").await;
    raw.say("sleep\n").await;
    assert_eq!(raw.chunk().await.as_deref(), Some(&b"hello\n"[..]));
    assert_eq!(running(&host).await, 1);
    drop(raw);
    until_stopped(&host).await;

    let (say, mut coming) = h2_steps(&host).await;
    coming.next().await.unwrap().unwrap();
    say.say("sleep\n").await;
    until("it waits", async || running(&host).await == 1).await;
    drop((say, coming));
    until_stopped(&host).await;
    assert!(!host.log().contains("trapped"), "{}", host.log());
}

async fn while_it_writes(wasi: Wasi) {
    let host = host(wasi, LONG).await;
    let mut raw = Raw::to(host.http()).await;
    raw.write("GET /w/endless HTTP/1.1\r\nhost: a\r\n\r\n").await;
    raw.head().await.unwrap();
    drop(raw);
    until_stopped(&host).await;
    let mut coming = h2(&host, "/w/endless").await;
    coming.next().await.unwrap().unwrap();
    drop(coming);
    until_stopped(&host).await;
}

async fn while_it_reads(wasi: Wasi) {
    let host = host(wasi, LONG).await;
    for path in ["/w/read", "/w/steps"] {
        let mut raw = Raw::steps(host.http(), path).await;
        raw.say("hello\n").await;
        until("it reads", async || running(&host).await == 1).await;
        drop(raw);
        until_stopped(&host).await;
    }
    // the client's end is not the function's fault
    assert!(!host.log().contains("trapped"), "{}", host.log());
}

async fn while_it_runs(wasi: Wasi) {
    let host = host(wasi, LONG).await;
    let mut raw = Raw::steps(host.http(), "/w/steps").await;
    raw.say("hello\n").await;
    raw.say("spin\n").await;
    assert_eq!(raw.chunk().await.as_deref(), Some(&b"hello\n"[..]));
    drop(raw);
    until_stopped(&host).await;
}

both! {
    while_it_waits,
    while_it_writes,
    while_it_reads,
    while_it_runs,
}
