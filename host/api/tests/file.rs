//! Files through the rule book: prefixes, grants, bounds, and what ends a writer.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use ottavo_api::{Api, Grants, Session};
use ottavo_blocks::file::{
    ChunkSize, File, FileName, Info, MAX_CHUNK, NewFile, PageLimit, Precondition, Range,
};
use ottavo_core::{
    CallContext, Caller, Clock, KeyPrefix, Kind, Result, Shutdown, StoreName, SystemClock,
};
use ottavo_driver_memory::Memory;
use ottavo_registry::{Catalog, Driver, OpenContext, StoreTable};
use ottavo_telemetry::Metrics;
use serde_json::{Value, json};

/// One `memory` store behind every store of the host, as one bucket would be.
struct Backend(Arc<dyn File>);

#[async_trait]
impl Driver<dyn File> for Backend {
    fn name(&self) -> &'static str {
        "backend"
    }

    async fn open(&self, _: OpenContext, _: Value) -> Result<Arc<dyn File>> {
        Ok(Arc::clone(&self.0))
    }
}

/// The stores `named` and `plain`, prefixed by name and not, on one backend, which comes with them.
async fn host() -> (Arc<Api>, Arc<dyn File>) {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let shutdown = Shutdown::new();
    let context = OpenContext {
        name: "backend".parse().expect("valid"),
        folder: "/nonexistent".into(),
        clock: Arc::clone(&clock),
        shutdown: shutdown.clone(),
    };
    let backend: Arc<dyn File> = Memory.open(context, json!({})).await.expect("open");
    let mut catalog = Catalog::default();
    catalog.file.add(Backend(Arc::clone(&backend)));
    let table = |(store, text): (&str, &str)| {
        let name: StoreName = store.parse().expect("valid");
        let prefix = KeyPrefix::resolve(text, &name, None).expect(text);
        (name, StoreTable::new("backend", prefix, json!({})))
    };
    let tables = [("named", "name"), ("plain", "none")].map(table).into();
    let tables = BTreeMap::from([("file".to_owned(), tables)]);
    let stores = catalog.open(&tables, Path::new("/nonexistent"), &clock, &shutdown).await;
    (Api::new(Arc::new(stores.expect("open")), &Metrics::new()), backend)
}

fn cx() -> CallContext {
    CallContext::new("test".into(), Caller::Anonymous, Duration::from_secs(30))
}

fn session(api: &Arc<Api>, grants: &str) -> Session {
    let mut held = Grants::default();
    held.allow("file", grants).expect(grants);
    Session::new(Arc::clone(api), cx(), Arc::new(held))
}

fn name(text: &str) -> FileName {
    FileName::parse(text).expect("valid")
}

async fn put(session: &Session, store: &str, text: &str) -> Result<Info> {
    let mut writer = session.file(store)?.create(NewFile::new(name(text))).await?;
    writer.write(Bytes::from_static(b"data")).await?;
    writer.finish().await
}

async fn list(session: &Session, store: &str, prefix: &str) -> Result<Vec<String>> {
    let page = session.file(store)?.list(prefix, None, PageLimit::parse(10)?).await?;
    Ok(page.files.into_iter().map(|info| info.name.into_string()).collect())
}

#[tokio::test]
async fn a_prefix_is_on_every_name_and_no_caller_sees_it() {
    let (api, backend) = host().await;
    let (named, plain) = (session(&api, "named"), session(&api, "plain"));
    assert_eq!(put(&named, "named", "a/b").await.expect("put").name, name("a/b"));
    put(&plain, "plain", "c").await.expect("put");
    let page = backend.list(&cx(), "", None, PageLimit::parse(10).expect("valid")).await;
    let held: Vec<_> = page.expect("list").files.into_iter().map(|i| i.name.to_string()).collect();
    assert_eq!(held, ["c", "named||a/b"]);

    assert_eq!(list(&named, "named", "").await.expect("list"), ["a/b"]);
    assert_eq!(list(&plain, "plain", "").await.expect("list"), ["c"]);
    let files = named.file("named").expect("granted");
    let known = files.stat(name("a/b")).await.expect("stat").expect("there");
    let mut reader = files.open(name("a/b"), Range::default()).await.expect("open").expect("there");
    assert_eq!((reader.info(), &known.name), (&known, &name("a/b")));
    assert_eq!(reader.read(ChunkSize::MAX).await.expect("read"), "data");
    let absent = NewFile { precondition: Precondition::Absent, ..NewFile::new(name("a/b")) };
    let error = files.create(absent).await.err().expect("it exists");
    assert!(error.message().contains("`a/b`") && !error.message().contains("||"), "{error}");
    files.delete(name("a/b")).await.expect("delete");
    assert_eq!(list(&named, "named", "").await.expect("list"), [""; 0]);
}

#[tokio::test]
async fn a_grant_covers_names_by_their_beginning() {
    let (api, _) = host().await;
    let some = session(&api, "plain:public/*");
    put(&some, "plain", "public/a").await.expect("granted");
    let files = some.file("plain").expect("granted");
    let denied = [
        put(&some, "plain", "private/a").await.err(),
        put(&some, "named", "public/a").await.err(),
        files.open(name("public"), Range::default()).await.err(),
        files.stat(name("publi")).await.err(),
        files.delete(name("private/a")).await.err(),
        list(&some, "plain", "").await.err(),
        list(&some, "plain", "public").await.err(),
    ];
    for error in denied {
        assert_eq!(error.expect("no grant").kind(), Kind::Denied);
    }
    assert_eq!(list(&some, "plain", "public/").await.expect("granted"), ["public/a"]);
    let up = list(&some, "plain", "public/../").await.expect_err("it leads up");
    assert_eq!(up.kind(), Kind::InvalidArgument);
}

#[tokio::test]
async fn a_writer_ends_with_its_first_error_and_with_its_finish() {
    let (api, _) = host().await;
    let plain = session(&api, "plain");
    let files = plain.file("plain").expect("granted");
    let mut writer = files.create(NewFile::new(name("a"))).await.expect("create");
    let large = writer.write(vec![0; MAX_CHUNK + 1].into()).await.expect_err("too large");
    assert_eq!((large.kind(), large.detail("limit")), (Kind::TooLarge, Some("1048576")));
    for error in [writer.write("x".into()).await.err(), writer.finish().await.err()] {
        assert_eq!(error.expect("it has ended").kind(), Kind::FailedPrecondition);
    }
    let mut writer = files.create(NewFile::new(name("b"))).await.expect("create");
    writer.write(vec![0; MAX_CHUNK].into()).await.expect("the largest chunk");
    writer.finish().await.expect("finish");
    assert_eq!(writer.finish().await.expect_err("twice").kind(), Kind::FailedPrecondition);
    assert_eq!(list(&plain, "plain", "").await.expect("list"), ["b"]);
}
