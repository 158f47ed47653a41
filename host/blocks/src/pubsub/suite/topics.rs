//! Names of topics, and publishing several messages.

use ottavo_core::Kind;

use super::space::{Space, sorted, text};
use crate::Options;
use crate::pubsub::Message;
use crate::suite::{Verdict, cases, ensure, equal, ok, refused};

cases![
    topics_of_any_script_are_apart,
    the_longest_topic_works,
    groups_of_any_script_are_apart,
    a_topic_without_groups_takes_events,
    each_of_many_has_an_outcome_of_its_own,
    many_of_none_is_none,
    common_options_are_accepted,
    an_option_of_another_driver_is_ignored,
];

const NAMES: &[&str] = &[
    "a",
    "A",
    "a ",
    " a",
    "../a",
    "a/b",
    "a|b",
    "a:b",
    "a.b",
    "a{b}c",
    "{",
    "%",
    "*",
    "?",
    "[a]",
    "\\",
    "'",
    "\"",
    "\n",
    "\u{7f}",
    "ä",
    "a\u{308}",
    "日本語",
    "🦀",
    "\u{10ffff}",
];

async fn topics_of_any_script_are_apart(space: &Space) -> Verdict {
    let mut consumers = Vec::new();
    for name in NAMES {
        consumers.push(space.subscribe(name, "g").await?);
    }
    for name in NAMES {
        space.publish(name, name).await?;
    }
    for (name, consumer) in NAMES.iter().zip(&consumers) {
        space.expect(consumer, name).await?;
    }
    space.expect_nothing(&consumers[0]).await
}

async fn the_longest_topic_works(space: &Space) -> Verdict {
    let room = 4096 - space.prefix().len();
    let (one, other) = ("x".repeat(room), format!("{}y", "x".repeat(room - 1)));
    let consumer = space.subscribe(&one, &"g".repeat(4096)).await?;
    space.publish(&other, "other").await?;
    space.publish(&one, "one").await?;
    space.expect(&consumer, "one").await
}

async fn groups_of_any_script_are_apart(space: &Space) -> Verdict {
    let mut consumers = Vec::new();
    for name in NAMES {
        consumers.push(space.subscribe("a", name).await?);
    }
    space.publish("a", "1").await?;
    for consumer in &consumers {
        space.expect(consumer, "1").await?;
    }
    Ok(())
}

async fn a_topic_without_groups_takes_events(space: &Space) -> Verdict {
    let id = space.publish("nobody", "1").await?;
    ensure!(!id.as_str().is_empty(), "an event has no id");
    Ok(())
}

async fn each_of_many_has_an_outcome_of_its_own(space: &Space) -> Verdict {
    let consumer = space.subscribe("a", "g").await?;
    let wrong = Message { content_type: "application/json".to_owned(), ..text("{") };
    let named = Message { id: Some("mine".to_owned()), ..text("3") };
    let messages = vec![text("1"), wrong, named];
    let outcomes = space.store.publish_many(&space.cx(), &space.topic("a"), messages).await;
    let mut outcomes = ok(outcomes, "publish-many")?.into_iter();
    let mut next = || outcomes.next().ok_or("an outcome is missing");
    let first = ok(next()?, "the first")?;
    refused(next()?, Kind::InvalidArgument, "the second")?;
    let third = ok(next()?, "the third")?;
    equal!(third.as_str(), "mine", "the id of the third");
    ensure!(next().is_err(), "there are more outcomes than messages");
    let got = space.receive_many(&consumer, 2).await?;
    equal!(sorted(&got), ["1", "3"], "what was published");
    let ids: Vec<_> = got.iter().map(|delivery| delivery.event.id.as_str()).collect();
    ensure!(ids.contains(&first.as_str()) && ids.contains(&"mine"), "other ids came: {ids:?}");
    Ok(())
}

async fn many_of_none_is_none(space: &Space) -> Verdict {
    let outcomes = space.store.publish_many(&space.cx(), &space.topic("a"), Vec::new()).await;
    equal!(ok(outcomes, "publish-many")?.len(), 0, "the outcomes of nothing");
    Ok(())
}

async fn common_options_are_accepted(space: &Space) -> Verdict {
    with_option(space, "consistency", "strong").await
}

async fn an_option_of_another_driver_is_ignored(space: &Space) -> Verdict {
    with_option(space, "no-such-driver.option", "1").await
}

async fn with_option(space: &Space, name: &str, value: &str) -> Verdict {
    let options = ok(Options::parse(vec![(name.to_owned(), value.to_owned())]), "an option")?;
    ok(space.send("a", Message { options, ..text("1") }).await, &format!("publish with `{name}`"))?;
    Ok(())
}
