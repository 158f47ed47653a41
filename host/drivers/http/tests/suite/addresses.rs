//! A name is looked up here, and what it turns out to be is checked before anything is sent.

use ottavo_core::Kind;
use ottavo_test_support::Peer;

use super::{ANYWHERE, PUBLIC, client, cx, get};

#[tokio::test]
async fn what_is_not_of_the_internet_is_denied_without_a_connection() {
    let (peer, client) = (Peer::start().await.unwrap(), client());
    let port = peer.address().port();
    for host in ["127.0.0.1", "localhost", "127.1", "[::ffff:127.0.0.1]", "0.0.0.0"] {
        let url = format!("http://{host}:{port}/");
        let error = client.send(&cx(), get(&url), PUBLIC).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Denied, "{url}: {error:?}");
        assert!(error.message().contains("private:"), "{error}");
    }
    assert_eq!(peer.accepted(), 0);
}

#[tokio::test]
async fn a_connection_of_a_wider_reach_is_not_used_for_a_narrower_one() {
    let (peer, client) = (Peer::start().await.unwrap(), client());
    let url = format!("http://localhost:{}/", peer.address().port());
    client.send(&cx(), get(&url), ANYWHERE).await.unwrap();
    let error = client.send(&cx(), get(&url), PUBLIC).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Denied);
    assert_eq!((peer.accepted(), peer.requests()), (1, 1));
}

#[tokio::test]
async fn a_name_that_nobody_knows_is_unavailable() {
    let error = client().send(&cx(), get("http://nobody.invalid/"), PUBLIC).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unavailable, "{error:?}");
    assert!(error.message().contains("nobody.invalid"), "{error}");
}
