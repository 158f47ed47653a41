//! The table, and what it says when it is wrong.

use std::time::Duration;

use ottavo_blocks::Options;
use ottavo_blocks::state::{Capability, Entry};
use ottavo_core::{CallContext, Caller, Kind};
use ottavo_test_support::TestRedis;
use serde_json::json;

use crate::open::{at, key, open};

#[tokio::test]
async fn a_wrong_table_says_what_is_wrong_and_never_the_password() {
    let url = "redis://user:hunter2@127.0.0.1:1";
    for (table, word) in [
        (json!({}), "`url`"),
        (json!({ "url": 3 }), "`url`"),
        (json!({ "url": [] }), "`url`"),
        (json!({ "url": "localhost:6379" }), "`url`"),
        (json!({ "url": "http://user:hunter2@localhost" }), "`url`"),
        (json!({ "url": "redis://user:hunter2@localhost/first" }), "database"),
        (json!({ "url": "rediss://user:hunter2@localhost/#insecure" }), "`ca`"),
        (json!({ "url": url, "pool": 3 }), "`pool`"),
        (json!({ "url": url, "mode": "master" }), "`single`"),
        (json!({ "url": [url, url] }), "`mode`"),
        (json!({ "url": url, "mode": "sentinel" }), "`master`"),
        (json!({ "url": url, "master": "orders" }), "`mode"),
        (json!({ "url": url, "sentinel_password": "hunter2" }), "`sentinel_password`"),
        (json!({ "url": url, "password": 42 }), "password"),
        (json!({ "url": url, "ca": "/ca.pem" }), "`rediss://`"),
        (json!({ "url": "rediss://localhost", "ca": "/nonexistent/ca.pem" }), "`ca`"),
        (json!({ "url": "rediss://localhost", "cert": "/c.pem" }), "`key`"),
        (json!({ "url": url, "connect_timeout": "soon" }), "`soon`"),
        (json!({ "url": url, "connect_timeout": "0s" }), "`connect_timeout`"),
        (json!({ "url": format!("{url}/3"), "mode": "cluster" }), "database 3"),
        (json!({ "url": "unix:///run/redis.sock", "mode": "cluster" }), "unix socket"),
        (json!({ "url": [url, "rediss://localhost"], "mode": "cluster" }), "`rediss://`"),
    ] {
        let error = open(table.clone()).await.err().expect("a wrong table");
        assert_eq!(error.kind(), Kind::InvalidArgument, "{table}: {error:?}");
        assert!(error.message().contains(word), "{table}: {error}");
        let all = format!("{error:?}");
        assert!(!all.contains("hunter2") && !all.contains("42"), "{all}");
    }
}

#[tokio::test]
async fn an_unknown_option_of_this_driver_is_refused() {
    let redis = TestRedis::start().await.unwrap();
    let store = at(&redis.url()).await;
    let cx = CallContext::new("test".into(), Caller::Anonymous, Duration::from_secs(10));
    let pairs = vec![("redis.speed".to_owned(), "fast".to_owned())];
    let options = Options::parse(pairs).expect("not a common option");
    let got = store.get(&cx, &key("a"), &options).await.expect_err("unknown option");
    assert_eq!(got.kind(), Kind::InvalidArgument);
    let bad = Entry { options, ..Entry::new(key("a"), "1") };
    let batch = vec![bad, Entry::new(key("a"), "2")];
    let outcomes = store.set_many(&cx, batch).await.expect("each on its own");
    assert_eq!([outcomes[0].is_ok(), outcomes[1].is_ok()], [false, true]);
}

#[tokio::test]
async fn only_what_is_true_is_claimed() {
    let single = open(json!({ "url": "redis://127.0.0.1:1" })).await.unwrap();
    assert_eq!(single.capabilities(), [Capability::Shared, Capability::Transact]);
    let table = json!({ "url": "redis://127.0.0.1:1", "mode": "cluster" });
    assert_eq!(open(table).await.unwrap().capabilities(), [Capability::Shared]);
}
