//! The behaviour suite of bindings on the driver `cron`, and what is its own.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use ottavo_blocks::binding::suite::{self, Harness, Time};
use ottavo_blocks::binding::{Binding, Inputs};
use ottavo_core::clock::ManualClock;
use ottavo_core::{CallContext, Caller, Clock, Kind, Result, Shutdown, SystemClock};
use ottavo_driver_cron::Cron;
use ottavo_registry::{Driver, OpenContext};
use serde_json::{Value, json};

/// 2026-11-22T20:30:00Z.
const EVENING: u64 = 1_795_379_400_000;

async fn open(clock: Arc<dyn Clock>, table: Value) -> Result<(Arc<dyn Binding>, Shutdown)> {
    let shutdown = Shutdown::new();
    let (name, folder) = ("test".parse().expect("valid"), "/nonexistent".into());
    let context = OpenContext { name, folder, clock, shutdown: shutdown.clone() };
    Ok((Cron.open(context, table).await?, shutdown))
}

async fn subscribe(store: &Arc<dyn Binding>) -> Inputs {
    let cx = CallContext::new("test".into(), Caller::Anonymous, Duration::from_secs(10));
    store.subscribe(&cx).await.expect("subscribed")
}

#[tokio::test]
async fn every_case_passes() {
    let (store, _) =
        open(Arc::new(SystemClock), json!({ "schedule": "@daily" })).await.expect("open");
    let report = suite::run_all_at_once(&Harness { store, time: Time::Real }).await;
    assert_eq!(report.failures(), [""; 0], "\n{report}");
}

#[tokio::test(start_paused = true)]
async fn each_listener_hears_of_each_time_that_comes_while_it_waits() {
    let clock = Arc::new(ManualClock::at(EVENING));
    let table = json!({ "schedule": "0 3 * * *", "timezone": "Europe/Berlin" });
    let (store, shutdown) = open(Arc::clone(&clock) as _, table).await.expect("open");
    let (mut one, mut other) = (subscribe(&store).await, subscribe(&store).await);
    let (mut next, hours) = (one.next(), |hours: u64| Duration::from_secs(hours * 60 * 60));
    let soon = tokio::time::timeout(hours(1), &mut next).await;
    assert!(soon.is_err(), "it is not due yet: {soon:?}");
    clock.advance(hours(6));
    let input = next.await.expect("told").expect("no error");
    assert_eq!((&*input.id, &*input.kind), ("2026-11-23T02:00:00.000Z", "dev.ottavo.cron.due"));
    assert_eq!(input.time.as_deref(), Some(&*input.id));
    assert!(input.subject.is_none() && input.data.is_empty());

    // days in which it did not ask are left out, and a clock that was set back repeats nothing
    clock.advance(hours(3 * 24));
    let mut next = one.next();
    assert!(tokio::time::timeout(hours(1), &mut next).await.is_err());
    clock.advance(hours(24));
    assert_eq!(next.await.expect("told").expect("no error").id, "2026-11-27T02:00:00.000Z");
    // this one has never asked
    let mut next = other.next();
    assert!(tokio::time::timeout(hours(1), &mut next).await.is_err());
    shutdown.begin();
    assert_eq!(next.await.expect("told").expect_err("the end").kind(), Kind::Unavailable);
    assert!(other.next().await.is_none(), "the error is the last");
}

#[tokio::test]
async fn what_is_no_time_is_refused() {
    for (table, said) in [
        (json!({}), "`schedule`"),
        (json!({ "schedule": "* * *" }), "is not a cron expression"),
        (json!({ "schedule": "0 0 30 2 *" }), "never comes"),
        (json!({ "schedule": "@daily", "timezone": "Mars" }), "`Mars` is not a time zone"),
        (json!({ "schedule": "@daily", "zone": "UTC" }), "unknown field `zone`"),
    ] {
        let error = open(Arc::new(SystemClock), table).await.err().expect("refused");
        assert!(error.message().contains(said), "{error}");
    }
}
