//! Secrets and configuration through a session: what a grant covers, and prefixes that nobody sees.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use ottavo_api::{Api, Grants, Session};
use ottavo_blocks::config::{Item, Key, MAX_ITEM, Scope, Updates};
use ottavo_blocks::secret::Bundle;
use ottavo_core::{CallContext, Caller, Clock, KeyPrefix, Kind, Shutdown, StoreName, SystemClock};
use ottavo_driver_memory::Memory;
use ottavo_registry::{Catalog, Reference, StoreTable, Stores, Tables};
use ottavo_telemetry::Metrics;
use serde_json::{Value, json};

fn table(store: &str, prefix: &str, options: Value) -> (StoreName, StoreTable) {
    let name: StoreName = store.parse().expect("valid");
    let prefix = KeyPrefix::resolve(prefix, &name, None).expect("valid");
    (name, StoreTable::new("memory", prefix, options))
}

async fn open(tables: BTreeMap<String, Tables>) -> ottavo_core::Result<Stores> {
    let mut catalog = Catalog::default();
    catalog.config.add(Memory);
    catalog.secret.add(Memory);
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    catalog.open(&tables, Path::new("/nonexistent"), &clock, &Shutdown::new()).await
}

/// Stores of secrets and of configuration: `plain`, and `shop` with that as the prefix of its keys.
async fn host() -> Arc<Api> {
    let secrets = json!({ "values": {
        "token": "hunter2", "db/user": "app", "db/password": "p",
        "shop||token": "own", "shop||db/user": "mine",
    }});
    let both = |options: Value| {
        [table("plain", "none", options.clone()), table("shop", "name", options)].into()
    };
    let tables = [("secret".to_owned(), both(secrets)), ("config".to_owned(), both(json!({})))];
    let stores = open(tables.into()).await.expect("open");
    Api::new(Arc::new(stores), &Metrics::new())
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

fn shown(bundle: &Bundle) -> String {
    let pair = |(name, value): &(String, ottavo_core::Secret<bytes::Bytes>)| {
        format!("{name}={}", String::from_utf8_lossy(value.expose()))
    };
    bundle.values.iter().map(pair).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn a_grant_for_some_names_covers_no_others_nor_what_stands_above_them() {
    let api = host().await;
    let session = session(&api, &[("secret", "plain:db/*")]);
    let vault = session.secret("plain").expect("granted");
    let found = vault.get(key("db/user"), None).await.expect("granted").expect("there");
    assert_eq!(shown(&found), "db/user=app");
    for name in ["token", "db", "d", "shop||token".split("||").next().expect("a word")] {
        let error = vault.get(key(name), None).await.expect_err("not granted");
        assert_eq!(error.kind(), Kind::Denied, "{name}");
        assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
    }
    let all = vault.get_bulk().await.expect("what is granted");
    let names: Vec<_> = all.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["db/password", "db/user"]);
    assert_eq!(session.secret("shop").err().expect("no grant").kind(), Kind::Denied);
}

#[tokio::test]
async fn secrets_behind_a_prefix_are_known_by_their_own_names() {
    let api = host().await;
    let session = session(&api, &[("secret", "shop"), ("secret", "plain")]);
    let vault = session.secret("shop").expect("granted");
    let one = vault.get(key("token"), None).await.expect("read").expect("there");
    assert_eq!(shown(&one), "token=own");
    let below = vault.get(key("db"), None).await.expect("read").expect("there");
    assert_eq!(shown(&below), "user=mine");
    assert_eq!(vault.get(key("db/password"), None).await.expect("read"), None);
    let all = vault.get_bulk().await.expect("read");
    let all: Vec<_> = all.iter().map(|(name, found)| format!("{name}: {}", shown(found))).collect();
    assert_eq!(all, ["db/user: db/user=mine", "token: token=own"]);
    // names that nobody of the other store could say
    let plain = session.secret("plain").expect("granted").get_bulk().await.expect("read");
    assert!(plain.iter().all(|(name, _)| !name.as_str().contains("||")), "{plain:?}");
}

fn scope() -> Scope {
    Scope::parse("app", "", "").expect("valid")
}

async fn save(session: &Session, store: &str, name: &str, value: &str) -> ottavo_core::Result<()> {
    let store = session.config(store)?;
    store.save(vec![(scope(), Item::new(key(name), value))]).await
}

async fn names(session: &Session, store: &str, keys: &[&str]) -> ottavo_core::Result<Vec<String>> {
    let keys = keys.iter().map(|name| key(name)).collect();
    let items = session.config(store)?.get(scope(), keys).await?;
    Ok(items.into_iter().map(|item| item.key.into_string()).collect())
}

async fn next(updates: &mut Updates) -> String {
    let update = tokio::time::timeout(Duration::from_secs(30), updates.next()).await;
    let update = update.expect("in time").expect("not over").expect("an update");
    let items = update.items.iter().map(|item| format!("{}={}", item.key, item.value));
    let deleted = update.deleted.iter().map(|key| format!("-{key}"));
    items.chain(deleted).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn a_grant_for_some_keys_covers_no_others_in_reads_writes_and_updates() {
    let api = host().await;
    let all = session(&api, &[("config", "plain")]);
    let some = session(&api, &[("config", "plain:ui/*")]);
    for name in ["ui/dark", "limit"] {
        save(&all, "plain", name, "1").await.expect("granted");
    }
    assert_eq!(names(&some, "plain", &[]).await.expect("what is granted"), ["ui/dark"]);
    let error = names(&some, "plain", &["ui/dark", "limit"]).await.expect_err("not granted");
    assert_eq!(error.kind(), Kind::Denied);
    assert_eq!(save(&some, "plain", "limit", "2").await.expect_err("no").kind(), Kind::Denied);
    let store = some.config("plain").expect("granted");
    let error = store.delete(scope(), vec![key("limit")]).await.expect_err("not granted");
    assert_eq!(error.kind(), Kind::Denied);
    let error = store.subscribe(scope(), vec![key("limit")]).await.err().expect("not granted");
    assert_eq!(error.kind(), Kind::Denied);

    let mut updates = store.subscribe(scope(), vec![]).await.expect("what is granted");
    assert_eq!(next(&mut updates).await, "ui/dark=1");
    save(&all, "plain", "limit", "3").await.expect("granted");
    save(&all, "plain", "ui/dark", "3").await.expect("granted");
    assert_eq!(next(&mut updates).await, "ui/dark=3");
}

#[tokio::test]
async fn items_behind_a_prefix_are_known_by_their_own_keys() {
    let api = host().await;
    let session = session(&api, &[("config", "shop")]);
    let store = session.config("shop").expect("granted");
    let mut updates = store.subscribe(scope(), vec![]).await.expect("subscribed");
    assert_eq!(next(&mut updates).await, "");
    save(&session, "shop", "limit", "1").await.expect("saved");
    assert_eq!(names(&session, "shop", &[]).await.expect("read"), ["limit"]);
    assert_eq!(names(&session, "shop", &["limit"]).await.expect("read"), ["limit"]);
    assert_eq!(next(&mut updates).await, "limit=1");
    store.delete(scope(), vec![key("limit")]).await.expect("deleted");
    assert_eq!(next(&mut updates).await, "-limit");
    let item = Item::new(key("large"), "x".repeat(MAX_ITEM));
    let error = store.save(vec![(scope(), item)]).await.expect_err("too large");
    assert!(!error.message().contains("||"), "{error}");
}

#[tokio::test]
async fn an_answer_has_a_bound() {
    let api = host().await;
    let session = session(&api, &[("config", "plain")]);
    for number in 0..17 {
        let value = "x".repeat(MAX_ITEM - 16);
        save(&session, "plain", &format!("k{number:02}"), &value).await.expect("saved");
    }
    let error = names(&session, "plain", &[]).await.expect_err("over four MiB");
    assert_eq!(error.kind(), Kind::TooLarge);
    assert_eq!(names(&session, "plain", &["k00", "k16"]).await.expect("two").len(), 2);
}

#[tokio::test]
async fn options_get_their_secrets_from_a_store_that_is_opened_before() {
    let vault = |values: Value| {
        let tables: Tables = [table("vault", "none", json!({ "values": values }))].into();
        ("secret".to_owned(), tables)
    };
    let other = |name: &str| {
        // a driver that refuses what it is handed shows what that is
        let (store, mut table) = table("own", "none", json!({ "size": "" }));
        table.references = vec![Reference {
            pointer: "/size".to_owned(),
            store: "vault".parse().expect("valid"),
            name: name.to_owned(),
            place: "ottavo.toml:7:1: `config.own.size` ".to_owned(),
        }];
        ("config".to_owned(), Tables::from([(store, table)]))
    };
    let values =
        json!({ "a": "hunter2\n", "db/user": "u", "db/password": "hunter2", "empty": "\n" });
    for (name, said) in [
        ("a", "`config.own`: "),
        (
            "nothing",
            "ottavo.toml:7:1: `config.own.size` needs the secret `nothing` of the secret store `vault`: it is missing",
        ),
        ("db", "it has several values: go on with `/` and one of `password`, `user`"),
        ("empty", "it is empty"),
    ] {
        let tables = [vault(values.clone()), other(name)].into();
        let error = open(tables).await.err().expect("`size` is unknown");
        assert!(error.message().contains(said), "{name}: {error}");
        assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
    }
    let error = open([other("a")].into()).await.err().expect("no vault");
    assert!(error.message().ends_with("no such store is configured"), "{error}");
}
