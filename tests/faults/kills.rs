//! `kill -9` in the middle of what is acknowledged only when it is on disk.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Mutex;
use std::time::Duration;

use futures_util::stream;
use ottavo_test_support::{TestHost, program};
use ottavo_wire::v1::lock_client::LockClient;
use ottavo_wire::v1::pub_sub_client::PubSubClient;
use ottavo_wire::v1::pub_sub_subscribe_request::Request;
use ottavo_wire::v1::pub_sub_subscribe_response::Response;
use ottavo_wire::v1::sequencer_client::SequencerClient;
use ottavo_wire::v1::*;
use serde_json::Value;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};

use crate::table::{Row, Table};
use crate::writers::{Writers, endpoint, lost};

const KILLS: usize = 4;

/// For what comes at all.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) async fn all(table: &mut Table) {
    for (name, kills) in [
        ("kill -9 during state writes", Kills::State),
        ("kill -9 during publishing", Kills::Publish),
        ("kill -9 during a sequence of ids", Kills::Sequencer),
        ("kill -9 while a lock is held", Kills::Lock),
        ("kill -9 during a deploy", Kills::Deploy),
    ] {
        if !table.wants(name) {
            continue;
        }
        let row = match kills {
            Kills::State => state().await,
            Kills::Publish => publish().await,
            Kills::Sequencer => sequencer().await,
            Kills::Lock => lock().await,
            Kills::Deploy => deploy().await,
        };
        table.add(name, row);
    }
}

#[derive(Clone, Copy)]
enum Kills {
    State,
    Publish,
    Sequencer,
    Lock,
    Deploy,
}

/// Kills the host and starts it again; whether it starts.
async fn again(host: TestHost, row: &mut Row) -> TestHost {
    let folder = host.kill().await.unwrap();
    let host = TestHost::builder().folder(folder).start().await;
    row.tried(host.is_ok());
    host.unwrap()
}

async fn state() -> Row {
    let (mut row, mut known) = (Row::default(), None);
    let mut host = TestHost::start().await.unwrap();
    for _ in 0..KILLS {
        let writers = Writers::start(host.grpc(), known.take());
        let before = writers.with(|known| known.acknowledged);
        writers.until("writing", |known| known.acknowledged > before + 200).await;
        host = again(host, &mut row).await;
        let all = writers.end().await;
        row.lost += lost(host.grpc(), &all).await;
        known = Some(all);
    }
    row
}

/// Several at a time do something until the host is gone, and tell what was acknowledged.
async fn until_gone<T: Send + 'static>(
    address: SocketAddr,
    act: impl AsyncFn(SocketAddr, mpsc::UnboundedSender<T>) + Copy + 'static,
    enough: usize,
    host: TestHost,
    row: &mut Row,
) -> (TestHost, Vec<T>) {
    let (told, mut heard) = mpsc::unbounded_channel();
    let acts = futures_util::future::join_all((0..4).map(|_| act(address, told.clone())));
    drop(told);
    let mut all = Vec::new();
    let watch = async {
        while let Some(one) = heard.recv().await {
            all.push(one);
            if all.len() == enough {
                host.signal("-KILL").await.unwrap();
            }
        }
    };
    let both = timeout(PATIENCE * 4, async { tokio::join!(acts, watch) });
    both.await.expect("the host is killed, and everybody notices");
    (again(host, row).await, all)
}

const TOPIC: &str = "orders";

fn begin() -> PubSubSubscribeRequest {
    let begin = PubSubBegin {
        store: "default".into(),
        topic: TOPIC.into(),
        group: "app".into(),
        lease_millis: Some(1000),
        oldest: true,
    };
    PubSubSubscribeRequest { request: Some(Request::Begin(begin)) }
}

async fn publish() -> Row {
    let mut row = Row::default();
    let mut host = TestHost::start().await.unwrap();
    // the group is there before anything is published
    consume(host.grpc(), &Mutex::default(), &BTreeSet::new()).await;
    let mut acknowledged = BTreeSet::new();
    for _ in 0..KILLS {
        let address = host.grpc();
        let act = async |address, told: mpsc::UnboundedSender<String>| {
            let mut client = PubSubClient::new(endpoint(address).connect().await.unwrap());
            loop {
                let message = Some(PubSubMessage { data: "x".into(), ..PubSubMessage::default() });
                let (store, topic) = ("default".into(), TOPIC.into());
                let request = PubSubPublishRequest { store, topic, message };
                match client.publish(request).await {
                    Ok(answer) => told.send(answer.into_inner().id).unwrap(),
                    Err(_) => return,
                }
            }
        };
        let (next, all) = until_gone(address, act, 300, host, &mut row).await;
        host = next;
        acknowledged.extend(all);
    }
    let found = Mutex::<BTreeSet<String>>::default();
    consume(host.grpc(), &found, &acknowledged).await;
    let found = found.into_inner().unwrap();
    row.lost = acknowledged.difference(&found).count() as u64;
    row
}

/// Takes and acknowledges events until all of `wanted` have come, or none comes any more.
async fn consume(address: SocketAddr, found: &Mutex<BTreeSet<String>>, wanted: &BTreeSet<String>) {
    let mut client = PubSubClient::new(endpoint(address).connect().await.unwrap());
    let (requests, mut sent) = mpsc::channel(64);
    let send = |request| {
        requests.try_send(PubSubSubscribeRequest { request: Some(request) }).unwrap();
    };
    requests.try_send(begin()).unwrap();
    let sent = stream::poll_fn(move |cx| sent.poll_recv(cx));
    let mut responses = client.subscribe(sent).await.unwrap().into_inner();
    assert!(responses.message().await.unwrap().is_some(), "it has begun");
    if wanted.is_empty() {
        return;
    }
    send(Request::Ask(16));
    while !found.lock().unwrap().is_superset(wanted) {
        let Ok(message) = timeout(PATIENCE, responses.message()).await else { return };
        if let Some(Response::Delivery(delivery)) = message.unwrap().unwrap().response {
            found.lock().unwrap().insert(delivery.event.unwrap().id);
            send(Request::Acknowledge(delivery.receipt));
            send(Request::Ask(1));
        }
    }
}

async fn sequencer() -> Row {
    let mut row = Row::default();
    let mut host = TestHost::start().await.unwrap();
    let mut given = BTreeSet::new();
    for _ in 0..KILLS {
        let address = host.grpc();
        let act = async |address, told: mpsc::UnboundedSender<u64>| {
            let mut client = SequencerClient::new(endpoint(address).connect().await.unwrap());
            loop {
                let (store, key) = ("default".into(), "orders".into());
                let request = SequencerNextRequest { store, key, ..Default::default() };
                match client.next(request).await {
                    Ok(answer) => told.send(answer.into_inner().id).unwrap(),
                    Err(_) => return,
                }
            }
        };
        let (next, all) = until_gone(address, act, 300, host, &mut row).await;
        host = next;
        for id in all {
            // one that comes twice is an order that is lost
            row.lost += u64::from(!given.insert(id));
        }
    }
    row
}

async fn lock() -> Row {
    let mut row = Row::default();
    let mut host = TestHost::start().await.unwrap();
    for kill in 0..KILLS {
        let request = |owner: &str| LockTryLockRequest {
            store: "default".into(),
            resource: format!("resource-{kill}"),
            owner: Some(owner.to_owned()),
            ttl_millis: 3_600_000,
            ..Default::default()
        };
        let mut client = LockClient::new(endpoint(host.grpc()).connect().await.unwrap());
        let held = client.try_lock(request("first")).await.unwrap().into_inner().lease;
        assert!(held.is_some(), "nobody has it");
        host = again(host, &mut row).await;
        let mut client = LockClient::new(endpoint(host.grpc()).connect().await.unwrap());
        let taken = client.try_lock(request("second")).await.unwrap().into_inner().lease;
        row.lost += u64::from(taken.is_some());
    }
    row
}

async fn deploy() -> Row {
    let mut row = Row::default();
    let mut host = TestHost::start().await.unwrap();
    let mut last = 0;
    for kill in 0..KILLS {
        let changes = deploys(&host, kill);
        let moment = async {
            // another moment in each round, not a wait for anything
            tokio::time::sleep(Duration::from_millis(200 + 90 * kill as u64)).await;
            host.signal("-KILL").await.unwrap();
        };
        let (acknowledged, ()) = tokio::join!(changes, moment);
        host = again(host, &mut row).await;
        last = acknowledged.unwrap_or(last);
        let now = active(&host).await;
        // the one that was under way may be in force, and was acknowledged to nobody
        row.lost += u64::from(now != last && now != last + 1);
        last = now;
    }
    row
}

/// Deploys until the host is gone; the last version that was acknowledged.
async fn deploys(host: &TestHost, round: usize) -> Option<u64> {
    let wasm = program("echo").unwrap();
    let deadline = Instant::now() + PATIENCE;
    let mut last = None;
    for mark in 0.. {
        assert!(Instant::now() < deadline, "the host is killed");
        let manifest = host.folder().join("f.toml");
        let text = format!(
            "manifest = 1\nname = \"f\"\ndescription = \"{round} {mark}\"\n[[http]]\nroute = \"/f\"\n"
        );
        std::fs::write(&manifest, text).unwrap();
        let (wasm, manifest) = (wasm.to_str().unwrap(), manifest.to_str().unwrap());
        let arguments = ["deploy", wasm, "--manifest", manifest, "--output", "json"];
        let (status, out, _) = host.cli(&arguments).await.unwrap();
        if !status.success() {
            break;
        }
        let reply: Value = serde_json::from_str(&out).unwrap();
        last = reply["function"]["version"].as_u64();
    }
    last
}

/// The version of the function that answers; 0 when there is none.
async fn active(host: &TestHost) -> u64 {
    let (_, out, _) = host.cli(&["list", "--output", "json"]).await.unwrap();
    let list: Value = serde_json::from_str(&out).unwrap();
    let functions = list["functions"].as_array().unwrap();
    let found = functions.iter().find(|function| function["name"] == "f");
    found.map_or(0, |function| function["version"].as_u64().unwrap())
}
