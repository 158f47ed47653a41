//! The cases of the block, in each protocol.

use ottavo_blocks::invoke::suite::{self, Harness, PEER, Time};
use ottavo_test_support::Peer;
use serde_json::json;

use super::open;

async fn passes(protocol: &str) -> Peer {
    let peer = Peer::start().await.unwrap();
    let apps = json!({ PEER: format!("http://{}", peer.address()) });
    let store = open(json!({ "apps": apps, "protocol": protocol })).await.unwrap();
    let report = suite::run_all(&Harness { store, time: Time::Real }).await;
    assert_eq!(report.failures(), [""; 0], "\n{report}");
    peer
}

#[tokio::test]
async fn every_case_passes_over_http_1() {
    passes("auto").await;
}

#[tokio::test]
async fn every_case_passes_over_http_2_on_one_connection() {
    let peer = passes("h2").await;
    assert_eq!(peer.accepted(), 1);
}
