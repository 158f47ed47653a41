//! Clients that are slow, silent, many, or gone.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use ottavo_test_support::{TestHost, program, root};

use super::raw::Raw;

const GET: &str = "GET /faults/ok HTTP/1.1\r\nHost: a\r\n\r\n";

/// A host with these settings of `[http]`.
async fn host(http: &str) -> TestHost {
    let config = format!("[http]\n{http}\n[shutdown]\ngrace = \"60s\"\n");
    let host = TestHost::builder().config(config).start().await.unwrap();
    host.deploy(root().join("tests/programs/faults")).await.unwrap();
    host
}

/// The manifest of `faults` with limits under which it can wait for a minute.
fn patient(folder: &Path) -> PathBuf {
    let path = folder.join("function.toml");
    let manifest = "manifest = 1\nname = \"faults\"\n[[http]]\nroute = \"/faults/...\"\n\
        [needs]\nstate = [\"default\"]\n[limits]\ncpu = \"60s\"\ntimeout = \"60s\"\n";
    std::fs::write(&path, manifest).unwrap();
    path
}

#[tokio::test]
async fn headers_that_do_not_arrive_in_time_end_the_connection() {
    let host = host("header_timeout = \"500ms\"").await;
    let silent = Raw::to(host.http()).await;
    let mut half = Raw::to(host.http()).await;
    assert!(half.write("GET /faults/ok HTTP/1.1\r\nHost").await);
    let mut later = Raw::to(host.http()).await;
    assert!(later.write(GET).await);
    assert_eq!(later.answer().await.unwrap().status, 200);
    assert!(later.write("GET /fau").await);
    let mut crawling = Raw::to(host.http()).await;
    let crawl = async {
        // a byte now and then keeps nothing open
        let mut pace = tokio::time::interval(Duration::from_millis(50));
        for byte in GET.bytes().cycle() {
            pace.tick().await;
            let byte = if byte == b'\n' || byte == b'\r' { b'x' } else { byte };
            if !crawling.write([byte]).await {
                break;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(60), crawl).await.expect("it is closed");
    for closed in [silent, half, later] {
        assert_eq!(closed.rest().await, "");
    }
    assert_eq!(host.get("/faults/ok").await.unwrap().status, 200);
}

#[tokio::test]
async fn a_body_that_does_not_arrive_in_time_is_answered_408() {
    let host = host("body_timeout = \"500ms\"").await;
    let mut raw = Raw::to(host.http()).await;
    let head = "PUT /faults/ok HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe";
    assert!(raw.write(head).await);
    let answer = raw.answer().await.unwrap();
    assert_eq!((answer.status, &answer.json()["error"]["kind"]), (408, &"timeout".into()));
    assert_eq!(answer.headers["connection"], "close");
    // what is left of the body is no request
    raw.write(format!("llo{GET}")).await;
    assert_eq!(raw.rest().await, "");
}

#[tokio::test]
async fn an_idle_connection_is_closed_and_one_that_waits_for_its_answer_is_not() {
    let host = host("idle_timeout = \"500ms\"\nheader_timeout = \"500ms\"").await;
    let mut idle = Raw::to(host.http()).await;
    assert!(idle.write(GET).await);
    assert_eq!(idle.answer().await.unwrap().status, 200);
    let mut waiting = Raw::to(host.http()).await;
    assert!(waiting.write("GET /faults/wait?millis=2000 HTTP/1.1\r\nHost: a\r\n\r\n").await);
    assert_eq!(idle.rest().await, "");
    assert_eq!(waiting.answer().await.unwrap().status, 200);
}

#[tokio::test]
async fn idle_connections_make_room_for_those_that_ask() {
    let host = host("max_connections = 50").await;
    let mut idle = Vec::new();
    for _ in 0..500 {
        idle.push(Raw::to(host.http()).await);
    }
    for _ in 0..20 {
        assert_eq!(host.get("/faults/ok").await.unwrap().status, 200);
    }
    let first = idle.swap_remove(0);
    assert_eq!(first.rest().await, "", "the oldest went first");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn running_out_of_files_is_survived() {
    let host = host("").await;
    let pid = host.pid().to_string();
    let fds = std::fs::read_dir(format!("/proc/{pid}/fd")).unwrap().count();
    // room for a few connections more
    let limit = format!("--nofile={0}:{0}", fds + 10);
    let prlimit = tokio::process::Command::new("prlimit").args(["--pid", &pid, &limit]).status();
    assert!(prlimit.await.expect("prlimit is part of util-linux").success());
    let mut idle = Vec::new();
    for _ in 0..100 {
        idle.push(Raw::to(host.http()).await);
    }
    assert_eq!(host.get("/faults/ok").await.unwrap().status, 200);
    assert!(host.log().contains("cannot accept connections"), "{}", host.log());
    drop(idle);
    assert_eq!(host.get("/faults/ok").await.unwrap().status, 200);
}

#[tokio::test]
async fn the_call_of_a_client_that_went_away_is_stopped() {
    let host = host("").await;
    let folder = tempfile::tempdir().unwrap();
    let manifest = patient(folder.path());
    host.deploy_with(&program("faults").unwrap(), &manifest).await.unwrap();
    for path in ["wait?millis=50000", "spin"] {
        let mut raw = Raw::to(host.http()).await;
        assert!(raw.write(format!("{GET}GET /faults/{path} HTTP/1.1\r\nHost: a\r\n\r\n")).await);
        // the second call begins when the first is answered
        assert_eq!(raw.answer().await.unwrap().status, 200);
        assert_eq!(host.get("/faults/ok").await.unwrap().status, 200);
    }
    // a host waits for calls under way, with a grace of a minute: there are none
    let started = Instant::now();
    host.signal("-TERM").await.unwrap();
    let (status, _folder) = host.wait().await.unwrap();
    assert!(status.success(), "{status}");
    assert!(started.elapsed() < Duration::from_secs(25), "{:?}", started.elapsed());
}

#[tokio::test]
async fn connections_that_ask_nothing_do_not_hold_up_the_end() {
    let host = host("header_timeout = \"60s\"").await;
    let mut kept = Raw::to(host.http()).await;
    assert!(kept.write(GET).await);
    assert_eq!(kept.answer().await.unwrap().status, 200);
    let silent = Raw::to(host.http()).await;
    let mut half = Raw::to(host.http()).await;
    assert!(half.write("GET /faults/ok HTTP/1.1\r\nHost").await);
    let started = Instant::now();
    host.signal("-TERM").await.unwrap();
    for closed in [kept, silent, half] {
        assert_eq!(closed.rest().await, "");
    }
    let (status, _folder) = host.wait().await.unwrap();
    assert!(status.success(), "{status}");
    assert!(started.elapsed() < Duration::from_secs(25), "{:?}", started.elapsed());
}
