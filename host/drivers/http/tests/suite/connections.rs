//! Connections are kept, and not shared by what must not share them.

use ottavo_test_support::Peer;

use super::{ANYWHERE, client, cx, get};

#[tokio::test]
async fn calls_one_after_the_other_use_one_connection() {
    let (peer, client) = (Peer::start().await.unwrap(), client());
    for _ in 0..50 {
        let url = format!("http://{}/status/200", peer.address());
        assert_eq!(client.send(&cx(), get(url), ANYWHERE).await.unwrap().status(), 200);
    }
    assert_eq!((peer.requests(), peer.accepted()), (50, 1));
}

#[tokio::test]
async fn calls_at_the_same_time_use_one_connection_each_and_leave_them_for_the_next() {
    let (peer, client) = (Peer::start().await.unwrap(), client());
    for _ in 0..3 {
        let meet = |n| client_meets(&client, &peer, n);
        let (a, b, c) = tokio::join!(meet(3), meet(3), meet(3));
        assert_eq!([a, b, c], [200; 3]);
    }
    assert_eq!((peer.requests(), peer.accepted()), (9, 3));
}

async fn client_meets(client: &ottavo_driver_http::Client, peer: &Peer, count: usize) -> u16 {
    let url = format!("http://{}/meet/{count}/here", peer.address());
    client.send(&cx(), get(url), ANYWHERE).await.unwrap().status().as_u16()
}

#[tokio::test]
async fn an_exchange_that_is_given_up_ends_at_the_server() {
    let (peer, client) = (Peer::start().await.unwrap(), client());
    let cx = cx();
    let url = format!("http://{}/hang", peer.address());
    let mut call = Box::pin(client.send(&cx, get(url), ANYWHERE));
    tokio::select! {
        answer = &mut call => panic!("an answer: {answer:?}"),
        hangs = peer.until_hanging(1) => hangs.unwrap(),
    }
    drop(call);
    peer.until_hanging(0).await.unwrap();
}
