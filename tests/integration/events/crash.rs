//! Events while the host is killed: at least once, and how often more.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ottavo_test_support::{TestHost, TestRedis};
use ottavo_wire::v1::{
    PubSubMessage, PubSubPublishRequest, StateGetManyRequest, state_get_outcome,
};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::function::{client as connect, count, deploy_as, publish, until};

const EVENTS: usize = 10_000;
const KILLS: usize = 5;
/// How many publish at a time.
const PUBLISHERS: usize = 24;

/// A lease that ends soon: what a killed host had comes back after it.
const SUBSCRIBE: &str = "[[subscribe]]\npubsub = \"events\"\ntopic = \"t\"\nlease = \"1s\"\n\
    concurrency = 32\nmax_deliveries = 1000\nbackoff = { first = \"50ms\", most = \"1s\" }\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_event_is_handled_though_the_host_is_killed_five_times_on_local() {
    survive("local", "[pubsub.events]\ndriver = \"local\"\n").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_event_is_handled_though_the_host_is_killed_five_times_on_redis() {
    let redis = TestRedis::start().await.unwrap();
    let url = redis.url();
    survive("redis", &format!("[pubsub.events]\ndriver = \"redis\"\nurl = {url:?}\n")).await;
}

#[expect(clippy::print_stderr, reason = "a measurement, for whoever runs it with `--nocapture`")]
async fn survive(driver: &str, config: &str) {
    let seed = std::time::UNIX_EPOCH.elapsed().unwrap().subsec_nanos() as usize;
    let begun = Instant::now();
    let mut host = TestHost::builder().config(config).start().await.unwrap();
    deploy_as(&host, "events", "f", SUBSCRIBE).await.unwrap();
    let (address, published) = (watch::Sender::new(host.grpc()), Arc::new(AtomicUsize::new(0)));
    let mut publishers = JoinSet::new();
    let next = Arc::new(AtomicUsize::new(0));
    for _ in 0..PUBLISHERS {
        publishers.spawn(publisher(address.subscribe(), Arc::clone(&next), Arc::clone(&published)));
    }
    let mut random = seed;
    for kill in 0..KILLS {
        // somewhere in each of the first parts of all events
        random =
            random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let part = EVENTS / (KILLS + 1);
        let at = kill * part + (random >> 33) % part;
        until("publishing goes on", async || published.load(Ordering::SeqCst) >= at).await;
        let folder = host.kill().await.unwrap();
        host = TestHost::builder().folder(folder).config(config).start().await.unwrap();
        address.send_replace(host.grpc());
    }
    while let Some(done) = publishers.join_next().await {
        done.unwrap();
    }
    let published_in = begun.elapsed();

    let mut missing: BTreeSet<usize> = (0..EVENTS).collect();
    let (mut handled, mut most) = (0, 0);
    let deadline = Instant::now() + Duration::from_secs(300);
    while !missing.is_empty() {
        let asked: Vec<usize> = missing.iter().copied().take(1000).collect();
        for (event, times) in asked.iter().zip(counts(&host, &asked).await) {
            if times > 0 {
                missing.remove(event);
            }
        }
        assert!(Instant::now() < deadline, "{} were never handled: {missing:?}", missing.len());
    }
    // behind all others: most of what comes a second time has come
    let last = publish(&host, "t", "ok").await;
    until("the last one", async || count(&host, &format!("done/{last}")).await >= 1).await;
    let all: Vec<usize> = (0..EVENTS).collect();
    for asked in all.chunks(1000) {
        for times in counts(&host, asked).await {
            handled += times;
            most = most.max(times);
        }
    }
    eprintln!(
        "{driver}: {EVENTS} events published in {published_in:?} over {KILLS} kills (seed {seed}), all handled after \
         {:?}; {} duplicates, at most {most} times one event",
        begun.elapsed(),
        handled - EVENTS,
    );
}

/// Publishes one event after the other, each until it is acknowledged.
async fn publisher(
    mut address: watch::Receiver<SocketAddr>,
    next: Arc<AtomicUsize>,
    published: Arc<AtomicUsize>,
) {
    let mut client = None;
    loop {
        let event = next.fetch_add(1, Ordering::SeqCst);
        if event >= EVENTS {
            return;
        }
        loop {
            let to = *address.borrow_and_update();
            if client.is_none() {
                client = connect(to).await.ok();
            }
            let message = PubSubMessage {
                data: "count".into(),
                content_type: "text/plain".into(),
                id: Some(format!("n{event}")),
                ..PubSubMessage::default()
            };
            let request = PubSubPublishRequest {
                store: "events".into(),
                topic: "t".into(),
                message: Some(message),
            };
            let answered = match &mut client {
                Some(client) => client.publish(request).await.is_ok(),
                None => false,
            };
            if answered {
                published.fetch_add(1, Ordering::SeqCst);
                break;
            }
            client = None;
            // until the next host stands; what was not acknowledged is published again
            let moved = tokio::time::timeout(Duration::from_millis(100), address.changed());
            drop(moved.await);
        }
    }
}

/// How often each of the events was handled.
async fn counts(host: &TestHost, events: &[usize]) -> Vec<usize> {
    let keys = events.iter().map(|event| format!("done/n{event}")).collect();
    let request = StateGetManyRequest { store: "default".into(), keys, options: vec![] };
    let answer = host.state().await.unwrap().get_many(request).await.unwrap().into_inner();
    let times = |outcome: ottavo_wire::v1::StateGetOutcome| match outcome.outcome {
        Some(state_get_outcome::Outcome::Ok(read)) => {
            read.value.map_or(0, |value| std::str::from_utf8(&value.data).unwrap().parse().unwrap())
        }
        other => panic!("{other:?}"),
    };
    answer.outcomes.into_iter().map(times).collect()
}
