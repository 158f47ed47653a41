//! The behaviour suite of state, on each kind of redis, and under load.

use std::sync::Arc;

use futures_util::future::{join, join_all};
use ottavo_blocks::state::suite::{self, Harness, Time};
use ottavo_blocks::state::{Entry, Expiry, Precondition, State};
use ottavo_core::Kind;
use ottavo_test_support::TestRedis;
use serde_json::json;

use crate::open::{add, at, cx, get, key, list, open, set, set_if};

fn harness(store: Arc<dyn State>) -> Harness {
    Harness { store, time: Time::Real }
}

#[tokio::test]
async fn every_case_passes_at_the_same_time_and_again() {
    let redis = TestRedis::start().await.unwrap();
    let harness = harness(at(&redis.url()).await);
    for _ in 0..3 {
        let report = suite::run_all_at_once(&harness).await;
        assert_eq!(report.failures(), [""; 0], "\n{report}");
    }
}

#[tokio::test]
async fn every_case_passes_over_a_unix_socket() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("redis.sock").display().to_string();
    let _redis = TestRedis::with_config(&format!("unixsocket {socket}\n")).await.unwrap();
    let harness = harness(at(&format!("unix://{socket}?db=3")).await);
    let report = suite::run_all_at_once(&harness).await;
    assert_eq!(report.failures(), [""; 0], "\n{report}");
}

/// The nodes of a cluster, and their addresses.
pub(crate) async fn nodes() -> (Vec<TestRedis>, Vec<String>) {
    let mut nodes = Vec::new();
    for _ in 0..3 {
        nodes.push(TestRedis::with_config("cluster-enabled yes\n").await.expect("a node"));
    }
    TestRedis::cluster(&nodes).await.expect("a cluster");
    let urls = nodes.iter().map(TestRedis::url).collect();
    (nodes, urls)
}

async fn cluster() -> (Vec<TestRedis>, Arc<dyn State>) {
    let (nodes, urls) = nodes().await;
    let store = open(json!({ "url": urls, "mode": "cluster" })).await.expect("open");
    (nodes, store)
}

#[tokio::test]
async fn every_case_passes_on_a_cluster() {
    let (mut nodes, store) = cluster().await;
    let report = suite::run_all_at_once(&harness(Arc::clone(&store))).await;
    assert_eq!(report.failures(), [""; 0], "\n{report}");

    // keys of every node are listed, and a transaction stays within one slot
    let names: Vec<_> = (0..200).map(|i| format!("spread/{i:03}")).collect();
    for name in &names {
        set(&store, name, "1").await.unwrap();
    }
    for limit in [7, 1000] {
        assert_eq!(list(&store, "spread/", limit).await, names);
    }
    let increment = |name| ottavo_blocks::state::Operation::Increment(key(name), 1);
    let same = vec![increment("{t}a"), increment("{t}b")];
    assert!(store.transact(&cx(), same).await.is_ok());
    let across = vec![increment("a"), increment("b")];
    let error = store.transact(&cx(), across).await.expect_err("two slots");
    assert_eq!(error.kind(), Kind::Unsupported, "{error:?}");
    assert!(get(&store, "a").await.unwrap().is_none());

    // one master that is away is enough for a store to be down
    assert!(store.health(&cx()).await.is_ok());
    let (last, others) = nodes.split_last_mut().unwrap();
    last.kill().await.unwrap();
    let error = store.health(&cx()).await.expect_err("its keys cannot be reached");
    assert_eq!(error.kind(), Kind::Unavailable, "{error:?}");

    // every node goes and comes back, empty: the same store goes on
    for node in others {
        node.kill().await.unwrap();
    }
    let error = get(&store, "a").await.expect_err("nobody is there");
    assert_eq!(error.kind(), Kind::Unavailable, "{error:?}");
    for node in &mut nodes {
        node.start_again().await.unwrap();
    }
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(30);
    while let Err(error) = set(&store, "a", "1").await {
        assert_eq!(error.kind(), Kind::Unavailable, "{error:?}");
        assert!(tokio::time::Instant::now() < deadline, "{error:?}");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn calls_go_on_while_a_cluster_moves_slots_and_none_counts_twice() {
    let (nodes, store) = cluster().await;
    let names: Vec<_> = (0..1000).map(|i| format!("n/{i:04}")).collect();
    let (from, to) = (nodes[0].cli(&["cluster", "myid"]), nodes[1].cli(&["cluster", "myid"]));
    let (from, to) = (from.await.unwrap(), to.await.unwrap());
    let address = format!("127.0.0.1:{}", nodes[0].port());
    let arguments =
        ["--cluster", "reshard", &address, "--cluster-from", &from, "--cluster-to", &to];
    let arguments = [&arguments[..], &["--cluster-slots", "300", "--cluster-yes"]].concat();
    let moved = std::cell::Cell::new(false);
    let reshard = async {
        nodes[0].cli(&arguments).await.unwrap();
        moved.set(true);
    };
    let count = async {
        let mut rounds = 0;
        loop {
            // once more after the move
            let last = moved.get();
            rounds += 1;
            for sum in join_all(names.iter().map(|name| add(&store, name))).await {
                assert_eq!(sum.expect("moved, not lost"), rounds);
            }
            if last {
                return rounds;
            }
        }
    };
    let ((), rounds) = join(reshard, count).await;
    assert!(rounds > 1, "the slots moved before anything was counted");
    assert_eq!(list(&store, "n/", 100).await, names);
}

#[tokio::test]
async fn a_hundred_clients_count_one_key_by_its_etag() {
    let redis = TestRedis::start().await.unwrap();
    // a connection for every ten of them
    let stores = join_all((0..10).map(|_| async { at(&redis.url()).await })).await;
    set(&stores[0], "count", "0").await.unwrap();
    let count = |number: usize| {
        let store = Arc::clone(&stores[number % 10]);
        async move {
            loop {
                let value = get(&store, "count").await.unwrap().unwrap();
                let seen: u64 = std::str::from_utf8(&value.data).unwrap().parse().unwrap();
                let next = (seen + 1).to_string();
                match set_if(&store, "count", &next, Precondition::Match(value.etag)).await {
                    Ok(_) => return,
                    Err(error) => assert_eq!(error.kind(), Kind::Conflict, "{error:?}"),
                }
            }
        }
    };
    join_all((0..100).map(count)).await;
    let value = get(&stores[0], "count").await.unwrap().unwrap();
    assert_eq!((&*value.data, value.etag.as_str()), (&b"100"[..], "101"));
}

#[tokio::test]
async fn expiry_is_redis_own_to_the_millisecond() {
    let redis = TestRedis::start().await.unwrap();
    let store = at(&redis.url()).await;
    let hour = Expiry::After(std::time::Duration::from_secs(3600));
    let entry = Entry { expiry: hour, ..Entry::new(key("a"), "1") };
    store.set(&cx(), entry).await.unwrap();
    let left: u64 = redis.cli(&["pttl", "a"]).await.unwrap().parse().unwrap();
    assert!((3_590_000..=3_600_000).contains(&left), "{left}");
    let sum = store.increment(&cx(), &key("n"), 1, hour).await.unwrap();
    assert_eq!((sum, redis.cli(&["ttl", "n"]).await.unwrap().as_str()), (1, "3600"));
}

#[tokio::test]
async fn any_key_is_apart_from_any_other_and_listed_by_its_beginning() {
    let redis = TestRedis::start().await.unwrap();
    let store = at(&redis.url()).await;
    let mut names: Vec<String> =
        (1..=127u8).map(|byte| format!("k{}x", char::from(byte))).collect();
    names.extend(
        ["k*", "k?", "k[a]", "k[^a]", "k\\*", "k{tag}", "k-", "k\u{10ffff}"].map(String::from),
    );
    for name in &names {
        set(&store, name, name).await.unwrap();
    }
    for name in &names {
        assert_eq!(&*get(&store, name).await.unwrap().expect(name).data, name.as_bytes());
        let mut expected: Vec<_> =
            names.iter().filter(|other| other.starts_with(name.as_str())).cloned().collect();
        expected.sort();
        assert_eq!(list(&store, name, 3).await, expected, "{name:?}");
    }
    names.sort();
    assert_eq!(list(&store, "k", 10).await, names);
}

#[tokio::test]
async fn pages_are_at_least_half_full_where_every_key_matches() {
    let redis = TestRedis::start().await.unwrap();
    let store = at(&redis.url()).await;
    let names: Vec<_> = (0..1000).map(|i| format!("{i:04}")).collect();
    for outcome in join_all(names.iter().map(|name| set(&store, name, "1"))).await {
        outcome.unwrap();
    }
    for limit in [1, 2, 10, 100, 1000] {
        let limit = ottavo_blocks::state::PageLimit::parse(limit).unwrap();
        let (mut listed, mut pages, mut cursor) = (0, 0, None::<String>);
        loop {
            let page = store.list_keys(&cx(), "", cursor.as_deref(), limit).await.unwrap();
            (listed, pages, cursor) = (listed + page.keys.len(), pages + 1, page.next);
            if cursor.is_none() {
                break;
            }
        }
        // the last page may be any size
        assert_eq!(listed, 1000);
        assert!(pages <= 1 + 2 * 1000 / limit.get(), "{pages} pages of {limit:?}");
    }
}

#[tokio::test]
async fn a_long_list_is_whole_while_the_table_grows_and_shrinks() {
    let redis = TestRedis::start().await.unwrap();
    let store = at(&redis.url()).await;
    let write = async |prefix: &str, count: usize| {
        let entry = |i| Entry::new(key(&format!("{prefix}{i:05}")), "1");
        for start in (0..count).step_by(500) {
            let entries = (start..count.min(start + 500)).map(entry).collect();
            for outcome in store.set_many(&cx(), entries).await.unwrap() {
                outcome.unwrap();
            }
        }
    };
    write("stays/", 3000).await;
    let limit = ottavo_blocks::state::PageLimit::parse(100).unwrap();
    let (mut listed, mut cursor, mut round) = (Vec::new(), None::<String>, 0);
    loop {
        let page = store.list_keys(&cx(), "stays/", cursor.as_deref(), limit).await.unwrap();
        listed.extend(page.keys.into_iter().map(|key| key.into_string()));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
        if round % 4 == 0 {
            write(&format!("goes{round}/"), 2000).await;
        }
        round += 1;
    }
    listed.sort();
    let expected: Vec<_> = (0..3000).map(|i| format!("stays/{i:05}")).collect();
    assert_eq!(listed, expected);
}
