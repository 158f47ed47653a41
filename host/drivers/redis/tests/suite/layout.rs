//! What is in redis, as redis-cli and Layotto see it.

use ottavo_blocks::state::{Etag, Expiry, Operation, Precondition, Removal};
use ottavo_core::Kind;
use ottavo_test_support::TestRedis;

use crate::open::{at, cx, get, key, list, set, set_if, text};

/// Field by field, sorted, as `name=value`.
async fn hash(redis: &TestRedis, key: &str) -> Vec<String> {
    let lines = redis.cli(&["hgetall", key]).await.expect("hgetall");
    let lines: Vec<_> = lines.lines().collect();
    let mut fields: Vec<_> = lines.chunks(2).map(|pair| pair.join("=")).collect();
    fields.sort();
    fields
}

#[tokio::test]
async fn a_value_is_a_hash_with_data_and_version() {
    let redis = TestRedis::start().await.unwrap();
    let store = at(&redis.url()).await;
    let first = set(&store, "book1", "100").await.unwrap();
    assert_eq!(first.as_str(), "1");
    assert_eq!(hash(&redis, "book1").await, ["data=100", "version=1"]);
    set_if(&store, "book1", "99", Precondition::Match(first)).await.unwrap();
    assert_eq!(hash(&redis, "book1").await, ["data=99", "version=2"]);
    store.increment(&cx(), &key("book1"), 1, Expiry::Never).await.unwrap();
    assert_eq!(hash(&redis, "book1").await, ["data=100", "version=3"]);
    assert_eq!(redis.cli(&["ttl", "book1"]).await.unwrap(), "-1");
}

#[tokio::test]
async fn what_layotto_wrote_is_read_and_written_on() {
    let redis = TestRedis::start().await.unwrap();
    let store = at(&redis.url()).await;
    redis.cli(&["hset", "a", "data", "hello", "version", "7"]).await.unwrap();
    assert_eq!(text(&store, "a").await, Some(("hello".into(), "7".into())));
    let etag = Etag::parse("7").unwrap();
    let next = set_if(&store, "a", "bye", Precondition::Match(etag)).await.unwrap();
    assert_eq!(next.as_str(), "8");
    assert_eq!(hash(&redis, "a").await, ["data=bye", "version=8"]);
}

#[tokio::test]
async fn what_layotto_wrote_with_first_write_wants_an_etag() {
    let redis = TestRedis::start().await.unwrap();
    let store = at(&redis.url()).await;
    redis.cli(&["hset", "a", "data", "x", "first-write", "0", "version", "1"]).await.unwrap();
    let error = set(&store, "a", "y").await.expect_err("without an etag");
    assert_eq!(error.kind(), Kind::Conflict, "{error:?}");
    let upsert = Operation::Upsert(ottavo_blocks::state::Entry::new(key("a"), "y"));
    let error = store.transact(&cx(), vec![upsert]).await.expect_err("without an etag");
    assert_eq!((error.kind(), error.detail("index")), (Kind::Conflict, Some("0")));
    let etag = Etag::parse("1").unwrap();
    set_if(&store, "a", "y", Precondition::Match(etag)).await.unwrap();
    assert_eq!(hash(&redis, "a").await, ["data=y", "first-write=0", "version=2"]);
    let removal = Removal { key: key("a"), precondition: Precondition::Any };
    store.delete(&cx(), removal).await.unwrap();
    set(&store, "a", "z").await.unwrap();
    assert_eq!(hash(&redis, "a").await, ["data=z", "version=1"]);
}

#[tokio::test]
async fn a_plain_string_is_a_value_with_a_hash_of_it_as_etag() {
    let redis = TestRedis::start().await.unwrap();
    let store = at(&redis.url()).await;
    redis.cli(&["set", "book1", "100"]).await.unwrap();
    let (data, etag) = text(&store, "book1").await.unwrap();
    assert_eq!(data, "100");
    // printf 100 | sha1sum
    assert_eq!(etag, "sha1-310b86e0b62b828562fc91c7be5380a992b2786a");
    assert_eq!(list(&store, "book", 10).await, ["book1"]);
    redis.cli(&["set", "book1", "99"]).await.unwrap();
    let stale = Precondition::Match(Etag::parse(etag).unwrap());
    let error = set_if(&store, "book1", "1", stale).await.expect_err("it was changed");
    assert_eq!(error.kind(), Kind::Conflict);
    assert_eq!(redis.cli(&["get", "book1"]).await.unwrap(), "99");
    let (_, etag) = text(&store, "book1").await.unwrap();
    let current = Precondition::Match(Etag::parse(etag).unwrap());
    assert_eq!(set_if(&store, "book1", "98", current).await.unwrap().as_str(), "1");
    assert_eq!(hash(&redis, "book1").await, ["data=98", "version=1"]);
}

#[tokio::test]
async fn a_write_onto_a_plain_string_keeps_its_expiry_and_makes_it_a_hash() {
    let redis = TestRedis::start().await.unwrap();
    let store = at(&redis.url()).await;
    for name in ["set", "add", "both"] {
        redis.cli(&["set", name, "41", "ex", "1000"]).await.unwrap();
    }
    set(&store, "set", "1").await.unwrap();
    let sum = store.increment(&cx(), &key("add"), 1, Expiry::Never).await.unwrap();
    assert_eq!(sum, 42);
    let twice = vec![Operation::Increment(key("both"), 1), Operation::Increment(key("both"), 1)];
    store.transact(&cx(), twice).await.unwrap();
    for (name, data, version) in [("set", "1", 1), ("add", "42", 1), ("both", "43", 2)] {
        let fields = [format!("data={data}"), format!("version={version}")];
        assert_eq!(hash(&redis, name).await, fields);
        let left: i64 = redis.cli(&["ttl", name]).await.unwrap().parse().unwrap();
        assert!((990..=1000).contains(&left), "{name}: {left}");
    }
    redis.cli(&["set", "text", "abc"]).await.unwrap();
    let error = store.increment(&cx(), &key("text"), 1, Expiry::Never).await.expect_err("text");
    assert_eq!(error.kind(), Kind::FailedPrecondition);
    assert_eq!(redis.cli(&["get", "text"]).await.unwrap(), "abc");
}

#[tokio::test]
async fn a_hash_that_was_set_by_hand_without_a_version_is_a_value() {
    let redis = TestRedis::start().await.unwrap();
    let store = at(&redis.url()).await;
    for version in ["", "0", "x", "99999999999999999999"] {
        redis.cli(&["hset", "a", "data", "100", "version", version]).await.unwrap();
        let (data, etag) = text(&store, "a").await.unwrap();
        assert_eq!((data.as_str(), &etag[..5]), ("100", "sha1-"));
        let etag = Precondition::Match(Etag::parse(etag).unwrap());
        set_if(&store, "a", "1", etag).await.unwrap();
        assert_eq!(hash(&redis, "a").await, ["data=1", "version=1"]);
    }
}

#[tokio::test]
async fn other_kinds_of_data_are_neither_values_nor_overwritten() {
    let redis = TestRedis::start().await.unwrap();
    let store = at(&redis.url()).await;
    redis.cli(&["rpush", "list", "1"]).await.unwrap();
    redis.cli(&["hset", "user", "name", "x"]).await.unwrap();
    let precondition = Precondition::Any;
    for (name, what) in [("list", "redis list"), ("user", "without the field `data`")] {
        let set = set(&store, name, "1").await.expect_err(name);
        let removal = Removal { key: key(name), precondition: precondition.clone() };
        let delete = store.delete(&cx(), removal).await.expect_err(name);
        let add = store.increment(&cx(), &key(name), 1, Expiry::Never).await.expect_err(name);
        let add_all = vec![Operation::Increment(key("new"), 1), Operation::Increment(key(name), 1)];
        let all = store.transact(&cx(), add_all).await.expect_err(name);
        assert_eq!(all.detail("index"), Some("1"));
        for error in [set, delete, add, all] {
            assert_eq!(error.kind(), Kind::FailedPrecondition, "{error:?}");
            assert!(error.message().contains(what), "{error}");
        }
    }
    let error = get(&store, "list").await.expect_err("a list");
    assert_eq!(error.kind(), Kind::FailedPrecondition);
    assert_eq!(redis.cli(&["dbsize"]).await.unwrap(), "2");
    assert_eq!(list(&store, "", 10).await, ["user"]);
}
