//! Writing and deleting one key without a precondition.

use std::collections::HashSet;

use super::space::Space;
use crate::suite::{Verdict, cases, ensure, equal};

cases! {
    a_write_replaces_the_value,
    every_write_changes_the_etag,
    a_write_of_the_same_bytes_changes_the_etag,
    a_write_leaves_other_keys_alone,
    a_deleted_key_is_missing,
    deleting_a_missing_key_succeeds,
    a_key_can_be_written_again_after_a_delete,
    an_etag_does_not_return_after_a_delete needs EtagsNeverReturn,
}

async fn a_write_replaces_the_value(space: &Space) -> Verdict {
    for data in ["a long value at first", "b", "", "longer again"] {
        space.set("a", data).await?;
        space.expect_data("a", data).await?;
    }
    Ok(())
}

async fn every_write_changes_the_etag(space: &Space) -> Verdict {
    let mut seen = HashSet::new();
    for i in 0..20 {
        let etag = space.set("a", format!("{i}")).await?;
        ensure!(seen.insert(etag.clone()), "the etag {etag:?} was given twice");
    }
    Ok(())
}

async fn a_write_of_the_same_bytes_changes_the_etag(space: &Space) -> Verdict {
    let first = space.set("a", "same").await?;
    let second = space.set("a", "same").await?;
    ensure!(first != second, "two writes of the same bytes share the etag {first:?}");
    equal!(space.value("a").await?.etag, second, "the etag read");
    Ok(())
}

async fn a_write_leaves_other_keys_alone(space: &Space) -> Verdict {
    space.set("a", "1").await?;
    let before = space.value("a").await?;
    space.set("ab", "2").await?;
    space.remove("ab").await?;
    space.expect_unchanged("a", &before).await
}

async fn a_deleted_key_is_missing(space: &Space) -> Verdict {
    space.set("a", "1").await?;
    space.remove("a").await?;
    space.expect_missing("a").await?;
    equal!(space.list("", 10).await?.len(), 0, "keys listed after the delete");
    Ok(())
}

async fn deleting_a_missing_key_succeeds(space: &Space) -> Verdict {
    space.remove("nothing").await?;
    space.set("a", "1").await?;
    space.remove("a").await?;
    space.remove("a").await
}

async fn a_key_can_be_written_again_after_a_delete(space: &Space) -> Verdict {
    space.set("a", "1").await?;
    space.remove("a").await?;
    space.set("a", "2").await?;
    space.expect_data("a", "2").await
}

async fn an_etag_does_not_return_after_a_delete(space: &Space) -> Verdict {
    let mut seen = HashSet::new();
    for i in 0..10 {
        let etag = space.set("a", format!("{i}")).await?;
        ensure!(seen.insert(etag.clone()), "the etag {etag:?} returned after a delete");
        space.remove("a").await?;
    }
    Ok(())
}
