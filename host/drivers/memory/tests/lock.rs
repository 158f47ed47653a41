//! The behaviour suite of locks on the driver `memory`, and what only a driver can be asked.

use std::sync::Arc;
use std::time::Duration;

use futures_util::poll;
use ottavo_blocks::Key;
use ottavo_blocks::lock::suite::{self, Harness, Time, model};
use ottavo_blocks::lock::{Claim, Lock, Owner, Ttl};
use ottavo_core::clock::ManualClock;
use ottavo_core::{CallContext, Caller, Clock, Shutdown, StoreName, SystemClock};
use ottavo_driver_memory::Memory;
use ottavo_registry::{Driver, OpenContext};
use proptest::prelude::*;
use serde_json::json;

async fn open(clock: Arc<dyn Clock>) -> Arc<dyn Lock> {
    let context = OpenContext {
        name: "test".parse::<StoreName>().expect("valid"),
        folder: "/nonexistent".into(),
        clock,
        shutdown: Shutdown::new(),
    };
    Memory.open(context, json!({})).await.expect("open")
}

async fn harness() -> Harness {
    let clock = Arc::new(ManualClock::at(1_000_000));
    Harness { store: open(Arc::clone(&clock) as _).await, time: Time::Manual(clock) }
}

#[tokio::test]
async fn every_case_passes() {
    let report = suite::run_all(&harness().await).await;
    assert_eq!(report.failures(), [""; 0], "\n{report}");
}

#[tokio::test]
async fn every_case_passes_at_the_same_time_and_again() {
    let harness = harness().await;
    for _ in 0..3 {
        let report = suite::run_all_at_once(&harness).await;
        assert_eq!(report.failures(), [""; 0], "\n{report}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_case_passes_on_the_clock_of_the_machine() {
    let harness = Harness { store: open(Arc::new(SystemClock)).await, time: Time::Real };
    let report = suite::run_all_at_once(&harness).await;
    assert_eq!(report.failures(), [""; 0], "\n{report}");
}

fn cx(timeout: Duration) -> CallContext {
    CallContext::new("test".into(), Caller::Anonymous, timeout)
}

fn claim(owner: &str, ttl: u64, wait: Duration) -> Claim {
    let owner = Some(Owner::parse(owner).expect("valid"));
    let ttl = Ttl::parse(ttl).expect("valid");
    Claim { resource: Key::parse("a").expect("valid"), owner, ttl, wait }
}

const LONG: Duration = Duration::from_secs(3600);

#[tokio::test(start_paused = true)]
async fn a_lock_expires_to_the_millisecond_and_wakes_who_waits() {
    let clock = Arc::new(ManualClock::at(1_000_000));
    let store = open(Arc::clone(&clock) as _).await;
    let cx = cx(LONG * 2);
    assert!(store.try_lock(&cx, claim("me", 500, Duration::ZERO)).await.unwrap().is_some());
    let mut waiting = store.try_lock(&cx, claim("you", 500, LONG));
    clock.advance(Duration::from_millis(499));
    assert!(poll!(&mut waiting).is_pending());
    clock.advance(Duration::from_millis(1));
    // the time of the machine passes only while nobody is awake: the clock alone wakes
    let lease = tokio::time::timeout(Duration::from_millis(1), waiting).await.expect("woken");
    assert_eq!(lease.unwrap().expect("expired").owner.as_str(), "you");
}

#[tokio::test(start_paused = true)]
async fn an_unlock_wakes_one_of_many_at_once() {
    let store = open(Arc::new(SystemClock)).await;
    let cx = cx(LONG * 2);
    let me = Owner::parse("me").unwrap();
    store.try_lock(&cx, claim("me", 3_600_000, Duration::ZERO)).await.unwrap().expect("free");
    let mut waiting: Vec<_> = (0..100)
        .map(|i| store.try_lock(&cx, claim(&format!("owner{i}"), 3_600_000, LONG)))
        .collect();
    for waiting in &mut waiting {
        assert!(poll!(waiting).is_pending());
    }
    store.unlock(&cx, &Key::parse("a").unwrap(), &me).await.unwrap();
    let (mut taken, mut rounds) = (0, 0..3);
    while rounds.next().is_some() {
        tokio::task::yield_now().await;
        for waiting in waiting.iter_mut().skip(taken) {
            taken += usize::from(poll!(waiting).is_ready());
        }
    }
    assert_eq!(taken, 1);
}

#[tokio::test(start_paused = true)]
async fn a_wait_ends_with_none_before_the_deadline() {
    let store = open(Arc::new(SystemClock)).await;
    let cx = cx(Duration::from_secs(2));
    store.try_lock(&cx, claim("me", 3_600_000, Duration::ZERO)).await.unwrap().expect("free");
    assert_eq!(store.try_lock(&cx, claim("you", 1000, LONG)).await.unwrap(), None);
    assert!(cx.remaining() > Duration::ZERO);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn it_answers_as_the_model(seeds in proptest::collection::vec(any::<model::Seed>(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let checked = runtime.block_on(async {
            let clock = Arc::new(ManualClock::at(1_000_000));
            let store = open(Arc::clone(&clock) as _).await;
            model::check(&*store, &clock, &seeds).await
        });
        prop_assert_eq!(checked, Ok(()));
    }
}
