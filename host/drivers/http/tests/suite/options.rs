//! A table that is wrong is refused with the key and the reason.

use ottavo_core::Kind;
use serde_json::json;

use super::open;

#[tokio::test]
async fn what_is_wrong_in_the_table_is_named() {
    for (table, named) in [
        (json!({ "url": "http://a" }), "url"),
        (json!({ "apps": { "a": "ftp://a" } }), "apps.a"),
        (json!({ "apps": { "a": "http://a/?x" } }), "apps.a"),
        (json!({ "apps": { "a b": "http://a" } }), "a b"),
        (json!({ "protocol": "h3" }), "h3"),
        (json!({ "connect_timeout": "0s" }), "connect_timeout"),
        (json!({ "ca": "/nonexistent/ca.pem" }), "ca"),
    ] {
        let error = open(table).await.err().expect(named);
        assert_eq!(error.kind(), Kind::InvalidArgument, "{named}");
        assert!(error.message().contains(named), "{error}");
    }
}

#[tokio::test]
async fn a_path_in_an_address_stands_before_those_of_calls() {
    let peer = ottavo_test_support::Peer::start().await.unwrap();
    let apps = json!({ "a": format!("http://{}/base/", peer.address()) });
    let store = open(json!({ "apps": apps })).await.unwrap();
    let call = ottavo_blocks::invoke::Call {
        request: super::get("/x?y=1"),
        max_body: ottavo_core::units::ByteCount(100),
    };
    let answer = store.call(&super::cx(), &"a".parse().unwrap(), call).await.unwrap();
    assert_eq!(answer.headers()["x-line"], "GET /base/x?y=1");
}
