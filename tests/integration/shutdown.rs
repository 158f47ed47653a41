//! SIGTERM: requests under way are answered, new ones are not taken, the process ends well.

use ottavo_test_support::{TestHost, root, send};

#[tokio::test]
async fn a_request_under_way_is_answered_before_the_host_ends() {
    let host = TestHost::start().await.unwrap();
    host.deploy(root().join("tests/programs/faults")).await.unwrap();
    let address = host.http();
    let request = http::Request::get("/faults/wait?millis=800").header("host", "localhost");
    let request = request.body(bytes::Bytes::new()).unwrap();
    let waiting = tokio::task::spawn(send(address, request));
    // its first write shows that it has begun
    until_written(&host, "waiting").await;

    host.signal("-TERM").await.unwrap();
    let answer = waiting.await.unwrap().unwrap();
    assert_eq!(answer.status, 200, "{}", answer.text());
    let (status, _folder) = host.wait().await.unwrap();
    assert!(status.success(), "{status}");
    assert!(tokio::net::TcpStream::connect(address).await.is_err(), "nobody listens any more");
}

#[tokio::test]
async fn a_second_signal_ends_it_at_once() {
    let host = TestHost::start().await.unwrap();
    host.deploy(root().join("tests/programs/faults")).await.unwrap();
    let request = http::Request::get("/faults/wait?millis=2500").header("host", "localhost");
    let request = request.body(bytes::Bytes::new()).unwrap();
    let waiting = tokio::task::spawn(send(host.http(), request));
    until_written(&host, "waiting").await;

    host.signal("-TERM").await.unwrap();
    // two signals that are both pending would count as one
    until(async || host.log().contains("stopping")).await;
    host.signal("-TERM").await.unwrap();
    let (_, folder) = host.wait().await.unwrap();
    assert!(waiting.await.unwrap().is_err(), "the request was cut off");
    let log = std::fs::read_to_string(folder.path().join("log")).unwrap();
    assert!(log.contains("second signal"), "{log}");
}

/// Waits until a key is in the default store, seen through the gRPC door.
async fn until_written(host: &TestHost, key: &str) {
    until(async || host.value(key).await.unwrap().is_some()).await;
}

async fn until(holds: impl AsyncFn() -> bool) {
    let wait = async {
        while !holds().await {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(60), wait).await.unwrap();
}
