//! Locks and ids between processes: several real hosts, killed and not.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ottavo_test_support::{TestHost, TestRedis};
use ottavo_wire::v1::lock_client::LockClient;
use ottavo_wire::v1::sequencer_client::SequencerClient;
use ottavo_wire::v1::*;
use tonic::transport::Channel;

/// Hosts that share one redis.
async fn hosts(redis: &TestRedis, count: usize) -> Vec<TestHost> {
    let url = redis.url();
    let store = |block| format!("[{block}.default]\ndriver = \"redis\"\nurl = {url:?}\n");
    let config = store("lock") + &store("sequencer");
    let mut hosts = Vec::new();
    for _ in 0..count {
        hosts.push(TestHost::builder().config(config.clone()).start().await.unwrap());
    }
    hosts
}

async fn channel(host: &TestHost) -> Channel {
    let endpoint = Channel::from_shared(format!("http://{}", host.grpc())).unwrap();
    endpoint.connect().await.unwrap()
}

async fn locks(host: &TestHost) -> LockClient<Channel> {
    LockClient::new(channel(host).await)
}

async fn ids(host: &TestHost) -> SequencerClient<Channel> {
    SequencerClient::new(channel(host).await)
}

fn take(owner: &str, ttl: Duration, wait: Duration) -> LockTryLockRequest {
    LockTryLockRequest {
        store: "default".into(),
        resource: "report".into(),
        owner: Some(owner.into()),
        ttl_millis: ttl.as_millis().try_into().unwrap(),
        wait_millis: wait.as_millis().try_into().unwrap(),
    }
}

async fn try_lock(
    client: &mut LockClient<Channel>,
    owner: &str,
    wait: Duration,
) -> Option<LockLease> {
    let taken = client.try_lock(take(owner, LONG, wait)).await;
    taken.unwrap().into_inner().lease
}

async fn unlock(client: &mut LockClient<Channel>, owner: &str) -> LockRelease {
    let (store, resource, owner) = ("default".into(), "report".into(), owner.into());
    let request = LockUnlockRequest { store, resource, owner };
    client.unlock(request).await.unwrap().into_inner().release()
}

const LONG: Duration = Duration::from_secs(600);

#[tokio::test(flavor = "multi_thread")]
async fn hosts_on_one_redis_exclude_each_other_and_a_witness_sees_it() {
    let redis = TestRedis::start().await.unwrap();
    let hosts = hosts(&redis, 2).await;
    // the witness: what the lock protects
    let (within, greatest) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicU64::new(0)));
    let mut workers = Vec::new();
    for worker in 0..6 {
        let mut client = locks(&hosts[worker % 2]).await;
        let (within, greatest) = (Arc::clone(&within), Arc::clone(&greatest));
        workers.push(tokio::spawn(async move {
            let name = format!("worker{worker}");
            for _ in 0..5 {
                let wait = Duration::from_secs(25);
                let lease = try_lock(&mut client, &name, wait).await.expect("its turn");
                assert_eq!(within.fetch_add(1, Ordering::SeqCst), 0, "{name} was not alone");
                let before = greatest.swap(lease.fencing_token, Ordering::SeqCst);
                assert!(before < lease.fencing_token, "{lease:?} came after {before}");
                tokio::time::sleep(Duration::from_millis(2)).await;
                within.fetch_sub(1, Ordering::SeqCst);
                assert_eq!(unlock(&mut client, &name).await, LockRelease::Released);
            }
        }));
    }
    for worker in workers {
        worker.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn four_processes_hand_out_no_id_twice() {
    let redis = TestRedis::start().await.unwrap();
    let hosts = hosts(&redis, 4).await;
    let mut callers = Vec::new();
    for caller in 0..16 {
        let mut client = ids(&hosts[caller % 4]).await;
        callers.push(tokio::spawn(async move {
            let order = if caller < 8 { SequencerOrder::Weak } else { SequencerOrder::Strong };
            let mut given = Vec::new();
            for round in 0..60 {
                let (store, key, order) = ("default".into(), "order".into(), order.into());
                if round % 5 == 0 {
                    let request = SequencerNextRangeRequest { store, key, order, size: 7 };
                    let range = client.next_range(request).await.unwrap().into_inner();
                    given.extend(range.first..=range.last);
                } else {
                    let request = SequencerNextRequest { store, key, order };
                    given.push(client.next(request).await.unwrap().into_inner().id);
                }
            }
            assert!(given.is_sorted_by(|a, b| a < b), "{order:?}: {given:?}");
            given
        }));
    }
    let mut all = Vec::new();
    for caller in callers {
        all.extend(caller.await.unwrap());
    }
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len(), "an id came twice");
    assert_eq!(all.len(), 16 * (48 + 12 * 7));
}

#[tokio::test]
async fn who_holds_a_lock_holds_it_when_the_host_was_killed() {
    let host = TestHost::start().await.unwrap();
    let mut client = locks(&host).await;
    let first = try_lock(&mut client, "me", Duration::ZERO).await.expect("free");
    let folder = host.kill().await.unwrap();
    let host = TestHost::builder().folder(folder).start().await.unwrap();
    let mut client = locks(&host).await;
    assert_eq!(try_lock(&mut client, "you", Duration::ZERO).await, None);
    assert_eq!(unlock(&mut client, "you").await, LockRelease::HeldByOther);
    assert_eq!(unlock(&mut client, "me").await, LockRelease::Released);
    let folder = host.kill().await.unwrap();
    let host = TestHost::builder().folder(folder).start().await.unwrap();
    let mut client = locks(&host).await;
    let second = try_lock(&mut client, "you", Duration::ZERO).await.expect("unlocked");
    assert!(second.fencing_token > first.fencing_token, "{second:?} came after {first:?}");
}

#[tokio::test]
async fn no_id_comes_twice_when_the_host_is_killed() {
    let given = Arc::new(Mutex::new(BTreeSet::new()));
    let mut host = TestHost::start().await.unwrap();
    for round in 1..=4 {
        let mut callers = Vec::new();
        for caller in 0..8 {
            let (mut client, given) = (ids(&host).await, Arc::clone(&given));
            callers.push(tokio::spawn(async move {
                let order =
                    if caller % 2 == 0 { SequencerOrder::Weak } else { SequencerOrder::Strong };
                loop {
                    let (store, key, order) = ("default".into(), "order".into(), order.into());
                    let request = SequencerNextRequest { store, key, order };
                    let Ok(answer) = client.next(request).await else { return };
                    let id = answer.into_inner().id;
                    assert!(given.lock().unwrap().insert(id), "{id} came twice");
                }
            }));
        }
        // killed in the middle of handing out
        while given.lock().unwrap().len() < 200 * round {
            tokio::task::yield_now().await;
        }
        let folder = host.kill().await.unwrap();
        for caller in callers {
            caller.await.unwrap();
        }
        host = TestHost::builder().folder(folder).start().await.unwrap();
    }
}

#[tokio::test]
async fn a_wait_ends_with_none_before_the_deadline_of_the_call() {
    let host = TestHost::start().await.unwrap();
    let mut client = locks(&host).await;
    try_lock(&mut client, "me", Duration::ZERO).await.expect("free");
    let mut request = tonic::Request::new(take("you", LONG, LONG));
    request.set_timeout(Duration::from_secs(2));
    let answer = client.try_lock(request).await.expect("no error: it was held all the time");
    assert_eq!(answer.into_inner().lease, None);
}

#[tokio::test]
async fn a_client_that_goes_away_while_it_waits_holds_nothing() {
    let host = TestHost::start().await.unwrap();
    let mut client = locks(&host).await;
    try_lock(&mut client, "me", Duration::ZERO).await.expect("free");
    let mut gone = locks(&host).await;
    let waiting = try_lock(&mut gone, "gone", LONG);
    let waited = tokio::time::timeout(Duration::from_millis(200), waiting).await;
    assert!(waited.is_err(), "a held lock was taken: {waited:?}");
    drop(gone);
    assert_eq!(unlock(&mut client, "me").await, LockRelease::Released);
    let lease = try_lock(&mut client, "you", Duration::from_secs(20)).await;
    assert!(lease.is_some(), "the lock is held by a client that has gone");
}
