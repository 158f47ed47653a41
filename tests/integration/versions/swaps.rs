//! Versions change under load, and no request notices.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use ottavo_test_support::{Client, TestHost};

use super::function::{PATH, answers, deploy, run, version};

const SWAPS: u32 = 100;
const CLIENTS: usize = 4;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_swaps_under_load_fail_no_request() {
    let host = TestHost::start().await.unwrap();
    deploy(&host, 1, &[]).await.unwrap();
    let (over, answered) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let load = (0..CLIENTS).map(|_| {
        let (over, answered, address) = (Arc::clone(&over), Arc::clone(&answered), host.http());
        tokio::task::spawn(async move {
            let mut client = Client::open(address).await.unwrap();
            let mut last = 0;
            while !over.load(Ordering::Relaxed) {
                let answer = client.send("GET", PATH, "").await.unwrap();
                assert_eq!(answer.status, 200, "{}", answer.text());
                last = version(&answer.json());
                answered.fetch_add(1, Ordering::Relaxed);
            }
            last
        })
    });
    let load: Vec<_> = load.collect();
    // by a deploy, and back and forth between what is kept
    let mut newest = 1;
    for swap in 0..SWAPS {
        let before = answered.load(Ordering::Relaxed);
        let active = match swap % 4 {
            0 | 2 => {
                let deployed = deploy(&host, swap + 2, &[]).await.unwrap();
                newest = deployed["function"]["version"].as_u64().unwrap();
                newest
            }
            1 => run(&host, &["rollback", "f"]).await.unwrap()["active"].as_u64().unwrap(),
            _ => {
                let kept = format!("v{}", newest - 1);
                run(&host, &["activate", "f", &kept]).await.unwrap()["active"].as_u64().unwrap()
            }
        };
        assert_eq!(answers(&host).await, active, "in force when it is said");
        while answered.load(Ordering::Relaxed) == before {
            tokio::task::yield_now().await;
        }
    }
    over.store(true, Ordering::Relaxed);
    for client in load {
        assert!(client.await.expect("no request failed") > 0);
    }
    println!("{SWAPS} swaps, {} requests, none failed", answered.load(Ordering::Relaxed));
}
