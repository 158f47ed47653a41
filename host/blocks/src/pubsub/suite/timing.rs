//! Delays and expiry of messages.

use std::time::Duration;

use super::space::{Space, data, text};
use crate::pubsub::Message;
use crate::suite::{Verdict, cases, ensure, equal, ok};

cases![
    a_delayed_event_comes_after_its_delay,
    a_delayed_event_does_not_hold_up_others,
    a_delay_needs_no_consumer,
    an_expired_event_is_not_delivered,
    an_expired_event_is_not_delivered_again,
    an_event_that_has_not_expired_is_delivered,
];

async fn a_delayed_event_comes_after_its_delay(space: &Space) -> Verdict {
    let consumer = space.subscribe("a", "g").await?;
    let delay = space.time.short();
    let before = space.now();
    ok(space.send("a", Message { delay: Some(delay), ..text("1") }).await, "publish")?;
    let got = space.receive_after(&consumer, delay).await?;
    let passed = space.now() - before + Duration::from_millis(20);
    ensure!(passed >= delay, "it came after {passed:?}, due after {delay:?}");
    equal!((data(&got), got.attempt), ("1".to_owned(), 1), "the delivery");
    Ok(())
}

async fn a_delayed_event_does_not_hold_up_others(space: &Space) -> Verdict {
    let consumer = space.subscribe("a", "g").await?;
    let delay = Some(Duration::from_secs(3600));
    ok(space.send("a", Message { delay, ..text("late") }).await, "publish")?;
    space.publish("a", "soon").await?;
    space.expect(&consumer, "soon").await?;
    space.expect_nothing(&consumer).await
}

async fn a_delay_needs_no_consumer(space: &Space) -> Verdict {
    drop(space.subscribe("a", "g").await?);
    let delay = Some(space.time.short());
    ok(space.send("a", Message { delay, ..text("1") }).await, "publish")?;
    space.outlive().await?;
    let consumer = space.subscribe("a", "g").await?;
    space.expect(&consumer, "1").await
}

async fn an_expired_event_is_not_delivered(space: &Space) -> Verdict {
    let consumer = space.subscribe("a", "g").await?;
    let ttl = Some(space.time.short());
    for data in ["1", "2"] {
        ok(space.send("a", Message { ttl, ..text(data) }).await, "publish")?;
    }
    space.outlive().await?;
    space.publish("a", "3").await?;
    space.expect(&consumer, "3").await?;
    space.expect_nothing(&consumer).await
}

async fn an_expired_event_is_not_delivered_again(space: &Space) -> Verdict {
    for attempt in 0..20 {
        let topic = format!("a{attempt}");
        let consumer = space.subscribe(&topic, "g").await?;
        let ttl = space.time.short();
        let before = space.now();
        ok(space.send(&topic, Message { ttl: Some(ttl), ..text("1") }).await, "publish")?;
        if let Some(got) = space.look(&consumer, Duration::from_secs(1)).await? {
            space.retry(&consumer, &got.receipt, ttl * 2).await?;
            space.outlive().await?;
            space.wait(ttl).await;
            space.publish(&topic, "2").await?;
            return space.expect(&consumer, "2").await;
        }
        // on a busy machine, or while other cases advance the clock, it expires before
        ensure!(space.now() - before >= ttl, "an event did not come before it expired");
    }
    Err("the store is too slow to deliver an event before it expires".to_owned())
}

async fn an_event_that_has_not_expired_is_delivered(space: &Space) -> Verdict {
    let consumer = space.subscribe("a", "g").await?;
    let ttl = Some(Duration::from_secs(24 * 60 * 60));
    ok(space.send("a", Message { ttl, ..text("1") }).await, "publish")?;
    space.outlive().await?;
    space.expect(&consumer, "1").await
}
