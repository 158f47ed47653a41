//! Events while hosts are killed and while hosts share a redis.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::stream;
use ottavo_test_support::{TestHost, TestRedis};
use ottavo_wire::v1::pub_sub_client::PubSubClient;
use ottavo_wire::v1::pub_sub_subscribe_request::Request;
use ottavo_wire::v1::pub_sub_subscribe_response::Response;
use ottavo_wire::v1::*;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tonic::Status;
use tonic::transport::Channel;

const PUBLISHERS: usize = 8;
const ROUNDS: usize = 5;
const A_ROUND: usize = 200;

/// A test that fails must not wait for ever for what does not come.
const PATIENCE: Duration = Duration::from_secs(60);

async fn client(host: &TestHost) -> PubSubClient<Channel> {
    let endpoint = Channel::from_shared(format!("http://{}", host.grpc())).unwrap();
    PubSubClient::new(endpoint.connect().await.unwrap())
}

fn publishing(data: &str) -> PubSubPublishRequest {
    let data = data.to_owned().into_bytes().into();
    let message = Some(PubSubMessage { data, ..PubSubMessage::default() });
    PubSubPublishRequest { store: "default".into(), topic: "orders".into(), message }
}

/// Publishes until the host is gone.
async fn publish(mut client: PubSubClient<Channel>, name: String, known: Arc<Mutex<Known>>) {
    for number in 0.. {
        let data = format!("{name}/{number}");
        if client.publish(publishing(&data)).await.is_err() {
            return;
        }
        known.lock().unwrap().acknowledged.insert(data);
    }
}

#[derive(Default)]
struct Known {
    acknowledged: BTreeSet<String>,
    /// How often each event was handled.
    handled: BTreeMap<String, usize>,
}

/// Consumes, and acknowledges what it has handled, until the host is gone or the stream is dropped.
async fn consume(
    mut client: PubSubClient<Channel>,
    handle: impl Fn(&PubSubDelivery),
) -> Result<(), Status> {
    let (requests, mut sent) = mpsc::channel::<PubSubSubscribeRequest>(64);
    let send = |request| requests.try_send(PubSubSubscribeRequest { request: Some(request) });
    let begin = PubSubBegin {
        store: "default".into(),
        topic: "orders".into(),
        group: "app".into(),
        lease_millis: Some(1000),
        oldest: false,
    };
    send(Request::Begin(begin)).unwrap();
    send(Request::Ask(10)).unwrap();
    let sent = stream::poll_fn(move |cx| sent.poll_recv(cx));
    let mut responses = client.subscribe(sent).await?.into_inner();
    while let Some(message) = responses.message().await? {
        if let Some(Response::Delivery(delivery)) = message.response {
            handle(&delivery);
            send(Request::Acknowledge(delivery.receipt)).unwrap();
            send(Request::Ask(1)).unwrap();
        }
    }
    Ok(())
}

fn text(delivery: &PubSubDelivery) -> String {
    String::from_utf8(delivery.event.as_ref().unwrap().data.to_vec()).unwrap()
}

async fn until(what: &str, done: impl Fn() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !done() {
        assert!(Instant::now() < deadline, "{what} takes too long");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// The group is there before anything is published.
async fn make_group(host: &TestHost) {
    let mut client = client(host).await;
    let begin = PubSubBegin {
        store: "default".into(),
        topic: "orders".into(),
        group: "app".into(),
        ..PubSubBegin::default()
    };
    let begin = PubSubSubscribeRequest { request: Some(Request::Begin(begin)) };
    let mut responses = client.subscribe(stream::iter([begin])).await.unwrap().into_inner();
    assert!(responses.message().await.unwrap().is_some());
}

#[expect(clippy::print_stdout, reason = "how much came twice is part of what the test tells")]
async fn nothing_acknowledged_is_lost(config: &str) {
    let known = Arc::new(Mutex::new(Known::default()));
    let mut host = TestHost::builder().config(config).start().await.unwrap();
    make_group(&host).await;
    for round in 0..ROUNDS {
        let publishers: Vec<_> = (0..PUBLISHERS)
            .map(|n| {
                let (host, known) = (host.grpc(), Arc::clone(&known));
                tokio::task::spawn(async move {
                    let endpoint = Channel::from_shared(format!("http://{host}")).unwrap();
                    let client = PubSubClient::new(endpoint.connect().await.unwrap());
                    publish(client, format!("{round}/{n}"), known).await;
                })
            })
            .collect();
        let (consumer, seen) = (client(&host).await, Arc::clone(&known));
        let consumer = tokio::task::spawn(consume(consumer, move |delivery| {
            *seen.lock().unwrap().handled.entry(text(delivery)).or_default() += 1;
        }));
        // killed in the middle of publishing, delivering and acknowledging
        until("a round", || {
            let known = known.lock().unwrap();
            known.acknowledged.len() >= A_ROUND * (round + 1)
                && known.handled.len() >= A_ROUND * (round + 1) / 2
        })
        .await;
        let folder = host.kill().await.unwrap();
        for publisher in publishers {
            publisher.await.unwrap();
        }
        assert!(consumer.await.unwrap().is_err(), "the stream outlived the host");
        host = TestHost::builder().config(config).folder(folder).start().await.unwrap();
    }
    let (consumer, seen) = (client(&host).await, Arc::clone(&known));
    let consumer = tokio::task::spawn(consume(consumer, move |delivery| {
        *seen.lock().unwrap().handled.entry(text(delivery)).or_default() += 1;
    }));
    until("the rest", || {
        let known = known.lock().unwrap();
        known.acknowledged.iter().all(|event| known.handled.contains_key(event))
    })
    .await;
    consumer.abort();
    let known = known.lock().unwrap();
    let again: usize = known.handled.values().map(|times| times - 1).sum();
    println!(
        "{} events acknowledged, all handled, {again} of them once more; {ROUNDS} kills",
        known.acknowledged.len()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn no_acknowledged_event_is_lost_when_the_host_is_killed_on_local() {
    nothing_acknowledged_is_lost("[pubsub.default]\ndriver = \"local\"\n").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_acknowledged_event_is_lost_when_the_host_is_killed_on_redis() {
    let redis = TestRedis::start().await.unwrap();
    let url = redis.url();
    nothing_acknowledged_is_lost(&format!(
        "[pubsub.default]\ndriver = \"redis\"\nurl = \"{url}\"\n"
    ))
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hosts_on_one_redis_share_a_group() {
    let redis = TestRedis::start().await.unwrap();
    let config = format!("[pubsub.default]\ndriver = \"redis\"\nurl = \"{}\"\n", redis.url());
    let mut hosts = Vec::new();
    for _ in 0..2 {
        hosts.push(TestHost::builder().config(&*config).start().await.unwrap());
    }
    make_group(&hosts[0]).await;
    let handled: Arc<Mutex<Vec<(usize, String)>>> = Arc::default();
    let mut consumers = Vec::new();
    for (n, host) in hosts.iter().enumerate() {
        let (client, handled) = (client(host).await, Arc::clone(&handled));
        consumers.push(tokio::task::spawn(consume(client, move |delivery| {
            assert_eq!(delivery.attempt, 1, "{delivery:?}");
            handled.lock().unwrap().push((n, text(delivery)));
        })));
    }
    // a consumer that is slow to begin finds nothing left, so there are events until both had some
    let mut expected = BTreeSet::new();
    let mut publisher = client(&hosts[0]).await;
    let deadline = Instant::now() + PATIENCE;
    let both = |handled: &[(usize, String)]| (0..2).all(|n| handled.iter().any(|one| one.0 == n));
    while expected.len() < 200 || !both(&handled.lock().unwrap()) {
        assert!(Instant::now() < deadline, "one host did all of it");
        let data = expected.len().to_string();
        publisher.publish(publishing(&data)).await.unwrap();
        expected.insert(data);
    }
    until("handling", || handled.lock().unwrap().len() >= expected.len()).await;
    consumers.iter().for_each(tokio::task::JoinHandle::abort);
    let handled = handled.lock().unwrap();
    let events: BTreeSet<_> = handled.iter().map(|(_, event)| event.clone()).collect();
    assert_eq!((handled.len(), events), (expected.len(), expected));
}
