//! Prefixes of keys: the behaviour suite through a store that has one, and what callers never see.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ottavo_api::{Api, Grants, Session};
use ottavo_blocks::Options;
use ottavo_blocks::state::suite::{self, Harness, Time};
use ottavo_blocks::state::{
    Capability, Entry, Etag, Expiry, Key, KeyPage, Operation, PageLimit, Precondition, Removal,
    State, Value,
};
use ottavo_core::{
    CallContext, Caller, Clock, KeyPrefix, Kind, Result, Shutdown, StoreName, SystemClock,
};
use ottavo_driver_memory::Memory;
use ottavo_registry::{Catalog, Driver, OpenContext, StoreTable};
use ottavo_telemetry::Metrics;

/// One `memory` store behind every store of the host, as one redis would be.
struct Backend(Arc<dyn State>);

#[async_trait]
impl Driver<dyn State> for Backend {
    fn name(&self) -> &'static str {
        "backend"
    }

    async fn open(&self, _: OpenContext, _: serde_json::Value) -> Result<Arc<dyn State>> {
        Ok(Arc::clone(&self.0))
    }
}

fn prefix(store: &str, text: &str) -> KeyPrefix {
    let store: StoreName = store.parse().expect("valid");
    KeyPrefix::resolve(text, &store, Some("app1")).expect(text)
}

/// The stores `app`, `named` and `plain`, prefixed by app id, by name and not, on one backend, which
/// comes with them.
async fn host() -> (Arc<Api>, Arc<dyn State>) {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let (shutdown, empty) = (Shutdown::new(), serde_json::json!({}));
    let context = OpenContext {
        name: "backend".parse().expect("valid"),
        folder: "/nonexistent".into(),
        clock: Arc::clone(&clock),
        shutdown: shutdown.clone(),
    };
    let backend = Memory.open(context, empty.clone()).await.expect("open");
    let mut catalog = Catalog::default();
    catalog.state.add(Backend(Arc::clone(&backend)));
    let table = |(store, text): (&str, &str)| {
        let table = StoreTable::new("backend", prefix(store, text), empty.clone());
        (store.parse().expect("valid"), table)
    };
    let tables = [("app", "appid"), ("named", "name"), ("plain", "none")].map(table).into();
    let tables = BTreeMap::from([("state".to_owned(), tables)]);
    let stores = catalog.open(&tables, Path::new("/nonexistent"), &clock, &shutdown).await;
    (Api::new(Arc::new(stores.expect("open")), &Metrics::new()), backend)
}

fn session(api: &Arc<Api>, grants: &str) -> Session {
    let cx = CallContext::new("test".into(), Caller::Anonymous, Duration::from_secs(30));
    let mut held = Grants::default();
    held.allow("state", grants).expect(grants);
    Session::new(Arc::clone(api), cx, Arc::new(held))
}

fn key(text: &str) -> Key {
    Key::parse(text).expect("valid")
}

/// A store as its callers have it.
struct Door(Arc<Api>, &'static str);

impl Door {
    fn session(&self, cx: &CallContext) -> Session {
        Session::new(Arc::clone(&self.0), cx.clone(), Arc::new(Grants::everything()))
    }
}

#[async_trait]
impl State for Door {
    fn capabilities(&self) -> &'static [Capability] {
        &[Capability::Transact, Capability::EtagsNeverReturn]
    }

    async fn get(&self, cx: &CallContext, key: &Key, options: &Options) -> Result<Option<Value>> {
        self.session(cx).state(self.1)?.get(key.clone(), options.clone()).await
    }

    async fn get_many(
        &self,
        cx: &CallContext,
        keys: &[Key],
        options: &Options,
    ) -> Result<Vec<Result<Option<Value>>>> {
        let keys = keys.iter().cloned().map(Ok).collect::<Vec<_>>();
        self.session(cx).state(self.1)?.get_many(keys.into_iter(), options.clone()).await
    }

    async fn set(&self, cx: &CallContext, entry: Entry) -> Result<Etag> {
        self.session(cx).state(self.1)?.set(entry).await
    }

    async fn set_many(&self, cx: &CallContext, entries: Vec<Entry>) -> Result<Vec<Result<Etag>>> {
        self.session(cx).state(self.1)?.set_many(entries.into_iter().map(Ok)).await
    }

    async fn delete(&self, cx: &CallContext, removal: Removal) -> Result<()> {
        self.session(cx).state(self.1)?.delete(removal).await
    }

    async fn delete_many(
        &self,
        cx: &CallContext,
        removals: Vec<Removal>,
    ) -> Result<Vec<Result<()>>> {
        self.session(cx).state(self.1)?.delete_many(removals.into_iter().map(Ok)).await
    }

    async fn transact(
        &self,
        cx: &CallContext,
        operations: Vec<Operation>,
    ) -> Result<Vec<Option<Etag>>> {
        self.session(cx).state(self.1)?.transact(operations).await
    }

    async fn increment(
        &self,
        cx: &CallContext,
        key: &Key,
        delta: i64,
        initial: Expiry,
    ) -> Result<i64> {
        self.session(cx).state(self.1)?.increment(key.clone(), delta, initial).await
    }

    async fn list_keys(
        &self,
        cx: &CallContext,
        prefix: &str,
        cursor: Option<&str>,
        limit: PageLimit,
    ) -> Result<KeyPage> {
        self.session(cx).state(self.1)?.list_keys(prefix, cursor, limit).await
    }
}

#[tokio::test]
async fn every_case_passes_with_each_prefix_on_one_backend() {
    let (api, _) = host().await;
    for name in ["app", "named", "plain"] {
        let store = Arc::new(Door(Arc::clone(&api), name));
        let report = suite::run_all_at_once(&Harness { store, time: Time::Real }).await;
        assert_eq!(report.failures(), [""; 0], "{name}\n{report}");
    }
}

#[tokio::test]
async fn stores_with_prefixes_have_keys_of_their_own_and_the_backend_has_them_all() {
    let (api, backend) = host().await;
    for name in ["app", "named", "plain"] {
        let session = session(&api, name);
        session.state(name).unwrap().set(Entry::new(key("book1"), name)).await.unwrap();
    }
    let limit = PageLimit::parse(10).unwrap();
    let cx = session(&api, "app").context().clone();
    let held = backend.list_keys(&cx, "", None, limit).await.unwrap().keys;
    let held: Vec<_> = held.into_iter().map(Key::into_string).collect();
    assert_eq!(held, ["app1||book1", "book1", "named||book1"]);
    for name in ["app", "named", "plain"] {
        let session = session(&api, name);
        let store = session.state(name).unwrap();
        let value = store.get(key("book1"), Options::default()).await.unwrap().unwrap();
        assert_eq!(value.data, name);
        // the keys of others are not listed where there is no prefix to tell them apart
        let page = store.list_keys("", None, limit).await.unwrap();
        assert_eq!((page.keys, page.next), (vec![key("book1")], None), "{name}");
        let page = store.list_keys("app1|", None, limit).await.unwrap();
        assert_eq!(page.keys, []);
    }
}

#[tokio::test]
async fn errors_and_grants_speak_of_the_caller_s_key() {
    let (api, _) = host().await;
    let session = session(&api, "app:cart/*");
    let store = session.state("app").unwrap();
    let first = || Entry { precondition: Precondition::Absent, ..Entry::new(key("cart/1"), "1") };
    store.set(first()).await.unwrap();
    let again = store.set(first()).await.expect_err("it exists");
    let each = store.set_many(vec![Ok(first())].into_iter()).await.unwrap().remove(0);
    let all = store.transact(vec![Operation::Upsert(first())]).await.expect_err("it exists");
    for error in [again, each.expect_err("it exists"), all] {
        assert_eq!(error.kind(), Kind::Conflict);
        assert!(error.message().contains("key `cart/1` exists already"), "{error}");
    }
    let denied = store.get(key("app1"), Options::default()).await.expect_err("no grant");
    assert_eq!(denied.kind(), Kind::Denied);
    assert!(denied.message().contains("the key `app1` of"), "{denied}");
}
