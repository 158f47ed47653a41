//! The stream of a subscriber.

use futures_util::stream;
use ottavo_api::Grants;
use ottavo_core::Kind;
use ottavo_wire::from_status;
use ottavo_wire::v1::pub_sub_client::PubSubClient;
use ottavo_wire::v1::pub_sub_subscribe_request::Request;
use ottavo_wire::v1::pub_sub_subscribe_response::Response;
use ottavo_wire::v1::*;
use tokio::sync::mpsc;
use tonic::transport::Channel;
use tonic::{Status, Streaming};

use crate::host::{Host, PATIENCE, config};

fn begin(store: &str, group: &str) -> Request {
    let (store, topic, group) = (store.to_owned(), "orders".to_owned(), group.to_owned());
    Request::Begin(PubSubBegin { store, topic, group, ..PubSubBegin::default() })
}

struct Stream {
    requests: mpsc::Sender<PubSubSubscribeRequest>,
    responses: Streaming<PubSubSubscribeResponse>,
}

impl Stream {
    async fn open(host: &Host, first: Request) -> Result<Stream, Status> {
        let (requests, mut sent) = mpsc::channel(16);
        let sent = stream::poll_fn(move |cx| sent.poll_recv(cx));
        requests.try_send(PubSubSubscribeRequest { request: Some(first) }).unwrap();
        let mut client = PubSubClient::new(host.channel().await);
        Ok(Stream { requests, responses: client.subscribe(sent).await?.into_inner() })
    }

    async fn begun(host: &Host) -> Stream {
        let mut stream = Stream::open(host, begin("default", "g")).await.unwrap();
        assert_eq!(stream.next().await.unwrap(), Some(Response::Begun(PubSubBegun {})));
        stream
    }

    fn send(&self, request: Request) {
        self.requests.try_send(PubSubSubscribeRequest { request: Some(request) }).unwrap();
    }

    async fn next(&mut self) -> Result<Option<Response>, Status> {
        let next = tokio::time::timeout(PATIENCE, self.responses.message()).await;
        Ok(next.expect("an answer in time")?.map(|message| message.response.unwrap()))
    }

    async fn delivery(&mut self) -> PubSubDelivery {
        match self.next().await.unwrap() {
            Some(Response::Delivery(delivery)) => delivery,
            other => panic!("expected a delivery, got {other:?}"),
        }
    }
}

async fn publish(channel: Channel, data: &'static [u8]) {
    let message = PubSubMessage { data: data.into(), ..PubSubMessage::default() };
    let (store, topic, message) = ("default".to_owned(), "orders".to_owned(), Some(message));
    let request = PubSubPublishRequest { store, topic, message };
    PubSubClient::new(channel).publish(request).await.unwrap();
}

#[tokio::test]
async fn events_come_as_far_as_they_were_asked_for() {
    let host = Host::start().await;
    let mut stream = Stream::begun(&host).await;
    for data in [b"1", b"2", b"3"] {
        publish(host.channel().await, data).await;
    }
    stream.send(Request::Ask(2));
    let (one, two) = (stream.delivery().await, stream.delivery().await);
    let data = |delivery: &PubSubDelivery| delivery.event.clone().unwrap().data;
    assert_eq!((&*data(&one), &*data(&two)), (&b"1"[..], &b"2"[..]));
    assert_eq!((one.attempt, two.attempt), (1, 1));

    // nothing more was asked for: the next answer is that to the acknowledgement
    stream.send(Request::Acknowledge(one.receipt.clone()));
    stream.send(Request::Acknowledge(one.receipt.clone()));
    stream.send(Request::Renew("x".to_owned()));
    for (receipt, held, kind) in [
        (&*one.receipt, true, None),
        (&*one.receipt, false, None),
        ("x", false, Some(ErrorKind::InvalidArgument)),
    ] {
        let Some(Response::Settled(settled)) = stream.next().await.unwrap() else {
            panic!("expected an answer to an acknowledgement");
        };
        assert_eq!((&*settled.receipt, settled.held), (receipt, held));
        assert_eq!(settled.error.map(|error| error.kind()), kind);
    }
    stream.send(Request::Retry(PubSubRetry { receipt: two.receipt, after_millis: 0 }));
    assert!(matches!(stream.next().await.unwrap(), Some(Response::Settled(_))));
    stream.send(Request::Ask(2));
    let (three, again) = (stream.delivery().await, stream.delivery().await);
    let mut seen = [(data(&three), three.attempt), (data(&again), again.attempt)];
    seen.sort();
    assert_eq!(seen, [("2".into(), 2), ("3".into(), 1)]);
    drop(stream);
    host.stop().await;
}

#[tokio::test]
async fn a_stream_that_breaks_the_rules_ends_with_the_rule() {
    let host = Host::start().await;
    for (first, kind) in [
        (Request::Ask(1), Kind::InvalidArgument),
        (begin("default", ""), Kind::InvalidArgument),
        (begin("nowhere", "g"), Kind::NotFound),
    ] {
        let refused = Stream::open(&host, first).await.err().unwrap();
        assert_eq!(from_status(&refused).kind(), kind, "{refused:?}");
    }
    for wrong in [Request::Ask(0), Request::Ask(1001), begin("default", "g")] {
        let mut stream = Stream::begun(&host).await;
        stream.send(wrong);
        let refused = stream.next().await.unwrap_err();
        assert_eq!(from_status(&refused).kind(), Kind::InvalidArgument, "{refused:?}");
    }
    host.stop().await;
}

#[tokio::test]
async fn a_stream_ends_when_its_group_is_dropped() {
    let host = Host::start().await;
    let mut stream = Stream::begun(&host).await;
    stream.send(Request::Ask(1));
    let (store, topic, group) = ("default".to_owned(), "orders".to_owned(), "g".to_owned());
    let request = PubSubUnsubscribeRequest { store, topic, group };
    PubSubClient::new(host.channel().await).unsubscribe(request).await.unwrap();
    let gone = stream.next().await.unwrap_err();
    assert_eq!(from_status(&gone).kind(), Kind::NotFound, "{gone:?}");
    host.stop().await;
}

#[tokio::test]
async fn a_stream_needs_a_grant_for_its_topic() {
    let mut grants = Grants::default();
    grants.allow("pubsub", "default:open/*").unwrap();
    let host = Host::with(config(), grants).await;
    let refused = Stream::open(&host, begin("default", "g")).await.err().unwrap();
    assert_eq!(from_status(&refused).kind(), Kind::Denied, "{refused:?}");
    host.stop().await;
}

#[tokio::test]
async fn streams_end_when_the_host_stops() {
    let host = Host::start().await;
    let mut stream = Stream::begun(&host).await;
    stream.send(Request::Ask(1));
    let (stopped, ended) = tokio::join!(host.stop(), stream.next());
    let () = stopped;
    assert_eq!(ended.unwrap(), None);
}
