//! Batches: answered in the order asked, each item on its own.

use bytes::Bytes;
use ottavo_core::Kind;

use super::space::Space;
use crate::Options;
use crate::state::{Entry, Precondition};
use crate::suite::{Verdict, cases, ensure, equal, ok, refused};

cases! {
    an_empty_batch_has_no_answers,
    get_many_answers_in_the_order_asked,
    a_key_asked_twice_is_answered_twice,
    set_many_writes_each_and_returns_its_etag,
    a_failing_item_of_set_many_leaves_the_others,
    a_key_written_twice_in_a_batch_ends_as_one_of_both,
    one_of_two_first_writes_in_a_batch_wins,
    delete_many_deletes_each_on_its_own,
    a_large_batch_is_answered_whole,
}

async fn an_empty_batch_has_no_answers(space: &Space) -> Verdict {
    let (cx, store) = (space.cx(), &space.store);
    let got = ok(store.get_many(&cx, &[], &Options::default()).await, "get-many of nothing")?;
    equal!(got.len(), 0, "answers of get-many");
    equal!(ok(store.set_many(&cx, vec![]).await, "set-many of nothing")?.len(), 0, "answers");
    equal!(ok(store.delete_many(&cx, vec![]).await, "delete-many of nothing")?.len(), 0, "answers");
    Ok(())
}

async fn get_many_answers_in_the_order_asked(space: &Space) -> Verdict {
    for name in ["a", "b", "c"] {
        space.set(name, name).await?;
    }
    let got = read_many(space, &["c", "missing", "a", "b"]).await?;
    equal!(got, ["c", "-", "a", "b"], "the values in order");
    Ok(())
}

async fn a_key_asked_twice_is_answered_twice(space: &Space) -> Verdict {
    space.set("a", "1").await?;
    equal!(read_many(space, &["a", "b", "a", "b"]).await?, ["1", "-", "1", "-"], "the answers");
    Ok(())
}

async fn read_many(space: &Space, names: &[&str]) -> Verdict<Vec<String>> {
    let keys: Vec<_> = names.iter().map(|name| space.key(name)).collect();
    let got = space.store.get_many(&space.cx(), &keys, &Options::default()).await;
    let mut values = Vec::new();
    for value in ok(got, "get-many")? {
        let value = ok(value, "an item of get-many")?;
        let text = value.map(|value| String::from_utf8_lossy(&value.data).into_owned());
        values.push(text.unwrap_or_else(|| "-".to_owned()));
    }
    Ok(values)
}

async fn set_many_writes_each_and_returns_its_etag(space: &Space) -> Verdict {
    let names = ["b", "a", "c"];
    let entries = names.iter().map(|name| space.entry(name, name)).collect();
    let outcomes = ok(space.store.set_many(&space.cx(), entries).await, "set-many")?;
    equal!(outcomes.len(), names.len(), "outcomes of set-many");
    for (name, outcome) in names.iter().zip(outcomes) {
        let etag = ok(outcome, &format!("set-many of `{name}`"))?;
        equal!(space.value(name).await?.etag, etag, "the etag of `{name}`");
        space.expect_data(name, name).await?;
    }
    Ok(())
}

async fn a_failing_item_of_set_many_leaves_the_others(space: &Space) -> Verdict {
    space.set("exists", "1").await?;
    let before = space.value("exists").await?;
    let refused_entry = Entry { precondition: Precondition::Absent, ..space.entry("exists", "2") };
    let entries = vec![space.entry("first", "1"), refused_entry, space.entry("last", "1")];
    let mut outcomes = ok(space.store.set_many(&space.cx(), entries).await, "set-many")?;
    equal!(outcomes.len(), 3, "outcomes of set-many");
    ok(outcomes.remove(2), "the last item")?;
    refused(outcomes.remove(1), Kind::Conflict, "the first write on an existing key")?;
    ok(outcomes.remove(0), "the first item")?;
    space.expect_unchanged("exists", &before).await?;
    space.expect_data("first", "1").await?;
    space.expect_data("last", "1").await
}

async fn a_key_written_twice_in_a_batch_ends_as_one_of_both(space: &Space) -> Verdict {
    let entries = vec![space.entry("a", "1"), space.entry("a", "2")];
    let outcomes = ok(space.store.set_many(&space.cx(), entries).await, "set-many")?;
    let mut ends = Vec::new();
    for (outcome, data) in outcomes.into_iter().zip(["1", "2"]) {
        ends.push((ok(outcome, "an item of set-many")?, Bytes::from(data)));
    }
    let value = space.value("a").await?;
    ensure!(
        ends.contains(&(value.etag.clone(), value.data.clone())),
        "{value:?} is not of {ends:?}"
    );
    Ok(())
}

async fn one_of_two_first_writes_in_a_batch_wins(space: &Space) -> Verdict {
    let first = |data| Entry { precondition: Precondition::Absent, ..space.entry("a", data) };
    let entries = vec![first("1"), first("2")];
    let outcomes = ok(space.store.set_many(&space.cx(), entries).await, "set-many")?;
    let won: Vec<_> = outcomes.iter().map(Result::is_ok).collect();
    let data = match won[..] {
        [true, false] => "1",
        [false, true] => "2",
        _ => return Err(format!("expected one of two first writes to win, got {outcomes:?}")),
    };
    space.expect_data("a", data).await
}

async fn delete_many_deletes_each_on_its_own(space: &Space) -> Verdict {
    let stale = space.set("stale", "1").await?;
    space.set("stale", "2").await?;
    let current = space.set("current", "1").await?;
    space.set("any", "1").await?;
    let removals = vec![
        space.removal("any", Precondition::Any),
        space.removal("stale", Precondition::Match(stale)),
        space.removal("missing", Precondition::Any),
        space.removal("current", Precondition::Match(current)),
        space.removal("any", Precondition::Any),
    ];
    let outcomes = ok(space.store.delete_many(&space.cx(), removals).await, "delete-many")?;
    let kinds: Vec<_> = outcomes.iter().map(|o| o.as_ref().err().map(|e| e.kind())).collect();
    equal!(kinds, [None, Some(Kind::Conflict), None, None, None], "outcomes of delete-many");
    equal!(space.list("", 10).await?, ["stale"], "keys left");
    Ok(())
}

async fn a_large_batch_is_answered_whole(space: &Space) -> Verdict {
    let names: Vec<_> = (0..300).map(|i| format!("{i:03}")).collect();
    let entries = names.iter().map(|name| space.entry(name, name)).collect();
    let outcomes = ok(space.store.set_many(&space.cx(), entries).await, "set-many")?;
    equal!(outcomes.iter().filter(|o| o.is_ok()).count(), names.len(), "writes that succeeded");
    let asked: Vec<_> = names.iter().map(String::as_str).collect();
    equal!(read_many(space, &asked).await?, names, "the values in order");
    Ok(())
}
