//! Files by the beginning of their names, page by page.

use ottavo_core::Kind;

use super::space::Space;
use crate::file::PageLimit;
use crate::suite::{Verdict, cases, ensure, equal, ok, refused};

cases! {
    files_are_listed_by_prefix,
    files_are_listed_in_the_order_of_their_names,
    every_file_is_listed_once_whatever_the_limit,
    a_list_goes_on_when_its_last_file_is_deleted,
    a_foreign_cursor_is_refused,
}

async fn fill(space: &Space, names: &[&str]) -> Verdict {
    for name in names {
        space.put(name, name).await?;
    }
    Ok(())
}

async fn files_are_listed_by_prefix(space: &Space) -> Verdict {
    fill(space, &["a/1", "a/2", "ab", "b/a/1", "b/a/c/1", "b/b"]).await?;
    for (prefix, expected) in [
        ("", &["a/1", "a/2", "ab", "b/a/1", "b/a/c/1", "b/b"][..]),
        ("a", &["a/1", "a/2", "ab"]),
        ("a/", &["a/1", "a/2"]),
        ("a/1", &["a/1"]),
        ("b/a", &["b/a/1", "b/a/c/1"]),
        ("b/a/c/", &["b/a/c/1"]),
        ("c", &[]),
        ("a/1/", &[]),
        ("no/such/folder/", &[]),
    ] {
        equal!(space.list(prefix, 100).await?, expected, "the list of `{prefix}`");
    }
    Ok(())
}

/// What sorts before and after `/`, so that a folder's files stand between those of others.
const NAMES: [&str; 9] =
    ["a!/x", "a-b", "a-b.c", "a.b/c", "a.b/d/e", "a/b", "a/c", "a0", "ä/\u{10ffff}"];

async fn files_are_listed_in_the_order_of_their_names(space: &Space) -> Verdict {
    let mut shuffled = NAMES;
    fastrand::shuffle(&mut shuffled);
    fill(space, &shuffled).await?;
    equal!(space.list("", 100).await?, NAMES, "the list");
    Ok(())
}

async fn every_file_is_listed_once_whatever_the_limit(space: &Space) -> Verdict {
    fill(space, &NAMES).await?;
    for limit in [1, 2, 3, 8, 9, 10, 1000] {
        equal!(space.list("", limit).await?, NAMES, "the list by {limit}");
    }
    equal!(space.list("a.b/", 1).await?, ["a.b/c", "a.b/d/e"], "the list of a folder by 1");
    Ok(())
}

async fn a_list_goes_on_when_its_last_file_is_deleted(space: &Space) -> Verdict {
    fill(space, &["a", "b/c", "b/d", "e"]).await?;
    let limit = ok(PageLimit::parse(2), "a limit")?;
    let page = ok(space.store.list(&space.cx(), space.prefix(), None, limit).await, "list")?;
    ensure!(page.next.is_some(), "a first page of {} files has no next one", page.files.len());
    space.delete("b/c").await?;
    let mut names: Vec<String> = page.files.into_iter().map(|f| f.name.into_string()).collect();
    let mut next = page.next;
    while let Some(cursor) = next {
        let page = space.store.list(&space.cx(), space.prefix(), Some(&cursor), limit).await;
        let page = ok(page, "list on")?;
        names.extend(page.files.into_iter().map(|file| file.name.into_string()));
        next = page.next;
    }
    for name in ["a", "b/d", "e"] {
        let count = names.iter().filter(|known| **known == *space.name(name).as_str()).count();
        equal!(count, 1, "how often `{name}` was listed");
    }
    Ok(())
}

async fn a_foreign_cursor_is_refused(space: &Space) -> Verdict {
    fill(space, &["a/1", "a/2", "b/1"]).await?;
    let limit = ok(PageLimit::parse(1), "a limit")?;
    let prefix = |rest: &str| format!("{}{rest}", space.prefix());
    let page = space.store.list(&space.cx(), &prefix("a/"), None, limit).await;
    let other = ok(page, "list")?.next.ok_or("one of two files is a page without a next one")?;
    for cursor in ["nonsense", "../../etc", &other] {
        let result = space.store.list(&space.cx(), &prefix("b/"), Some(cursor), limit).await;
        refused(result, Kind::InvalidArgument, &format!("list with the cursor `{cursor}`"))?;
    }
    Ok(())
}
