//! A file appears whole, or not at all.

use ottavo_core::Kind;

use super::space::Space;
use crate::file::Capability::AnyNames;
use crate::suite::{Verdict, cases, ensure, equal, ok, refused};

cases! {
    a_file_appears_when_it_is_finished,
    a_dropped_writer_leaves_nothing,
    a_dropped_writer_leaves_what_was_there,
    a_later_file_replaces_an_earlier_one,
    the_last_to_finish_stays,
    a_deleted_file_is_gone_and_can_come_again,
    a_file_and_a_folder_of_one_name_do_not_harm_each_other,
}

async fn a_file_appears_when_it_is_finished(space: &Space) -> Verdict {
    let writer = space.begin("folder/a", "data").await?;
    space.expect_missing("folder/a").await?;
    equal!(space.list("", 10).await?, Vec::<String>::new(), "the list before");
    ok(writer.finish(&space.cx()).await, "finish")?;
    space.expect("folder/a", "data").await?;
    equal!(space.list("", 10).await?, ["folder/a"], "the list after");
    Ok(())
}

async fn a_dropped_writer_leaves_nothing(space: &Space) -> Verdict {
    drop(ok(space.store.create(&space.cx(), space.new_file("a")).await, "create")?);
    drop(space.begin("folder/a", "data").await?);
    space.expect_missing("a").await?;
    space.expect_missing("folder/a").await?;
    equal!(space.list("", 10).await?, Vec::<String>::new(), "the list");
    Ok(())
}

async fn a_dropped_writer_leaves_what_was_there(space: &Space) -> Verdict {
    let before = space.put("a", "before").await?;
    drop(space.begin("a", "after").await?);
    space.expect("a", "before").await?;
    equal!(space.info("a").await?.etag, before.etag, "the etag");
    Ok(())
}

async fn a_later_file_replaces_an_earlier_one(space: &Space) -> Verdict {
    for data in ["first and long", "second", "", "third"] {
        space.put("a", data).await?;
        space.expect("a", data).await?;
        equal!(space.info("a").await?.size, data.len() as u64, "the size of `{data}`");
    }
    equal!(space.list("", 10).await?, ["a"], "the list");
    Ok(())
}

async fn the_last_to_finish_stays(space: &Space) -> Verdict {
    let (first, second) = (space.begin("a", "first").await?, space.begin("a", "second").await?);
    ok(second.finish(&space.cx()).await, "finish the second")?;
    space.expect("a", "second").await?;
    ok(first.finish(&space.cx()).await, "finish the first")?;
    space.expect("a", "first").await
}

async fn a_deleted_file_is_gone_and_can_come_again(space: &Space) -> Verdict {
    for data in ["1", "2"] {
        space.put("some/folder/a", data).await?;
        space.put("some/other", data).await?;
        space.delete("some/folder/a").await?;
        space.expect_missing("some/folder/a").await?;
        space.expect("some/other", data).await?;
        space.delete("some/other").await?;
        equal!(space.list("", 10).await?, Vec::<String>::new(), "the list");
    }
    // what was a folder can be a file
    space.put("some", "file").await?;
    space.expect("some", "file").await
}

async fn a_file_and_a_folder_of_one_name_do_not_harm_each_other(space: &Space) -> Verdict {
    for (first, second) in [("a", "a/b"), ("c/d", "c"), ("e", "e/f/g")] {
        space.put(first, "first").await?;
        let both = space.write(space.new_file(second), &[b"second"]).await;
        if space.claims(AnyNames) || both.is_ok() {
            ok(both, &format!("write `{second}` beside `{first}`"))?;
            space.expect(second, "second").await?;
        } else {
            refused(both, Kind::FailedPrecondition, &format!("`{second}` beside `{first}`"))?;
            space.expect_missing(second).await?;
            space.delete(second).await?;
        }
        space.expect(first, "first").await?;
        ensure!(space.list(first, 10).await?.contains(&first.to_owned()), "`{first}` is lost");
    }
    Ok(())
}
