//! Pub/sub under the rules: grants by topic, prefixes that no caller sees, batches.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ottavo_api::pubsub::PubSubCalls;
use ottavo_api::{Api, Grants, Session};
use ottavo_blocks::pubsub::{Group, Lease, MAX_BATCH, Message, PubSub, Start, Subscription, Topic};
use ottavo_core::{
    CallContext, Caller, Clock, Error, KeyPrefix, Kind, Result, Shutdown, StoreName, SystemClock,
};
use ottavo_driver_memory::Memory;
use ottavo_registry::{Catalog, Driver, OpenContext, StoreTable};
use ottavo_telemetry::Metrics;
use serde_json::{Value, json};

/// One `memory` store behind every store of the host, as one redis would be.
struct Backend(Arc<dyn PubSub>);

#[async_trait]
impl Driver<dyn PubSub> for Backend {
    fn name(&self) -> &'static str {
        "backend"
    }

    async fn open(&self, _: OpenContext, _: Value) -> Result<Arc<dyn PubSub>> {
        Ok(Arc::clone(&self.0))
    }
}

/// The stores `one` and `two`, each with a prefix of its name, on one backend.
async fn host() -> Arc<Api> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let shutdown = Shutdown::new();
    let context = OpenContext {
        name: "backend".parse().expect("valid"),
        folder: "/nonexistent".into(),
        clock: Arc::clone(&clock),
        shutdown: shutdown.clone(),
    };
    let backend = Driver::<dyn PubSub>::open(&Memory, context, json!({})).await.expect("open");
    let mut catalog = Catalog::default();
    catalog.pubsub.add(Backend(backend));
    let table = |store: &str| {
        let name: StoreName = store.parse().expect("valid");
        let prefix = KeyPrefix::resolve("name", &name, None).expect("valid");
        (name, StoreTable::new("backend", prefix, json!({})))
    };
    let tables = ["one", "two"].map(table).into();
    let tables = BTreeMap::from([("pubsub".to_owned(), tables)]);
    let stores = catalog.open(&tables, Path::new("/nonexistent"), &clock, &shutdown).await;
    Api::new(Arc::new(stores.expect("open")), &Metrics::new())
}

fn session(api: &Arc<Api>, grants: &[&str]) -> Session {
    let cx = CallContext::new("test".into(), Caller::App("shop".into()), Duration::from_secs(30));
    let mut held = Grants::default();
    for grant in grants {
        held.allow("pubsub", grant).expect(grant);
    }
    Session::new(Arc::clone(api), cx, Arc::new(held))
}

fn topic(text: &str) -> Topic {
    Topic::parse(text).expect("valid")
}

fn subscription(to: &str) -> Subscription {
    Subscription {
        topic: topic(to),
        group: Group::parse("g").expect("valid"),
        lease: Lease::parse(Duration::from_secs(60)).expect("valid"),
        from: Start::New,
    }
}

fn message(data: &str) -> Message {
    Message::new("text/plain", data.to_owned())
}

async fn refused(calls: &PubSubCalls<'_>, to: &str) -> Error {
    calls.publish(topic(to), message("x")).await.expect_err("not granted")
}

#[tokio::test]
async fn a_grant_covers_topics_by_their_beginning() {
    let api = host().await;
    let session = session(&api, &["one:in/*"]);
    let calls = session.pubsub("one").expect("granted");
    calls.publish(topic("in/orders"), message("1")).await.expect("granted");
    let denied = refused(&calls, "out").await;
    assert_eq!(denied.kind(), Kind::Denied);
    assert!(denied.message().contains("`out`") && !denied.message().contains("||"), "{denied}");
    let many = calls.publish_many(topic("out"), vec![Ok(message("1"))].into_iter()).await;
    assert_eq!(many.expect_err("not granted").kind(), Kind::Denied);
    let subscribed = calls.subscribe(subscription("out")).await;
    assert_eq!(subscribed.err().expect("not granted").kind(), Kind::Denied);
    assert_eq!(session.pubsub("two").err().expect("not granted").kind(), Kind::Denied);
    let everything =
        Session::new(Arc::clone(&api), session.context().clone(), Arc::new(Grants::everything()));
    assert_eq!(everything.pubsub("none").err().expect("missing").kind(), Kind::NotFound);
}

#[tokio::test]
async fn stores_with_prefixes_do_not_meet_in_one_backend() {
    let api = host().await;
    let session = session(&api, &["one", "two"]);
    let (one, two) = (session.pubsub("one").expect("one"), session.pubsub("two").expect("two"));
    let first = one.subscribe(subscription("orders")).await.expect("subscribe");
    let second = two.subscribe(subscription("orders")).await.expect("subscribe");
    one.publish(topic("orders"), message("1")).await.expect("publish");
    two.publish(topic("orders"), message("2")).await.expect("publish");
    for (consumption, data) in [(&first, "1"), (&second, "2")] {
        let got = consumption.next(10).await.expect("next");
        assert_eq!(got.len(), 1);
        assert_eq!((&*got[0].event.data, &*got[0].event.source), (data.as_bytes(), "shop"));
        let patience = Duration::from_secs(10);
        assert!(consumption.acknowledge(patience, &got[0].receipt).await.expect("acknowledge"));
    }
    one.unsubscribe(topic("orders"), &Group::parse("g").expect("valid")).await.expect("drop");
    let gone = first.next(1).await.expect_err("dropped");
    assert_eq!(gone.kind(), Kind::NotFound);
    assert!(!gone.message().contains("||"), "{gone}");
    two.publish(topic("orders"), message("3")).await.expect("publish");
    assert_eq!(second.next(1).await.expect("next").len(), 1);
}

#[tokio::test]
async fn a_batch_answers_in_its_order_and_has_a_bound() {
    let api = host().await;
    let session = session(&api, &["one"]);
    let calls = session.pubsub("one").expect("granted");
    let messages =
        vec![Ok(message("1")), Err(Error::invalid("undecodable")), Ok(Message::new("x", "3"))];
    let outcomes = calls.publish_many(topic("a"), messages.into_iter()).await.expect("publish");
    let fine: Vec<_> = outcomes.iter().map(Result::is_ok).collect();
    assert_eq!(fine, [true, false, false]);
    let many = vec![(); MAX_BATCH + 1].into_iter().map(|()| Ok(message("1")));
    let error = calls.publish_many(topic("a"), many).await.expect_err("too many");
    assert_eq!(error.kind(), Kind::TooLarge);
}
