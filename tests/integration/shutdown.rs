//! SIGTERM: requests under way are answered, new ones are not taken, the process ends well.

pub(crate) mod load;

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

#[tokio::test]
async fn who_is_still_running_is_said_before_it_is_cut_off() {
    let config = "[shutdown]\ngrace = \"1s\"\n";
    let host = TestHost::builder().config(config).start().await.unwrap();
    host.deploy(root().join("tests/programs/faults")).await.unwrap();
    let request = http::Request::get("/faults/wait?millis=2500").header("host", "localhost");
    let request = request.header("x-request-id", "the-slow-one").body(bytes::Bytes::new()).unwrap();
    let waiting = tokio::task::spawn(send(host.http(), request));
    until_written(&host, "waiting").await;
    host.signal("-TERM").await.unwrap();
    let (status, folder) = host.wait().await.unwrap();
    assert!(status.success(), "{status}");
    assert!(waiting.await.unwrap().is_err(), "the request was cut off");
    let log = std::fs::read_to_string(folder.path().join("log")).unwrap();
    for said in ["still running: it is cut off in", "cut off: it took longer"] {
        let line = log.lines().find(|line| line.contains(said)).unwrap_or_else(|| panic!("{log}"));
        for part in ["faults", "calls=1", "the-slow-one", "longest="] {
            assert!(line.contains(part), "{line}");
        }
    }
}

#[tokio::test]
async fn apps_reach_the_stores_while_functions_finish() {
    let host = TestHost::start().await.unwrap();
    host.deploy(root().join("tests/programs/faults")).await.unwrap();
    let request = http::Request::get("/faults/wait?millis=1500").header("host", "localhost");
    let request = request.body(bytes::Bytes::new()).unwrap();
    let waiting = tokio::task::spawn(send(host.http(), request));
    until_written(&host, "waiting").await;
    host.signal("-TERM").await.unwrap();
    until(async || host.log().contains("stopping")).await;
    // a call on a new connection, as an app makes it that the function has called
    assert!(host.value("waiting").await.unwrap().is_some());
    let ready = host.health("/actuator/health/readiness").await.unwrap();
    assert_eq!((ready.status, waiting.is_finished()), (503, false), "{}", ready.text());
    assert_eq!(waiting.await.unwrap().unwrap().status, 200);
    assert!(host.wait().await.unwrap().0.success());
}

#[tokio::test]
async fn a_service_manager_is_told_when_the_host_is_ready_and_when_it_stops() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notify");
    let manager = tokio::net::UnixDatagram::bind(&path).unwrap();
    let environment = path.to_str().unwrap();
    let host = TestHost::builder().env("NOTIFY_SOCKET", environment).start().await.unwrap();
    let mut said = [0; 256];
    let length = manager.recv(&mut said).await.unwrap();
    let ready = format!("READY=1\nMAINPID={}\n", host.pid());
    assert_eq!(std::str::from_utf8(&said[..length]).unwrap(), ready);
    host.signal("-TERM").await.unwrap();
    let length = manager.recv(&mut said).await.unwrap();
    assert_eq!(&said[..length], b"STOPPING=1\n");
    assert!(host.wait().await.unwrap().0.success());
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
