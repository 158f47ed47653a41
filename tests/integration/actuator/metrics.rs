//! What a scrape says after traffic that is known.

use std::time::Duration;

use futures_util::future::join_all;
use ottavo_test_support::{Client, TestHost, program, root};
use ottavo_wire::v1::{Pair, StateEntry, StateGetRequest, StateSetRequest};
use tokio::time::Instant;

use super::exposition::Scrape;

/// For what comes after the answer that it follows from.
const PATIENCE: Duration = Duration::from_secs(20);

async fn scrape(host: &TestHost) -> Scrape {
    let answer = host.health("/metrics").await.unwrap();
    assert_eq!(answer.status, 200);
    assert_eq!(answer.headers["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    Scrape::parse(answer.text())
}

/// The series of requests.
fn requests(function: &str, route: &str, method: &str, status: &str) -> String {
    format!(
        "ottavo_requests_total{{function=\"{function}\",route=\"{route}\",method=\"{method}\",\
         status=\"{status}\"}}"
    )
}

/// The series of calls of the default store.
fn calls(operation: &str, outcome: &str) -> String {
    format!(
        "ottavo_block_calls_total{{block=\"state\",operation=\"{operation}\",store=\"default\",\
         driver=\"local\",outcome=\"{outcome}\"}}"
    )
}

/// `faults` on a route of its own, with these limits.
async fn deploy_faults(host: &TestHost, lines: &str) {
    let manifest = host.folder().join("faults.toml");
    let text = format!(
        "manifest = 1\nname = \"faults\"\n[[http]]\nroute = \"/faults/...\"\n[needs]\n\
         state = [\"default\"]\n[limits]\nmemory = \"16MiB\"\n{lines}\n"
    );
    std::fs::write(&manifest, text).unwrap();
    host.deploy_with(&program("faults").unwrap(), &manifest).await.unwrap();
}

#[tokio::test]
async fn requests_are_counted_by_function_route_method_and_status() {
    let host = TestHost::start().await.unwrap();
    for name in ["hello", "inventory"] {
        host.deploy(root().join(format!("examples/{name}-rust"))).await.unwrap();
    }
    host.deploy(root().join("examples/hello-rust")).await.unwrap();
    let (status, ..) = host.cli(&["deploy", "/nonexistent.wasm"]).await.unwrap();
    assert!(!status.success());
    for name in ["ann", "bob", "eve"] {
        assert_eq!(host.get(&format!("/hello/{name}")).await.unwrap().status, 200);
    }
    assert_eq!(host.send("HEAD", "/hello/ann", "").await.unwrap().status, 200);
    assert_eq!(host.send("PUT", "/inventory?name=a", "7").await.unwrap().status, 204);
    assert_eq!(host.get("/inventory?name=b").await.unwrap().status, 404);
    for path in ["/nowhere", "/nowhere/else"] {
        assert_eq!(host.get(path).await.unwrap().status, 404);
    }
    assert_eq!(host.send("BREW", "/hello/ann", "").await.unwrap().status, 405);
    let (status, out, err) = host.cli(&["invoke", "hello", "--path", "/hello/x"]).await.unwrap();
    assert!(status.success(), "{out}{err}");

    let scrape = scrape(&host).await;
    for (series, count) in [
        (requests("hello", "/hello/:name", "GET", "2xx"), 3.0),
        (requests("hello", "/hello/:name", "HEAD", "2xx"), 1.0),
        (requests("hello", "", "GET", "2xx"), 1.0),
        (requests("inventory", "/inventory", "PUT", "2xx"), 1.0),
        (requests("inventory", "/inventory", "GET", "4xx"), 1.0),
        (requests("", "", "GET", "4xx"), 2.0),
        (requests("", "", "other", "4xx"), 1.0),
        ("ottavo_instances_started_total{function=\"hello\"}".to_owned(), 5.0),
        ("ottavo_instances_running{function=\"hello\"}".to_owned(), 0.0),
        ("ottavo_deploys_total{outcome=\"deployed\"}".to_owned(), 2.0),
        ("ottavo_deploys_total{outcome=\"unchanged\"}".to_owned(), 1.0),
    ] {
        assert_eq!(scrape.get(&series), count, "{series} in {scrape:#?}");
    }
    let took = "ottavo_request_duration_seconds_count{function=\"hello\",route=\"/hello/:name\"}";
    assert_eq!(scrape.get(took), 4.0);
    // nothing of a request is in a label
    assert!(
        !scrape.series().any(|(series, _)| series.contains("nowhere") || series.contains("BREW"))
    );
    let start = scrape.get("process_start_time_seconds");
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    assert!((0.0..600.0).contains(&(now.as_secs_f64() - start)), "{start}");
}

#[tokio::test]
async fn calls_of_a_store_are_counted_once_whichever_door_they_come_through() {
    let host = TestHost::start().await.unwrap();
    host.deploy(root().join("examples/inventory-rust")).await.unwrap();
    assert_eq!(host.send("PUT", "/inventory?name=a", "7").await.unwrap().status, 204);
    assert_eq!(host.get("/inventory?name=a").await.unwrap().status, 200);
    let mut state = host.state().await.unwrap();
    let get = StateGetRequest { store: "default".into(), key: "a".into(), options: vec![] };
    for _ in 0..3 {
        assert!(state.get(get.clone()).await.unwrap().into_inner().value.is_some());
    }
    let entry = StateEntry { key: "b".into(), data: "1".into(), ..StateEntry::default() };
    let option = Pair { name: "local.nothing".into(), value: "1".into() };
    let wrong = StateGetRequest { options: vec![option], ..get };
    assert!(state.get(wrong).await.is_err());
    let set = StateSetRequest { store: "default".into(), entry: Some(entry.clone()) };
    state.set(set).await.unwrap();
    // a store that is not there is no series
    let set = StateSetRequest { store: "elsewhere".into(), entry: Some(entry) };
    assert!(state.set(set).await.is_err());

    let scrape = scrape(&host).await;
    assert_eq!(scrape.get(&calls("get", "ok")), 4.0, "{scrape:#?}");
    assert_eq!(scrape.get(&calls("set", "ok")), 2.0);
    assert_eq!(scrape.get(&calls("get", "invalid-argument")), 1.0, "{scrape:#?}");
    let took = "ottavo_block_call_duration_seconds_count{block=\"state\",operation=\"get\",\
        store=\"default\",driver=\"local\"}";
    assert_eq!(scrape.get(took), 5.0);
    assert!(!scrape.series().any(|(series, _)| series.contains("elsewhere")));
    assert_eq!(
        scrape.get("ottavo_store_up{block=\"state\",store=\"default\",driver=\"local\"}"),
        1.0
    );
}

#[tokio::test]
async fn what_stops_a_call_is_counted_by_its_kind() {
    let host = TestHost::start().await.unwrap();
    // enough for all but the one that never ends, however busy the machine is
    deploy_faults(&host, "cpu = \"2s\"\ntimeout = \"1m\"").await;
    let ends = [
        ("spin", "cpu"),
        ("hoard", "memory"),
        ("panic", "panic"),
        ("trap", "trap"),
        ("recurse", "stack"),
    ];
    for (end, _) in ends {
        assert!(host.get(&format!("/faults/{end}")).await.unwrap().status >= 500, "{end}");
    }
    // the next version is counted on
    deploy_faults(&host, "cpu = \"10s\"\ntimeout = \"200ms\"").await;
    assert_eq!(host.get("/faults/spin").await.unwrap().status, 504);
    let scrape = scrape(&host).await;
    for kind in ends.map(|(_, kind)| kind).into_iter().chain(["timeout"]) {
        let series = format!("ottavo_faults_total{{function=\"faults\",kind=\"{kind}\"}}");
        assert_eq!(scrape.get(&series), 1.0, "{series} in {scrape:#?}");
    }
    assert_eq!(scrape.get(&requests("faults", "/faults/...", "GET", "5xx")), 6.0);
    assert_eq!(scrape.get("ottavo_instances_running{function=\"faults\"}"), 0.0);
}

#[tokio::test]
async fn instances_are_seen_while_they_run_and_while_they_wait() {
    let host = TestHost::start().await.unwrap();
    deploy_faults(&host, "timeout = \"30s\"\nreuse = { calls = 100, idle = \"1h\" }").await;
    let of = |what: &str| format!("ottavo_instances_{what}{{function=\"faults\"}}");
    let watch = async {
        let deadline = Instant::now() + PATIENCE;
        while scrape(&host).await.get(&of("running")) < 3.0 {
            assert!(Instant::now() < deadline, "they do not run");
        }
    };
    let waits = join_all((0..3).map(|_| host.get("/faults/wait?millis=2000")));
    let (answers, ()) = tokio::join!(waits, watch);
    assert!(answers.into_iter().all(|answer| answer.unwrap().status == 200));
    let after = scrape(&host).await;
    assert_eq!((after.get(&of("running")), after.get(&of("waiting"))), (0.0, 3.0));
    assert_eq!(after.get(&of("started_total")), 3.0);
    assert_eq!(host.get("/faults/ok").await.unwrap().status, 200);
    assert_eq!(scrape(&host).await.get(&of("started_total")), 3.0);
}

#[tokio::test]
async fn a_client_that_goes_away_is_counted_as_gone() {
    let host = TestHost::start().await.unwrap();
    deploy_faults(&host, "timeout = \"30s\"").await;
    let gone = requests("faults", "/faults/...", "GET", "gone");
    let running = "ottavo_instances_running{function=\"faults\"}";
    let deadline = Instant::now() + PATIENCE;
    let begun = async {
        while scrape(&host).await.get(running) < 1.0 {
            assert!(Instant::now() < deadline, "it does not run");
        }
    };
    tokio::select! {
        answer = host.get("/faults/wait?millis=25000") => panic!("{answer:?}"),
        () = begun => {}
    }
    loop {
        let scrape = scrape(&host).await;
        if scrape.get(&gone) == 1.0 && scrape.get(running) == 0.0 {
            break;
        }
        assert!(Instant::now() < deadline, "{scrape:#?}");
    }
}

#[tokio::test]
async fn a_scrape_under_load_is_whole_and_no_counter_goes_back() {
    const CLIENTS: usize = 8;
    const REQUESTS: usize = 300;
    let host = TestHost::start().await.unwrap();
    for name in ["hello", "inventory"] {
        host.deploy(root().join(format!("examples/{name}-rust"))).await.unwrap();
    }
    let load = join_all((0..CLIENTS).map(async |n| {
        let mut client = Client::open(host.http()).await.unwrap();
        for i in 0..REQUESTS {
            let answer = match (n + i) % 3 {
                0 => client.send("PUT", "/inventory?name=a", "1").await,
                1 => client.send("GET", "/inventory?name=a", "").await,
                _ => client.send("GET", "/hello/ann", "").await,
            };
            assert!(answer.unwrap().status < 500);
        }
    }));
    let mut before: Option<Scrape> = None;
    let mut scrapes = 0;
    let watch = async {
        loop {
            let now = scrape(&host).await;
            if let Some(before) = &before {
                for (series, count) in before.series().filter(|(series, _)| grows(series)) {
                    assert!(now.get(series) >= count, "{series}: {count} to {}", now.get(series));
                }
            }
            before = Some(now);
            scrapes += 1;
        }
    };
    // the load may end first only
    tokio::select! {
        _ = load => {}
        () = watch => {}
    }
    assert!(scrapes > 10, "only {scrapes} scrapes");
    let after = scrape(&host).await;
    let sum: f64 = after
        .series()
        .filter(|(series, _)| series.starts_with("ottavo_requests_total{"))
        .map(|(_, count)| count)
        .sum();
    assert_eq!(sum, (CLIENTS * REQUESTS) as f64);
}

/// Whether a series only grows.
fn grows(series: &str) -> bool {
    let name = series.split('{').next().unwrap();
    ["_total", "_count", "_sum", "_bucket"].iter().any(|end| name.ends_with(end))
}
