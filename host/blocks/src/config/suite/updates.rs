//! Subscriptions: what there is, and then every change.

use super::space::{Space, key};
use crate::config::Update;
use crate::suite::{Verdict, cases, ensure, equal};

cases! {
    the_first_update_has_what_there_is needs Subscribe,
    the_first_update_comes_though_there_is_nothing needs Subscribe,
    new_changed_and_deleted_keys_are_told needs Subscribe,
    only_what_is_wanted_is_told needs Subscribe,
    other_scopes_are_not_told needs Subscribe,
    what_changes_while_nobody_reads_is_told_later needs Subscribe,
    subscribers_do_not_disturb_each_other needs Subscribe,
    the_updates_lead_to_what_get_answers needs Subscribe,
}

async fn the_first_update_has_what_there_is(space: &Space) -> Verdict {
    space.save(&[("b", "2"), ("a", "1")]).await?;
    let first = space.follow(&[]).await?.next().await?;
    equal!(first.items, [space.item("a").await?, space.item("b").await?], "the first update");
    equal!(first.deleted, [], "the deleted keys of the first update");
    Ok(())
}

async fn the_first_update_comes_though_there_is_nothing(space: &Space) -> Verdict {
    let mut follower = space.follow(&[]).await?;
    equal!(follower.next().await?, Update::default(), "the first update");
    space.save(&[("a", "1")]).await?;
    follower.until(&[("a", "1")]).await
}

async fn new_changed_and_deleted_keys_are_told(space: &Space) -> Verdict {
    space.save(&[("a", "1"), ("b", "1")]).await?;
    let mut follower = space.follow(&[]).await?;
    follower.until(&[("a", "1"), ("b", "1")]).await?;

    space.save(&[("a", "2")]).await?;
    let changed = follower.next().await?;
    equal!(changed.items, [space.item("a").await?], "the item that changed");
    equal!(changed.deleted, [], "the deleted keys after a change");

    space.save(&[("c", "1")]).await?;
    let new = follower.next().await?;
    equal!(new.items, [space.item("c").await?], "the item that is new");

    space.delete(&["b"]).await?;
    let deleted = follower.next().await?;
    equal!((deleted.items.len(), deleted.deleted), (0, vec![key("b")]), "the key that was deleted");

    space.save(&[("b", "3")]).await?;
    follower.until(&[("a", "2"), ("b", "3"), ("c", "1")]).await
}

async fn only_what_is_wanted_is_told(space: &Space) -> Verdict {
    space.save(&[("a", "1"), ("b", "1")]).await?;
    let mut follower = space.follow(&["b", "c"]).await?;
    equal!(follower.next().await?.items, [space.item("b").await?], "the first update");
    space.save(&[("a", "2")]).await?;
    space.save(&[("c", "1")]).await?;
    equal!(follower.next().await?.items, [space.item("c").await?], "the next update");
    space.delete(&["a", "b"]).await?;
    equal!(follower.next().await?.deleted, [key("b")], "the deleted keys");
    Ok(())
}

async fn other_scopes_are_not_told(space: &Space) -> Verdict {
    let mut follower = space.follow(&[]).await?;
    equal!(follower.next().await?, Update::default(), "the first update");
    space.save_in(&space.scope_of("other", ""), &[("a", "1")]).await?;
    space.save_in(&space.scope_of("", "other"), &[("b", "1")]).await?;
    space.save(&[("c", "1")]).await?;
    equal!(follower.next().await?.items, [space.item("c").await?], "the next update");
    Ok(())
}

async fn what_changes_while_nobody_reads_is_told_later(space: &Space) -> Verdict {
    space.save(&[("a", "1"), ("b", "1")]).await?;
    let mut follower = space.follow(&[]).await?;
    follower.until(&[("a", "1"), ("b", "1")]).await?;
    for value in ["2", "3", "4"] {
        space.save(&[("a", value)]).await?;
    }
    space.delete(&["b"]).await?;
    follower.until(&[("a", "4")]).await
}

async fn subscribers_do_not_disturb_each_other(space: &Space) -> Verdict {
    let mut first = space.follow(&[]).await?;
    let second = space.follow(&[]).await?;
    let mut third = space.follow(&["a"]).await?;
    first.next().await?;
    third.next().await?;
    // one that never reads, and then goes away
    space.save(&[("a", "1")]).await?;
    drop(second);
    first.until(&[("a", "1")]).await?;
    third.until(&[("a", "1")]).await?;
    drop(third);
    space.save(&[("b", "1")]).await?;
    first.until(&[("a", "1"), ("b", "1")]).await
}

async fn the_updates_lead_to_what_get_answers(space: &Space) -> Verdict {
    let mut follower = space.follow(&[]).await?;
    let write = async {
        for round in 0..20 {
            let (name, value) = (format!("k{}", round % 5), round.to_string());
            space.save(&[(&name, &value)]).await?;
            if round % 3 == 0 {
                space.delete(&[&format!("k{}", round % 4)]).await?;
            }
        }
        space.save(&[("last", "1")]).await
    };
    let read = async {
        while !follower.next().await?.items.iter().any(|item| item.key.as_str() == "last") {}
        Ok(())
    };
    let (wrote, read) = futures_util::future::join(write, read).await;
    wrote.and(read)?;
    let found = space.values(&[]).await?;
    ensure!(!found.is_empty(), "nothing is left");
    let expected: Vec<_> = found.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    follower.until(&expected).await
}
