//! Who gets which event.

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::join_all;
use ottavo_core::Kind;

use super::space::{Space, data, sorted, text};
use crate::pubsub::Start;
use crate::suite::{Verdict, cases, ensure, equal, ok, refused};

cases![
    each_group_gets_each_event,
    consumers_of_a_group_share_its_events,
    an_acknowledged_event_does_not_come_again,
    what_is_published_without_a_consumer_is_kept_for_the_group,
    a_group_begins_with_what_is_published_after_it,
    a_group_may_begin_with_what_is_kept,
    subscribing_again_changes_nothing,
    a_consumer_that_waits_is_woken,
    a_wait_that_is_given_up_loses_nothing,
    what_comes_after_a_wait_is_given_up_is_not_missed,
    a_dropped_group_is_gone,
    many_consumers_at_once_get_each_event_once,
];

async fn each_group_gets_each_event(space: &Space) -> Verdict {
    let (one, two) = (space.subscribe("a", "one").await?, space.subscribe("a", "two").await?);
    for data in ["1", "2", "3"] {
        space.publish("a", data).await?;
    }
    for consumer in [one, two] {
        let got = space.receive_many(&consumer, 3).await?;
        equal!(sorted(&got), ["1", "2", "3"], "what a group got");
        ensure!(got.iter().all(|delivery| delivery.attempt == 1), "attempts are not 1: {got:?}");
    }
    Ok(())
}

async fn consumers_of_a_group_share_its_events(space: &Space) -> Verdict {
    let (one, two) = (space.subscribe("a", "g").await?, space.subscribe("a", "g").await?);
    for data in ["1", "2", "3", "4"] {
        space.publish("a", data).await?;
    }
    let mut got = space.receive_many(&one, 2).await?;
    got.extend(space.receive_many(&two, 2).await?);
    equal!(sorted(&got), ["1", "2", "3", "4"], "what the consumers got together");
    space.expect_nothing(&one).await
}

async fn an_acknowledged_event_does_not_come_again(space: &Space) -> Verdict {
    let consumer = space.lease_briefly("a", "g").await?;
    space.publish("a", "1").await?;
    let got = space.receive(&consumer).await?;
    // its lease may have ended meanwhile: it is held until somebody else has it
    equal!(space.acknowledge(&consumer, &got.receipt).await?, true, "the first acknowledgement");
    equal!(space.acknowledge(&consumer, &got.receipt).await?, false, "the second");
    space.wait(space.time.short() * 2).await;
    space.publish("a", "2").await?;
    space.expect(&consumer, "2").await?;
    space.expect_nothing(&consumer).await
}

async fn what_is_published_without_a_consumer_is_kept_for_the_group(space: &Space) -> Verdict {
    drop(space.subscribe("a", "g").await?);
    space.publish("a", "1").await?;
    let consumer = space.subscribe("a", "g").await?;
    space.expect(&consumer, "1").await
}

async fn a_group_begins_with_what_is_published_after_it(space: &Space) -> Verdict {
    let early = space.subscribe("a", "early").await?;
    space.publish("a", "1").await?;
    let late = space.subscribe("a", "late").await?;
    space.publish("a", "2").await?;
    space.expect(&late, "2").await?;
    space.expect_nothing(&late).await?;
    equal!(sorted(&space.receive_many(&early, 2).await?), ["1", "2"], "what the early group got");
    Ok(())
}

async fn a_group_may_begin_with_what_is_kept(space: &Space) -> Verdict {
    let early = space.subscribe("a", "early").await?;
    space.publish("a", "1").await?;
    let lease = Duration::from_secs(3600);
    let late = space.join("a", "late", lease, Start::Oldest).await?;
    space.expect(&late, "1").await?;
    space.expect(&early, "1").await
}

async fn subscribing_again_changes_nothing(space: &Space) -> Verdict {
    let first = space.subscribe("a", "g").await?;
    space.publish("a", "1").await?;
    space.expect(&first, "1").await?;
    let again = space.join("a", "g", Duration::from_secs(3600), Start::Oldest).await?;
    space.expect_nothing(&again).await?;
    space.publish("a", "2").await?;
    space.expect(&again, "2").await
}

async fn a_consumer_that_waits_is_woken(space: &Space) -> Verdict {
    let consumer = space.subscribe("a", "g").await?;
    let publish = async {
        // the other is polled first, and waits
        tokio::task::yield_now().await;
        space.publish("a", "1").await
    };
    let (got, published) = futures_util::join!(space.receive(&consumer), publish);
    published?;
    equal!(data(&got?), "1", "what the waiting consumer got");
    Ok(())
}

async fn a_wait_that_is_given_up_loses_nothing(space: &Space) -> Verdict {
    let consumer = space.subscribe("a", "g").await?;
    let waiting = Arc::clone(&consumer);
    let mut wait = Box::pin(async move { waiting.next(1).await });
    ensure!(wait.as_mut().now_or_never().is_none(), "an event came that nobody published");
    drop(wait);
    for number in 0..20 {
        let mut wait = Box::pin(consumer.next(1));
        space.publish("a", &number.to_string()).await?;
        let at_once = wait.as_mut().now_or_never();
        drop(wait);
        match at_once {
            Some(next) => equal!(data(&ok(next, "next")?[0]), number.to_string(), "the event"),
            None => equal!(data(&space.receive(&consumer).await?), number.to_string(), "the event"),
        }
    }
    Ok(())
}

async fn what_comes_after_a_wait_is_given_up_is_not_missed(space: &Space) -> Verdict {
    let consumer = space.subscribe("a", "g").await?;
    for number in 0..20 {
        // begun, so that it looks before there is anything
        let mut wait = Box::pin(consumer.next(1));
        ensure!(wait.as_mut().now_or_never().is_none(), "an event came that nobody published");
        drop(wait);
        space.publish("a", &number.to_string()).await?;
        space.expect(&consumer, &number.to_string()).await?;
    }
    Ok(())
}

async fn a_dropped_group_is_gone(space: &Space) -> Verdict {
    let consumer = space.subscribe("a", "g").await?;
    let other = space.subscribe("a", "other").await?;
    space.publish("a", "1").await?;
    let got = space.receive(&consumer).await?;
    space.publish("a", "2").await?;
    space.leave("a", "g").await?;
    space.leave("a", "g").await?;
    space.leave("a", "never was").await?;
    equal!(space.acknowledge(&consumer, &got.receipt).await?, false, "held by no group");
    refused(consumer.next(1).await, Kind::NotFound, "next of a dropped group")?;
    let again = space.subscribe("a", "g").await?;
    space.publish("a", "3").await?;
    space.expect(&again, "3").await?;
    equal!(sorted(&space.receive_many(&other, 3).await?), ["1", "2", "3"], "the other group");
    Ok(())
}

async fn many_consumers_at_once_get_each_event_once(space: &Space) -> Verdict {
    const EVENTS: usize = 60;
    const CONSUMERS: usize = 3;
    let topic = space.topic("a");
    let mut consumers = Vec::new();
    for _ in 0..CONSUMERS {
        consumers.push(space.subscribe("a", "g").await?);
    }
    let publish = async {
        let batches = (0..EVENTS).collect::<Vec<_>>();
        for numbers in batches.chunks(10) {
            let messages = numbers.iter().map(|number| text(&format!("{number:03}"))).collect();
            let done =
                ok(space.store.publish_many(&space.cx(), &topic, messages).await, "publish")?;
            for done in done {
                ok(done, "publish one of many")?;
            }
        }
        Verdict::Ok(())
    };
    let consume = consumers.iter().map(async |consumer| {
        let mut got = Vec::new();
        for _ in 0..EVENTS / CONSUMERS {
            let delivery = space.receive(consumer).await?;
            space.acknowledge(consumer, &delivery.receipt).await?;
            got.push(delivery);
        }
        Verdict::Ok(got)
    });
    let (published, consumed) = futures_util::join!(publish, join_all(consume));
    published?;
    let consumed: Verdict<Vec<_>> = consumed.into_iter().collect();
    let expected: Vec<_> = (0..EVENTS).map(|number| format!("{number:03}")).collect();
    equal!(sorted(&consumed?.concat()), expected, "what all consumers got together");
    Ok(())
}
