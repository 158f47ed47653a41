//! Writes and deletes that depend on what is there.

use ottavo_core::Kind;

use super::space::Space;
use crate::state::{Etag, Expiry, Precondition};
use crate::suite::{Verdict, cases, ensure, equal, ok, refused};

cases! {
    a_first_write_creates,
    a_first_write_on_an_existing_key_conflicts,
    a_write_with_the_current_etag_succeeds,
    a_write_with_a_stale_etag_conflicts,
    a_write_with_an_etag_on_a_missing_key_conflicts,
    a_write_with_a_foreign_etag_conflicts,
    an_etag_of_a_deleted_value_conflicts needs EtagsNeverReturn,
    a_delete_with_the_current_etag_succeeds,
    a_delete_with_a_stale_etag_conflicts,
    a_delete_with_an_etag_on_a_missing_key_conflicts,
    a_delete_of_what_must_be_absent_conflicts,
    a_refused_write_leaves_the_expiry,
}

async fn a_first_write_creates(space: &Space) -> Verdict {
    let etag = ok(space.set_if("a", "1", Precondition::Absent).await, "first write")?;
    equal!(space.value("a").await?.etag, etag, "the etag read");
    space.expect_data("a", "1").await
}

async fn a_first_write_on_an_existing_key_conflicts(space: &Space) -> Verdict {
    space.set("a", "").await?;
    let before = space.value("a").await?;
    let result = space.set_if("a", "2", Precondition::Absent).await;
    refused(result, Kind::Conflict, "first write on an existing key")?;
    space.expect_unchanged("a", &before).await
}

async fn a_write_with_the_current_etag_succeeds(space: &Space) -> Verdict {
    let mut etag = space.set("a", "0").await?;
    for i in 1..5 {
        let next = space.set_if("a", format!("{i}"), Precondition::Match(etag.clone())).await;
        let next = ok(next, "write with the current etag")?;
        ensure!(next != etag, "the etag {etag:?} did not change");
        etag = next;
    }
    space.expect_data("a", "4").await
}

async fn a_write_with_a_stale_etag_conflicts(space: &Space) -> Verdict {
    let stale = space.set("a", "1").await?;
    space.set("a", "1").await?;
    let before = space.value("a").await?;
    let result = space.set_if("a", "2", Precondition::Match(stale)).await;
    refused(result, Kind::Conflict, "write with a stale etag")?;
    space.expect_unchanged("a", &before).await
}

async fn a_write_with_an_etag_on_a_missing_key_conflicts(space: &Space) -> Verdict {
    let etag = space.set("other", "1").await?;
    let result = space.set_if("a", "2", Precondition::Match(etag)).await;
    refused(result, Kind::Conflict, "write with an etag on a missing key")?;
    space.expect_missing("a").await
}

async fn a_write_with_a_foreign_etag_conflicts(space: &Space) -> Verdict {
    space.set("a", "1").await?;
    let before = space.value("a").await?;
    for text in ["no-such-etag", "-1", "99999999999999999999999999", "ä", " "] {
        let foreign = Precondition::Match(ok(Etag::parse(text), "parse an etag")?);
        let result = space.set_if("a", "2", foreign).await;
        refused(result, Kind::Conflict, &format!("write with the etag `{text}`"))?;
    }
    space.expect_unchanged("a", &before).await
}

async fn an_etag_of_a_deleted_value_conflicts(space: &Space) -> Verdict {
    let old = space.set("a", "1").await?;
    space.remove("a").await?;
    space.set("a", "1").await?;
    let before = space.value("a").await?;
    let result = space.set_if("a", "2", Precondition::Match(old)).await;
    refused(result, Kind::Conflict, "write with the etag of a deleted value")?;
    space.expect_unchanged("a", &before).await
}

async fn a_delete_with_the_current_etag_succeeds(space: &Space) -> Verdict {
    let etag = space.set("a", "1").await?;
    ok(space.remove_if("a", Precondition::Match(etag)).await, "delete with the current etag")?;
    space.expect_missing("a").await
}

async fn a_delete_with_a_stale_etag_conflicts(space: &Space) -> Verdict {
    let stale = space.set("a", "1").await?;
    space.set("a", "2").await?;
    let before = space.value("a").await?;
    let result = space.remove_if("a", Precondition::Match(stale)).await;
    refused(result, Kind::Conflict, "delete with a stale etag")?;
    space.expect_unchanged("a", &before).await
}

async fn a_delete_with_an_etag_on_a_missing_key_conflicts(space: &Space) -> Verdict {
    let etag = space.set("a", "1").await?;
    space.remove("a").await?;
    let result = space.remove_if("a", Precondition::Match(etag)).await;
    refused(result, Kind::Conflict, "delete with an etag on a missing key")
}

async fn a_delete_of_what_must_be_absent_conflicts(space: &Space) -> Verdict {
    ok(space.remove_if("a", Precondition::Absent).await, "delete of an absent key")?;
    space.set("a", "1").await?;
    let before = space.value("a").await?;
    let result = space.remove_if("a", Precondition::Absent).await;
    refused(result, Kind::Conflict, "delete of what must be absent")?;
    space.expect_unchanged("a", &before).await
}

async fn a_refused_write_leaves_the_expiry(space: &Space) -> Verdict {
    space
        .in_time(|| async move {
            space.set_expiring("goes", "1", Expiry::After(space.short())).await?;
            let mut entry = space.entry("goes", "2");
            entry.precondition = Precondition::Absent;
            entry.expiry = Expiry::Never;
            refused(space.write(entry).await, Kind::Conflict, "first write on an existing key")
        })
        .await?;
    space.set("stays", "1").await?;
    let mut entry = space.entry("stays", "2");
    entry.precondition = Precondition::Absent;
    entry.expiry = Expiry::After(space.short());
    refused(space.write(entry).await, Kind::Conflict, "first write on an existing key")?;
    space.outlive().await?;
    space.expect_missing("goes").await?;
    space.expect_data("stays", "1").await
}
