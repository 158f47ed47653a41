//! Items of one scope: saved, read and deleted.

use futures_util::future::join_all;
use ottavo_core::Kind;

use super::space::{Space, key, pairs};
use crate::config::{Item, MAX_ITEM, Wanted};
use crate::suite::{Verdict, cases, ensure, equal, ok, refused};

cases! {
    a_scope_in_which_nothing_was_saved_has_no_items,
    an_item_is_read_as_it_was_saved,
    an_item_is_replaced_as_a_whole,
    a_version_changes_with_its_item,
    keys_come_in_the_order_asked_without_those_that_are_missing,
    all_items_come_in_the_order_of_their_keys,
    an_empty_value_is_a_value,
    keys_of_any_script_are_apart,
    the_longest_key_works,
    of_two_items_with_one_key_the_last_stays,
    the_largest_item_comes_back,
    an_item_beyond_the_largest_is_too_large_and_nothing_is_saved,
    deleted_keys_are_gone_and_missing_ones_fine,
    saves_at_the_same_time_are_all_kept,
    many_items_are_saved_at_once,
}

async fn a_scope_in_which_nothing_was_saved_has_no_items(space: &Space) -> Verdict {
    equal!(space.values(&[]).await?, [], "every item");
    equal!(space.values(&["a"]).await?, [], "a key");
    Ok(())
}

async fn an_item_is_read_as_it_was_saved(space: &Space) -> Verdict {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let saved = Item {
        tags: [pair("team", "ä\n\"x\""), pair("", ""), pair("a.b", "1")].into(),
        metadata: [pair("by", "日本語"), pair("[x]", "\\")].into(),
        ..Item::new(key("a"), "line\nline = \"x\" # 🦀\t\u{7f}\u{1}")
    };
    ok(space.try_save(vec![saved.clone()]).await, "save")?;
    let found = space.item("a").await?;
    ensure!(!found.version.is_empty(), "an item that was saved has no version");
    equal!(found, Item { version: found.version.clone(), ..saved }, "the item");
    Ok(())
}

async fn an_item_is_replaced_as_a_whole(space: &Space) -> Verdict {
    let tags = [("a".to_owned(), "b".to_owned())].into();
    let first = Item { tags, ..Item::new(key("a"), "1") };
    ok(space.try_save(vec![first]).await, "save")?;
    space.save(&[("a", "2")]).await?;
    let found = space.item("a").await?;
    equal!((found.value.as_str(), found.tags.len()), ("2", 0), "the value and the number of tags");
    Ok(())
}

async fn a_version_changes_with_its_item(space: &Space) -> Verdict {
    space.save(&[("a", "1"), ("b", "1")]).await?;
    let (a, b) = (space.item("a").await?, space.item("b").await?);
    space.save(&[("a", "2")]).await?;
    ensure!(space.item("a").await?.version != a.version, "the version of `a` did not change");
    equal!(space.item("b").await?, b, "the item that was left alone");
    Ok(())
}

async fn keys_come_in_the_order_asked_without_those_that_are_missing(space: &Space) -> Verdict {
    space.save(&[("a", "1"), ("b", "2"), ("c", "3")]).await?;
    let found = space.values(&["c", "no", "a", "c"]).await?;
    equal!(found, pairs(&[("c", "3"), ("a", "1"), ("c", "3")]), "keys in the order asked");
    Ok(())
}

async fn all_items_come_in_the_order_of_their_keys(space: &Space) -> Verdict {
    space.save(&[("b", "2"), ("a/b", "3"), ("é", "4"), ("B", "1"), ("a", "0")]).await?;
    let sorted = [("B", "1"), ("a", "0"), ("a/b", "3"), ("b", "2"), ("é", "4")];
    equal!(space.values(&[]).await?, pairs(&sorted), "every item");
    Ok(())
}

async fn an_empty_value_is_a_value(space: &Space) -> Verdict {
    space.save(&[("a", "")]).await?;
    equal!(space.values(&["a"]).await?, pairs(&[("a", "")]), "an empty value");
    Ok(())
}

async fn keys_of_any_script_are_apart(space: &Space) -> Verdict {
    let names = [
        "a",
        "A",
        "a ",
        " a",
        "a.b",
        "a/b",
        "a|b",
        "a:b",
        "%",
        "#",
        "=",
        "..",
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
        "\u{d7ff}",
        "\u{10ffff}",
    ];
    let items: Vec<_> = names.iter().map(|name| (*name, *name)).collect();
    space.save(&items).await?;
    equal!(space.values(&names).await?, pairs(&items), "every key by itself");
    equal!(space.values(&[]).await?.len(), names.len(), "the number of keys");
    Ok(())
}

async fn the_longest_key_works(space: &Space) -> Verdict {
    let (one, other) = ("x".repeat(4096), format!("{}y", "x".repeat(4095)));
    space.save(&[(&one, "1"), (&other, "2")]).await?;
    space.delete(&[&one]).await?;
    equal!(space.values(&[]).await?, pairs(&[(&other, "2")]), "what is left");
    Ok(())
}

async fn of_two_items_with_one_key_the_last_stays(space: &Space) -> Verdict {
    space.save(&[("a", "1"), ("b", "1"), ("a", "2")]).await?;
    equal!(space.values(&[]).await?, pairs(&[("a", "2"), ("b", "1")]), "every item");
    Ok(())
}

async fn the_largest_item_comes_back(space: &Space) -> Verdict {
    let value: String = (0..MAX_ITEM - 1).map(|at| char::from(b'a' + (at % 25) as u8)).collect();
    space.save(&[("k", &value)]).await?;
    let found = space.item("k").await?.value;
    ensure!(found == value, "the largest value came back as {} bytes, or others", found.len());
    space.delete(&["k"]).await
}

async fn an_item_beyond_the_largest_is_too_large_and_nothing_is_saved(space: &Space) -> Verdict {
    let small = Item::new(key("a"), "1");
    let large = Item::new(key("k"), "x".repeat(MAX_ITEM));
    refused(space.try_save(vec![small, large]).await, Kind::TooLarge, "save")?;
    equal!(space.values(&[]).await?, [], "every item");
    Ok(())
}

async fn deleted_keys_are_gone_and_missing_ones_fine(space: &Space) -> Verdict {
    space.delete(&["a"]).await?;
    space.save(&[("a", "1"), ("b", "2"), ("c", "3")]).await?;
    space.delete(&["a", "no", "c", "a"]).await?;
    equal!(space.values(&[]).await?, pairs(&[("b", "2")]), "what is left");
    space.delete(&["b"]).await?;
    equal!(space.values(&[]).await?, [], "what is left");
    space.save(&[("a", "4")]).await?;
    equal!(
        space.values(&[]).await?,
        pairs(&[("a", "4")]),
        "a key that was deleted, and saved again"
    );
    Ok(())
}

async fn saves_at_the_same_time_are_all_kept(space: &Space) -> Verdict {
    let names: Vec<_> = (0..20).map(|number| format!("key-{number:02}")).collect();
    let saves = join_all(names.iter().map(async |name| space.save(&[(name, name)]).await)).await;
    saves.into_iter().collect::<Verdict<()>>()?;
    let expected: Vec<_> = names.iter().map(|name| (name.as_str(), name.as_str())).collect();
    equal!(space.values(&[]).await?, pairs(&expected), "every item");
    Ok(())
}

async fn many_items_are_saved_at_once(space: &Space) -> Verdict {
    let names: Vec<_> = (0..1000).map(|number| format!("{number:03}")).collect();
    let items: Vec<_> = names.iter().map(|name| (name.as_str(), "x")).collect();
    space.save(&items).await?;
    equal!(space.items(&space.scope(), &Wanted::All).await?.len(), 1000, "the number of items");
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    space.delete(&names).await?;
    equal!(space.values(&[]).await?, [], "every item");
    Ok(())
}
