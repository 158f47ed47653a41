//! What happens to an event between its delivery and its end.

use std::time::Duration;

use ottavo_core::Kind;

use super::space::{Space, data};
use crate::pubsub::Receipt;
use crate::suite::{Verdict, cases, ensure, equal, refused};

cases![
    an_event_comes_again_when_its_lease_ends,
    a_renewed_lease_keeps_the_event,
    a_retry_at_once_comes_again,
    a_retry_comes_after_its_delay,
    a_retry_may_wait_longer_than_a_lease,
    a_receipt_of_an_earlier_delivery_is_not_held,
    a_receipt_that_was_given_back_is_not_held,
    any_consumer_of_the_group_may_acknowledge,
    groups_do_not_settle_for_each_other,
    text_that_is_no_receipt_is_refused,
];

async fn an_event_comes_again_when_its_lease_ends(space: &Space) -> Verdict {
    let consumer = space.lease_briefly("a", "g").await?;
    space.publish("a", "1").await?;
    // before the first lease began
    let before = space.now();
    for attempt in 1..=3 {
        let span = if attempt == 1 { Duration::ZERO } else { space.time.short() };
        let got = space.receive_after(&consumer, span).await?;
        equal!((data(&got), got.attempt), ("1".to_owned(), attempt), "delivery {attempt}");
        early(space, before, space.time.short() * (attempt - 1))?;
    }
    Ok(())
}

/// Fails when `span` has not passed since `before`. Clocks count milliseconds, each its own.
fn early(space: &Space, before: Duration, span: Duration) -> Verdict {
    let passed = space.now() - before + Duration::from_millis(20);
    ensure!(passed >= span, "it came after {passed:?}, due after {span:?}");
    Ok(())
}

async fn a_renewed_lease_keeps_the_event(space: &Space) -> Verdict {
    // on a busy machine, or while other cases advance the clock, a lease may end in the middle
    for attempt in 0..20 {
        let topic = format!("a{attempt}");
        let consumer = space.lease_briefly(&topic, "g").await?;
        let lease = space.time.short();
        space.publish(&topic, "1").await?;
        let mut begun = space.now();
        let got = space.receive(&consumer).await?;
        let mut in_time = true;
        for _ in 0..3 {
            space.wait(lease * 6 / 10).await;
            let renewed_at = space.now();
            let held = space.renew(&consumer, &got.receipt).await?;
            in_time &= space.now() - begun < lease;
            ensure!(held || !in_time, "a lease was lost before its end");
            begun = renewed_at;
        }
        let other = space.lease_briefly(&topic, "g").await?;
        let again = space.glance(&other).await?;
        if in_time && space.now() - begun < lease {
            equal!(again, None, "what another consumer got");
            equal!(space.acknowledge(&consumer, &got.receipt).await?, true, "held at last");
            return Ok(());
        }
    }
    Err("the store is too slow to renew a lease".to_owned())
}

async fn a_retry_at_once_comes_again(space: &Space) -> Verdict {
    let consumer = space.subscribe("a", "g").await?;
    space.publish("a", "1").await?;
    for attempt in 1..=5 {
        let got = space.receive(&consumer).await?;
        equal!((data(&got), got.attempt), ("1".to_owned(), attempt), "delivery {attempt}");
        equal!(space.retry(&consumer, &got.receipt, Duration::ZERO).await?, true, "held");
    }
    Ok(())
}

async fn a_retry_comes_after_its_delay(space: &Space) -> Verdict {
    comes_after(space, space.time.short(), Duration::from_secs(3600)).await
}

async fn a_retry_may_wait_longer_than_a_lease(space: &Space) -> Verdict {
    comes_after(space, space.time.short() * 2, space.time.short()).await
}

async fn comes_after(space: &Space, delay: Duration, lease: Duration) -> Verdict {
    let consumer = space.join("a", "g", lease, crate::pubsub::Start::New).await?;
    space.publish("a", "1").await?;
    let first = space.receive(&consumer).await?;
    let before = space.now();
    equal!(space.retry(&consumer, &first.receipt, delay).await?, true, "held");
    let again = space.receive_after(&consumer, delay).await?;
    early(space, before, delay)?;
    equal!((data(&again), again.attempt), ("1".to_owned(), 2), "the second delivery");
    Ok(())
}

async fn a_receipt_of_an_earlier_delivery_is_not_held(space: &Space) -> Verdict {
    let consumer = space.subscribe("a", "g").await?;
    space.publish("a", "1").await?;
    let first = space.receive(&consumer).await?;
    space.retry(&consumer, &first.receipt, Duration::ZERO).await?;
    let second = space.receive(&consumer).await?;
    let zero = Duration::ZERO;
    equal!(space.renew(&consumer, &first.receipt).await?, false, "renewed by the first");
    equal!(space.retry(&consumer, &first.receipt, zero).await?, false, "given back by the first");
    equal!(space.acknowledge(&consumer, &first.receipt).await?, false, "done by the first");
    equal!(space.renew(&consumer, &second.receipt).await?, true, "renewed by the second");
    equal!(space.acknowledge(&consumer, &second.receipt).await?, true, "done by the second");
    Ok(())
}

async fn a_receipt_that_was_given_back_is_not_held(space: &Space) -> Verdict {
    let consumer = space.subscribe("a", "g").await?;
    space.publish("a", "1").await?;
    let got = space.receive(&consumer).await?;
    let hour = Duration::from_secs(3600);
    equal!(space.retry(&consumer, &got.receipt, hour).await?, true, "given back");
    equal!(space.renew(&consumer, &got.receipt).await?, false, "renewed afterwards");
    equal!(space.retry(&consumer, &got.receipt, hour).await?, false, "given back again");
    equal!(space.acknowledge(&consumer, &got.receipt).await?, false, "done afterwards");
    Ok(())
}

async fn any_consumer_of_the_group_may_acknowledge(space: &Space) -> Verdict {
    let (one, two) = (space.subscribe("a", "g").await?, space.subscribe("a", "g").await?);
    space.publish("a", "1").await?;
    let got = space.receive(&one).await?;
    equal!(space.renew(&two, &got.receipt).await?, true, "renewed by another");
    equal!(space.acknowledge(&two, &got.receipt).await?, true, "acknowledged by another");
    equal!(space.acknowledge(&one, &got.receipt).await?, false, "acknowledged again");
    Ok(())
}

async fn groups_do_not_settle_for_each_other(space: &Space) -> Verdict {
    let (one, two) = (space.subscribe("a", "one").await?, space.subscribe("a", "two").await?);
    space.publish("a", "1").await?;
    space.expect(&one, "1").await?;
    space.expect(&two, "1").await
}

async fn text_that_is_no_receipt_is_refused(space: &Space) -> Verdict {
    let consumer = space.subscribe("a", "g").await?;
    for text in ["", "x", "1", "../1.1", "1.-1", "99999999999999999999999999.1", "ä.ö"] {
        let receipt = Receipt::new(text);
        let done = consumer.acknowledge(&space.cx(), &receipt).await;
        refused(done, Kind::InvalidArgument, &format!("acknowledge `{text}`"))?;
    }
    Ok(())
}
