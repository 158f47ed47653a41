//! Listing keys by prefix, page by page.

use std::collections::BTreeSet;

use ottavo_core::Kind;

use super::space::{Space, page_limit};
use crate::suite::{Verdict, cases, ensure, equal, ok, refused};

cases! {
    nothing_to_list_is_an_empty_list,
    every_key_is_listed_once_with_any_page_size,
    only_keys_with_the_prefix_are_listed,
    a_key_that_is_the_prefix_is_listed,
    signs_of_patterns_in_a_prefix_mean_themselves,
    a_prefix_at_the_ends_of_unicode_lists_its_keys,
    the_empty_prefix_lists_the_store,
    written_and_deleted_keys_show_in_the_list,
    keys_that_stay_are_listed_once_while_others_come_and_go,
    a_cursor_outlives_the_keys_around_it,
    a_cursor_of_nobody_is_refused,
}

async fn fill(space: &Space, names: &[String]) -> Verdict {
    let entries = names.iter().map(|name| space.entry(name, "1")).collect();
    for outcome in ok(space.store.set_many(&space.cx(), entries).await, "set-many")? {
        ok(outcome, "an item of set-many")?;
    }
    Ok(())
}

fn numbered(prefix: &str, count: usize) -> Vec<String> {
    (0..count).map(|i| format!("{prefix}{i:03}")).collect()
}

async fn nothing_to_list_is_an_empty_list(space: &Space) -> Verdict {
    equal!(space.list("", 10).await?.len(), 0, "keys listed");
    space.set("b", "1").await?;
    equal!(space.list("a", 10).await?.len(), 0, "keys listed below another prefix");
    Ok(())
}

async fn every_key_is_listed_once_with_any_page_size(space: &Space) -> Verdict {
    let names = numbered("k", 25);
    fill(space, &names).await?;
    for limit in [1, 2, 7, 24, 25, 26, 1000] {
        equal!(space.list("", limit).await?, names, "keys listed by pages of {limit}");
    }
    Ok(())
}

async fn only_keys_with_the_prefix_are_listed(space: &Space) -> Verdict {
    for name in ["a", "a/1", "a/2", "a/2/x", "a0", "aa/1", "b/1", "A/1"] {
        space.set(name, "1").await?;
    }
    equal!(space.list("a/", 2).await?, ["a/1", "a/2", "a/2/x"], "keys below `a/`");
    equal!(space.list("a/2", 2).await?, ["a/2", "a/2/x"], "keys that begin with `a/2`");
    equal!(space.list("b", 2).await?, ["b/1"], "keys that begin with `b`");
    Ok(())
}

async fn a_key_that_is_the_prefix_is_listed(space: &Space) -> Verdict {
    space.set("a", "1").await?;
    equal!(space.list("a", 1).await?, ["a"], "keys that begin with the whole key");
    Ok(())
}

async fn signs_of_patterns_in_a_prefix_mean_themselves(space: &Space) -> Verdict {
    let prefixes =
        ["x%", "x_", "x*", "x?", "x[a]", "x[^b]", "x{a,b}", "x\\", "x.", "x.*", "x'", "x\"", "xa"];
    for prefix in prefixes {
        space.set(&format!("{prefix}1"), "1").await?;
    }
    for prefix in prefixes {
        let expected: BTreeSet<_> =
            prefixes.iter().filter(|p| p.starts_with(prefix)).map(|p| format!("{p}1")).collect();
        let got: BTreeSet<_> = space.list(prefix, 2).await?.into_iter().collect();
        equal!(got, expected, "keys that begin with `{prefix}`");
    }
    Ok(())
}

async fn a_prefix_at_the_ends_of_unicode_lists_its_keys(space: &Space) -> Verdict {
    let ends = ["\u{1}", "\u{7f}", "\u{80}", "ÿ", "\u{7ff}", "\u{d7ff}", "\u{e000}", "\u{ffff}"];
    let ends = [&ends[..], &["\u{10000}", "\u{10ffff}"]].concat();
    for end in &ends {
        for rest in ["", "a", "\u{10ffff}"] {
            space.set(&format!("p{end}{rest}"), "1").await?;
        }
    }
    for end in &ends {
        let expected: BTreeSet<_> =
            ["", "a", "\u{10ffff}"].iter().map(|rest| format!("p{end}{rest}")).collect();
        let got: BTreeSet<_> = space.list(&format!("p{end}"), 2).await?.into_iter().collect();
        equal!(got, expected, "keys that begin with `p{}`", end.escape_unicode());
    }
    Ok(())
}

async fn the_empty_prefix_lists_the_store(space: &Space) -> Verdict {
    space.set("a", "1").await?;
    let page = space.store.list_keys(&space.cx(), "", None, page_limit(1)).await;
    let page = ok(page, "list-keys with an empty prefix")?;
    ensure!(page.keys.len() <= 1, "a page of limit 1 has {} keys", page.keys.len());
    ensure!(
        !page.keys.is_empty() || page.next.is_some(),
        "the only page of a store with keys is empty"
    );
    Ok(())
}

async fn written_and_deleted_keys_show_in_the_list(space: &Space) -> Verdict {
    fill(space, &numbered("k", 4)).await?;
    space.remove("k001").await?;
    space.set("k001x", "1").await?;
    let expected = ["k000", "k001x", "k002", "k003"];
    equal!(space.list("", 3).await?, expected, "keys after a delete and a write");
    Ok(())
}

async fn keys_that_stay_are_listed_once_while_others_come_and_go(space: &Space) -> Verdict {
    let stay = numbered("k", 20);
    fill(space, &stay).await?;
    fill(space, &numbered("k005-goes", 5)).await?;
    let (mut listed, mut cursor, mut round) = (Vec::new(), None::<String>, 0);
    loop {
        let page = ok(space.page(cursor.as_deref(), 3).await, "list-keys")?;
        listed.extend(page.keys.into_iter().map(|key| key.into_string()));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
        space.set(&format!("a-comes{round}"), "1").await?;
        space.set(&format!("k010-comes{round}"), "1").await?;
        space.set(&format!("z-comes{round}"), "1").await?;
        space.set(&format!("k{:03}", round % 20), "written again").await?;
        space.remove(&format!("k005-goes{:03}", round % 5)).await?;
        round += 1;
        ensure!(round < 1000, "the list has no end: {round} pages");
    }
    for name in &stay {
        let key = space.key(name);
        let times = listed.iter().filter(|listed| **listed == key.as_str()).count();
        equal!(times, 1, "how often `{name}` was listed");
    }
    Ok(())
}

async fn a_cursor_outlives_the_keys_around_it(space: &Space) -> Verdict {
    fill(space, &numbered("k", 9)).await?;
    let (mut listed, mut cursor) = (BTreeSet::new(), None::<String>);
    loop {
        let page = ok(space.page(cursor.as_deref(), 2).await, "list-keys")?;
        for key in page.keys {
            let name = key.as_str().trim_start_matches(space.prefix()).to_owned();
            space.remove(&name).await?;
            ensure!(listed.insert(name.clone()), "`{name}` was listed again after its delete");
        }
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    let expected: BTreeSet<_> = numbered("k", 9).into_iter().collect();
    equal!(listed, expected, "keys listed while each page was deleted");
    Ok(())
}

async fn a_cursor_of_nobody_is_refused(space: &Space) -> Verdict {
    space.set("a", "1").await?;
    for cursor in ["nonsense", "!", "k1-zz", "ÿ", "-1"] {
        let page = space.page(Some(cursor), 2).await;
        refused(page, Kind::InvalidArgument, &format!("list-keys after `{cursor}`"))?;
    }
    Ok(())
}
