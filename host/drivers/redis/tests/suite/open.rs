//! Stores for the tests, and the calls that they make most.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use ottavo_blocks::Options;
use ottavo_blocks::state::{Entry, Etag, Expiry, Key, PageLimit, Precondition, State, Value};
use ottavo_core::{CallContext, Caller, Result, Shutdown, StoreName, SystemClock};
use ottavo_driver_redis::Redis;
use ottavo_registry::{Driver, OpenContext};
use serde_json::{Value as Json, json};

pub(crate) async fn open(table: Json) -> Result<Arc<dyn State>> {
    let context = OpenContext {
        name: "test".parse::<StoreName>().expect("valid"),
        folder: "/nonexistent".into(),
        clock: Arc::new(SystemClock),
        shutdown: Shutdown::new(),
    };
    Driver::<dyn State>::open(&Redis, context, table).await
}

pub(crate) async fn at(url: &str) -> Arc<dyn State> {
    open(json!({ "url": url })).await.expect("a good table")
}

fn within(timeout: Duration) -> CallContext {
    CallContext::new("test".into(), Caller::Anonymous, timeout)
}

pub(crate) fn cx() -> CallContext {
    within(Duration::from_secs(30))
}

pub(crate) fn key(text: &str) -> Key {
    Key::parse(text).expect("valid")
}

pub(crate) async fn get(store: &Arc<dyn State>, name: &str) -> Result<Option<Value>> {
    get_within(store, name, Duration::from_secs(30)).await
}

pub(crate) async fn get_within(
    store: &Arc<dyn State>,
    name: &str,
    timeout: Duration,
) -> Result<Option<Value>> {
    store.get(&within(timeout), &key(name), &Options::default()).await
}

/// Adds one.
pub(crate) async fn add(store: &Arc<dyn State>, name: &str) -> Result<i64> {
    add_within(store, name, Duration::from_secs(30)).await
}

pub(crate) async fn add_within(
    store: &Arc<dyn State>,
    name: &str,
    timeout: Duration,
) -> Result<i64> {
    store.increment(&within(timeout), &key(name), 1, Expiry::Never).await
}

/// The value of a key as text, with its etag.
pub(crate) async fn text(store: &Arc<dyn State>, name: &str) -> Option<(String, String)> {
    let value = get(store, name).await.expect(name)?;
    let text = String::from_utf8(value.data.to_vec()).expect("text");
    Some((text, value.etag.into_string()))
}

pub(crate) async fn set(store: &Arc<dyn State>, name: &str, data: &str) -> Result<Etag> {
    set_if(store, name, data, Precondition::Any).await
}

pub(crate) async fn set_if(
    store: &Arc<dyn State>,
    name: &str,
    data: &str,
    precondition: Precondition,
) -> Result<Etag> {
    let data = Bytes::copy_from_slice(data.as_bytes());
    store.set(&cx(), Entry { precondition, ..Entry::new(key(name), data) }).await
}

/// Every key with this prefix, sorted, by pages of `limit`.
pub(crate) async fn list(store: &Arc<dyn State>, prefix: &str, limit: u32) -> Vec<String> {
    let limit = PageLimit::parse(limit).expect("valid");
    let (mut keys, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let page = store.list_keys(&cx(), prefix, cursor.as_deref(), limit).await.expect("a page");
        assert!(page.keys.len() <= limit.get());
        keys.extend(page.keys.into_iter().map(Key::into_string));
        cursor = page.next;
        if cursor.is_none() {
            keys.sort();
            return keys;
        }
    }
}
