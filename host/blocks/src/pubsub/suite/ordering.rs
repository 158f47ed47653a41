//! The order of events with an ordering key.

use std::collections::HashMap;
use std::time::Duration;

use super::space::{Space, data, sorted, text};
use crate::pubsub::Message;
use crate::suite::{Verdict, cases, ensure, equal, ok};

cases![
    events_of_a_key_come_in_order needs Ordered,
    events_of_a_key_come_one_at_a_time needs Ordered,
    a_retried_event_holds_those_behind_it needs Ordered,
    an_expired_event_lets_the_next_one_pass needs Ordered,
    keys_and_groups_do_not_wait_for_each_other needs Ordered,
];

fn keyed(key: &str, data: &str) -> Message {
    Message { ordering_key: Some(key.to_owned()), ..text(data) }
}

async fn events_of_a_key_come_in_order(space: &Space) -> Verdict {
    let (one, two) = (space.subscribe("a", "g").await?, space.subscribe("a", "g").await?);
    let mut messages = Vec::new();
    for number in 0..10 {
        for key in ["x", "y", "日本"] {
            messages.push(keyed(key, &format!("{key} {number}")));
        }
    }
    let topic = space.topic("a");
    let done = ok(space.store.publish_many(&space.cx(), &topic, messages).await, "publish")?;
    ensure!(done.iter().all(Result::is_ok), "not all were published: {done:?}");
    let mut next: HashMap<String, u32> = HashMap::new();
    for turn in 0..30 {
        let consumer = if turn % 3 == 0 { &one } else { &two };
        let got = space.receive(consumer).await?;
        let got_data = data(&got);
        let (key, number) = got_data.split_once(' ').ok_or("no key")?;
        let expected = next.entry(key.to_owned()).or_default();
        equal!(number, expected.to_string(), "the next event of key `{key}`");
        *expected += 1;
        space.acknowledge(consumer, &got.receipt).await?;
    }
    Ok(())
}

async fn events_of_a_key_come_one_at_a_time(space: &Space) -> Verdict {
    let consumer = space.subscribe("a", "g").await?;
    for message in [keyed("x", "1"), keyed("x", "2"), text("none"), text("none")] {
        ok(space.send("a", message).await, "publish")?;
    }
    let got = space.receive_many(&consumer, 3).await?;
    equal!(sorted(&got), ["1", "none", "none"], "what came before an acknowledgement");
    space.expect_nothing(&consumer).await?;
    for delivery in &got {
        space.acknowledge(&consumer, &delivery.receipt).await?;
    }
    space.expect(&consumer, "2").await
}

async fn a_retried_event_holds_those_behind_it(space: &Space) -> Verdict {
    let consumer = space.subscribe("a", "g").await?;
    for message in [keyed("x", "1"), keyed("x", "2")] {
        ok(space.send("a", message).await, "publish")?;
    }
    let first = space.receive(&consumer).await?;
    space.retry(&consumer, &first.receipt, space.time.short()).await?;
    let again = space.receive_after(&consumer, space.time.short()).await?;
    equal!((data(&again), again.attempt), ("1".to_owned(), 2), "what came after the retry");
    space.acknowledge(&consumer, &again.receipt).await?;
    space.expect(&consumer, "2").await
}

async fn an_expired_event_lets_the_next_one_pass(space: &Space) -> Verdict {
    let consumer = space.subscribe("a", "g").await?;
    let ttl = Some(space.time.short());
    ok(space.send("a", Message { ttl, ..keyed("x", "1") }).await, "publish")?;
    ok(space.send("a", keyed("x", "2")).await, "publish")?;
    space.outlive().await?;
    space.expect(&consumer, "2").await
}

async fn keys_and_groups_do_not_wait_for_each_other(space: &Space) -> Verdict {
    let (one, two) = (space.subscribe("a", "one").await?, space.subscribe("a", "two").await?);
    let hour = Some(Duration::from_secs(3600));
    ok(space.send("a", Message { delay: hour, ..keyed("x", "held") }).await, "publish")?;
    ok(space.send("a", keyed("x", "behind")).await, "publish")?;
    ok(space.send("a", keyed("y", "free")).await, "publish")?;
    space.expect(&one, "free").await?;
    space.expect_nothing(&one).await?;
    space.expect(&two, "free").await
}
