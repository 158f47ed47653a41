//! Long runs: right answers and flat memory, in one instance that is kept and in fresh ones.

use std::collections::HashMap;

use bytes::Bytes;
use ottavo_test_support::{Client, TestHost};

use super::{Language, with_stress};

/// Calls in one instance, and in fresh ones.
const KEPT: usize = 20_000;
const FRESH: usize = 2_000;

/// What memory may still grow by after the first quarter of a run: a collector's heap breathes.
const BREATH: u64 = 8 << 20;

const MEMORY: &str = "[state.default]\ndriver = \"memory\"\n";

/// Bodies of every size up to 1 MiB, the large ones rarely.
struct Bodies(Vec<(Bytes, String)>);

impl Bodies {
    fn new() -> Bodies {
        let sizes = [0, 1, 100, 4 << 10, 64 << 10, 1 << 20];
        Bodies(sizes.map(Bodies::body).into())
    }

    fn body(size: usize) -> (Bytes, String) {
        // every byte value, at changing places
        let bytes: Vec<u8> = (0..size).map(|at| (at * 31 + at / 251) as u8).collect();
        let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        });
        (Bytes::from(bytes), format!("{hash:016x}"))
    }

    fn of(&self, call: usize) -> &(Bytes, String) {
        let size = match call % 40 {
            0 => 5,
            rest if rest % 20 == 1 => 4,
            rest => rest % 4,
        };
        &self.0[size]
    }
}

/// One call, whose answer is checked.
async fn call(client: &mut Client, language: &Language, at: usize, bodies: &Bodies) {
    let name = language.name;
    let (body, hash) = bodies.of(at);
    if at.is_multiple_of(2) {
        let answer = client.send("POST", &format!("/stress/{name}/echo"), body.clone()).await;
        let answer = answer.unwrap();
        assert_eq!(answer.status, 200, "{name}, call {at}: {}", answer.text());
        assert!(answer.body == body, "{name}, call {at}: another body");
        assert_eq!(answer.headers["x-length"], body.len().to_string().as_str());
    } else {
        let path = format!("/stress/{name}/store?key=stress-{name}&times=3");
        let answer = client.send("POST", &path, body.clone()).await.unwrap();
        assert_eq!((answer.status, answer.text()), (200, hash.as_str()), "{name}, call {at}");
    }
}

/// `memory` and `collections` as the program tells them.
async fn facts(client: &mut Client, language: &Language) -> HashMap<String, u64> {
    let answer =
        client.send("GET", &format!("/stress/{}/memory", language.name), "").await.unwrap();
    let pairs = answer.text().split_whitespace().filter_map(|pair| pair.split_once('='));
    pairs.filter_map(|(name, number)| Some((name.to_owned(), number.parse().ok()?))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_instance_takes_twenty_thousand_calls() {
    let host = TestHost::builder().config(MEMORY).start().await.unwrap();
    let bodies = Bodies::new();
    for language in with_stress() {
        language.deploy_stress(&host, "reuse = { calls = 1000000, idle = \"1h\" }").await;
        let mut client = Client::open(host.http()).await.unwrap();
        let mut early = HashMap::new();
        for at in 0..KEPT {
            call(&mut client, language, at, &bodies).await;
            if at == KEPT / 4 {
                early = facts(&mut client, language).await;
            }
        }
        let late = facts(&mut client, language).await;
        let name = language.name;
        assert!(late["memory"] <= early["memory"] + BREATH, "{name}: {early:?}, then {late:?}");
        if name == "go" {
            assert!(late["collections"] >= 300, "{name}: {late:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_thousand_fresh_instances_leave_nothing_behind() {
    let host = TestHost::builder().config(MEMORY).start().await.unwrap();
    let bodies = Bodies::new();
    for language in with_stress() {
        language.deploy_stress(&host, "").await;
        let mut client = Client::open(host.http()).await.unwrap();
        let mut early = 0;
        for at in 0..FRESH {
            call(&mut client, language, at, &bodies).await;
            if at == FRESH / 4 {
                early = host.resident_bytes().unwrap();
            }
        }
        let late = host.resident_bytes().unwrap();
        let name = language.name;
        assert!(late <= early + 2 * BREATH, "{name}: {early} bytes, then {late}");
    }
}
