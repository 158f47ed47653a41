//! How long it takes to go back.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use ottavo_test_support::{Client, TestHost};

use super::function::{PATH, deploy_file, run, version, wasm};

const CLIENTS: usize = 4;

/// What is promised: from the command to the first answer of the version before.
const PROMISED: Duration = Duration::from_secs(1);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rollback_is_in_force_within_a_second_under_load() {
    let host = TestHost::start().await.unwrap();
    let over = Arc::new(AtomicBool::new(false));
    deploy_file(&host, wasm(&host, 1), 1, &[]).await.unwrap();
    deploy_file(&host, wasm(&host, 2), 2, &[]).await.unwrap();
    let load = (0..CLIENTS).map(|_| {
        let (over, address) = (Arc::clone(&over), host.http());
        tokio::task::spawn(async move {
            let mut client = Client::open(address).await.unwrap();
            while !over.load(Ordering::Relaxed) {
                assert_eq!(client.send("GET", PATH, "").await.unwrap().status, 200);
            }
        })
    });
    let load: Vec<_> = load.collect();
    let mut client = Client::open(host.http()).await.unwrap();
    let mut took = Vec::new();
    for _ in 0..5 {
        let since = Instant::now();
        let back = run(&host, &["rollback", "f"]);
        let first = async {
            while version(&client.send("GET", PATH, "").await.unwrap().json()) != 1 {}
            since.elapsed()
        };
        let (back, first) = tokio::join!(back, first);
        assert_eq!(back.unwrap()["active"], 1);
        took.push(first);
        run(&host, &["activate", "f", "v2"]).await.unwrap();
        assert_eq!(version(&client.send("GET", PATH, "").await.unwrap().json()), 2);
    }
    over.store(true, Ordering::Relaxed);
    for client in load {
        client.await.expect("no request failed");
    }
    println!("from the command to the first answer of the version before: {took:?}");
    assert!(took.iter().all(|took| *took < PROMISED), "{took:?}");
}
