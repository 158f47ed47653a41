//! Deploys at the same time, and deploys whose host is killed.

use std::collections::BTreeSet;

use ottavo_test_support::{TestHost, program};
use serde_json::Value;

use super::function::{answers, artifacts, deploy, deploy_file, run, shares, wasm};

#[tokio::test]
async fn deploys_of_one_function_come_one_after_the_other() {
    let host = TestHost::builder().config("[deploy]\nkeep = 20\n").start().await.unwrap();
    deploy(&host, 1, &[]).await.unwrap();
    let all = futures_util::future::join_all((2..=9).map(|mark| {
        let host = &host;
        async move { deploy(host, mark, &[]).await.unwrap() }
    }));
    let number = |reply: &Value| reply["function"]["version"].as_u64().unwrap();
    let numbers: BTreeSet<_> = all.await.iter().map(number).collect();
    assert_eq!(numbers, (2..=9).collect());
    assert_eq!(answers(&host).await, 9);
    // what was active before the last one is the one before it
    let back = run(&host, &["rollback", "f"]).await.unwrap();
    assert_eq!(back["active"], 8);
}

/// The host is killed while somebody deploys and goes back, at another moment in each round.
#[tokio::test]
async fn after_a_kill_the_last_acknowledged_version_answers_and_nothing_is_left_behind() {
    const ROUNDS: u32 = 12;
    let mut host = TestHost::builder().config("[deploy]\nkeep = 3\n").start().await.unwrap();
    deploy(&host, 0, &[]).await.unwrap();
    let mut active = 1;
    for round in 0..ROUNDS {
        let file = wasm(&host, (round % 4) as u8);
        let acknowledged = {
            let change = async {
                let mut acknowledged = vec![active];
                let mut mark = 1000 * (round + 1);
                loop {
                    mark += 1;
                    let done = match mark % 3 {
                        0 => run(&host, &["rollback", "f"]).await,
                        _ => deploy_file(&host, file.clone(), mark, &[]).await,
                    };
                    let Ok(done) = done else { return acknowledged };
                    let number = match done.get("function") {
                        Some(function) => function["version"].as_u64(),
                        None => done["active"].as_u64(),
                    };
                    acknowledged.push(number.unwrap());
                }
            };
            // another moment in each round, not a wait for anything
            let moment = std::time::Duration::from_millis(u64::from(150 + 37 * round));
            let kill = async {
                tokio::time::sleep(moment).await;
                host.signal("-KILL").await.unwrap();
            };
            tokio::join!(change, kill).0
        };
        let (_, folder) = host.wait().await.unwrap();
        let config = "[deploy]\nkeep = 3\n";
        host = TestHost::builder().folder(folder).config(config).start().await.unwrap();
        let now = answers(&host).await;
        let last = *acknowledged.last().unwrap();
        let kept: Vec<_> = shares(&host).await;
        assert!(kept.len() <= 3 && kept.contains(&(now, 100)), "{kept:?}");
        assert!(now == last || under_way(&acknowledged, now), "{acknowledged:?}: {now}");
        let named: BTreeSet<_> = digests(&host).await;
        assert_eq!(artifacts(&host), named.len(), "round {round}");
        active = now;
    }
    // and it goes on
    deploy_file(&host, program("echo").unwrap(), 1, &[]).await.unwrap();
    assert!(answers(&host).await > active);
}

/// Whether the change after the last acknowledged one, which nobody was told of, leads to `now`: a
/// deploy to a new version, a rollback to an older one.
fn under_way(acknowledged: &[u64], now: u64) -> bool {
    let (last, highest) = (acknowledged[acknowledged.len() - 1], acknowledged.iter().max());
    now > *highest.unwrap() || now < last
}

async fn digests(host: &TestHost) -> BTreeSet<String> {
    let list = run(host, &["versions", "f"]).await.unwrap();
    let versions = list["versions"].as_array().unwrap().iter();
    versions.map(|version| version["digest"].as_str().unwrap().to_owned()).collect()
}
