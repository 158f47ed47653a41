//! Locks and ids within a grant and behind a prefix, on one backend that several stores share.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ottavo_api::{Api, Grants, Session};
use ottavo_blocks::Key;
use ottavo_blocks::lock::{Claim, Lock, Owner, Release, Ttl};
use ottavo_blocks::sequencer::{Order, Sequencer, Size};
use ottavo_core::{
    CallContext, Caller, Clock, KeyPrefix, Kind, Result, Shutdown, StoreName, SystemClock,
};
use ottavo_driver_memory::Memory;
use ottavo_registry::{Catalog, Driver, OpenContext, StoreTable};
use ottavo_telemetry::Metrics;

/// One `memory` store behind every store of a block, as one redis would be.
struct Backend<S: ?Sized>(Arc<S>);

#[async_trait::async_trait]
impl<S: ?Sized + Send + Sync + 'static> Driver<S> for Backend<S> {
    fn name(&self) -> &'static str {
        "backend"
    }

    async fn open(&self, _: OpenContext, _: serde_json::Value) -> Result<Arc<S>> {
        Ok(Arc::clone(&self.0))
    }
}

/// The stores `app` and `plain` of each block, prefixed by app id and not.
async fn host() -> Arc<Api> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let (shutdown, empty) = (Shutdown::new(), serde_json::json!({}));
    let context = || OpenContext {
        name: "backend".parse().expect("valid"),
        folder: "/nonexistent".into(),
        clock: Arc::clone(&clock),
        shutdown: shutdown.clone(),
    };
    let locks: Arc<dyn Lock> = Memory.open(context(), empty.clone()).await.expect("open");
    let ids: Arc<dyn Sequencer> = Memory.open(context(), empty.clone()).await.expect("open");
    let mut catalog = Catalog::default();
    catalog.lock.add(Backend(locks));
    catalog.sequencer.add(Backend(ids));
    let table = |(store, text): (&str, &str)| {
        let name: StoreName = store.parse().expect("valid");
        let prefix = KeyPrefix::resolve(text, &name, Some("app1")).expect(text);
        (name, StoreTable::new("backend", prefix, empty.clone()))
    };
    let tables = || [("app", "appid"), ("plain", "none")].map(table).into();
    let tables =
        BTreeMap::from([("lock".to_owned(), tables()), ("sequencer".to_owned(), tables())]);
    let stores = catalog.open(&tables, Path::new("/nonexistent"), &clock, &shutdown).await;
    Api::new(Arc::new(stores.expect("open")), &Metrics::new())
}

fn session(api: &Arc<Api>, grants: &[(&'static str, &str)]) -> Session {
    let cx = CallContext::new("test".into(), Caller::Anonymous, Duration::from_secs(30));
    let mut held = Grants::default();
    for (block, text) in grants {
        held.allow(block, text).expect(text);
    }
    Session::new(Arc::clone(api), cx, Arc::new(held))
}

fn key(text: &str) -> Key {
    Key::parse(text).expect("valid")
}

fn claim(resource: &str) -> Claim {
    let (owner, ttl) = (Some(me()), Ttl::parse(60_000).expect("valid"));
    Claim { resource: key(resource), owner, ttl, wait: Duration::ZERO }
}

fn me() -> Owner {
    Owner::parse("me").expect("valid")
}

#[tokio::test]
async fn stores_with_prefixes_have_resources_and_keys_of_their_own() {
    let api = host().await;
    let session = session(
        &api,
        &[("lock", "app"), ("lock", "plain"), ("sequencer", "app"), ("sequencer", "plain")],
    );
    for store in ["app", "plain"] {
        let locks = session.lock(store).unwrap();
        assert!(locks.try_lock(claim("a")).await.unwrap().is_some(), "{store}");
        assert!(locks.try_lock(claim("a")).await.unwrap().is_none(), "{store}");
        let ids = session.sequencer(store).unwrap();
        assert_eq!(ids.next(key("a"), Order::Strong).await.unwrap(), 1, "{store}");
        let range = ids.next_range(key("a"), Order::Weak, Size::parse(3).unwrap()).await.unwrap();
        assert_eq!((range.first, range.last), (2, 4), "{store}");
    }
    let locks = session.lock("app").unwrap();
    assert!(locks.renew(key("a"), &me(), Ttl::parse(5000).unwrap()).await.is_ok());
    assert_eq!(locks.unlock(key("a"), &me()).await.unwrap(), Release::Released);
    let lost = locks.renew(key("a"), &me(), Ttl::parse(5000).unwrap()).await.expect_err("lost");
    assert_eq!(lost.kind(), Kind::Conflict);
    // in the words of the caller
    assert!(lost.message().contains("does not hold `a`,"), "{lost}");
    let plain = session.lock("plain").unwrap();
    assert_eq!(plain.unlock(key("a"), &me()).await.unwrap(), Release::Released);
}

#[tokio::test]
async fn a_grant_covers_one_block_and_only_what_it_names() {
    let api = host().await;
    let session = session(&api, &[("lock", "app:jobs/*"), ("sequencer", "plain:order*")]);
    let kind = |error: Option<ottavo_core::Error>| error.map(|error| error.kind());
    assert_eq!(kind(session.lock("plain").err()), Some(Kind::Denied));
    assert_eq!(kind(session.sequencer("app").err()), Some(Kind::Denied));
    assert_eq!(kind(session.state("app").err()), Some(Kind::Denied));

    let locks = session.lock("app").unwrap();
    assert!(locks.try_lock(claim("jobs/1")).await.is_ok());
    let ttl = Ttl::parse(5000).unwrap();
    assert_eq!(kind(locks.try_lock(claim("job")).await.err()), Some(Kind::Denied));
    assert_eq!(kind(locks.renew(key("job"), &me(), ttl).await.err()), Some(Kind::Denied));
    assert_eq!(kind(locks.unlock(key("job"), &me()).await.err()), Some(Kind::Denied));

    let ids = session.sequencer("plain").unwrap();
    assert!(ids.next(key("orders"), Order::Weak).await.is_ok());
    assert_eq!(kind(ids.next(key("x"), Order::Weak).await.err()), Some(Kind::Denied));
    let range = ids.next_range(key("x"), Order::Strong, Size::ONE).await;
    assert_eq!(kind(range.err()), Some(Kind::Denied));
}

#[tokio::test]
async fn a_store_that_does_not_exist_is_named_with_those_that_do() {
    let api = host().await;
    let cx = CallContext::new("test".into(), Caller::Anonymous, Duration::from_secs(30));
    let session = Session::new(api, cx, Arc::new(Grants::everything()));
    for error in [session.lock("other").err(), session.sequencer("other").err()] {
        let error = error.expect("no such store");
        assert_eq!(error.kind(), Kind::NotFound);
        assert!(error.message().contains("configured are app, plain"), "{error}");
    }
}
