//! Writes that depend on what is there.

use ottavo_core::Kind;

use super::space::Space;
use crate::file::{Etag, NewFile, Precondition};
use crate::suite::{Verdict, cases, ensure, equal, ok, refused};

cases! {
    each_write_has_an_etag_of_its_own needs Preconditions,
    a_first_write_creates needs FirstWrites,
    a_first_write_on_an_existing_file_conflicts needs FirstWrites,
    a_write_with_the_current_etag_succeeds needs Preconditions,
    a_write_with_another_etag_conflicts needs Preconditions,
    a_write_with_an_etag_on_a_missing_file_conflicts needs Preconditions,
    of_two_first_writes_one_finishes needs FirstWrites,
}

async fn etag(space: &Space, name: &str) -> Verdict<Etag> {
    let etag = space.info(name).await?.etag;
    etag.ok_or_else(|| format!("`{name}` has no etag"))
}

async fn each_write_has_an_etag_of_its_own(space: &Space) -> Verdict {
    let mut seen = Vec::new();
    for data in ["1", "1", "2", "1"] {
        space.put("a", data).await?;
        let etag = etag(space, "a").await?;
        ensure!(!seen.contains(&etag), "the etag {etag:?} came again");
        seen.push(etag);
    }
    Ok(())
}

async fn a_first_write_creates(space: &Space) -> Verdict {
    ok(space.put_if("a", "1", Precondition::Absent).await, "first write")?;
    space.expect("a", "1").await
}

async fn a_first_write_on_an_existing_file_conflicts(space: &Space) -> Verdict {
    space.put("a", "").await?;
    let before = space.info("a").await?;
    let result = space.put_if("a", "2", Precondition::Absent).await;
    refused(result, Kind::Conflict, "first write on an existing file")?;
    equal!(space.info("a").await?, before, "what is known of it");
    space.expect("a", "").await
}

async fn a_write_with_the_current_etag_succeeds(space: &Space) -> Verdict {
    space.put("a", "0").await?;
    for data in ["1", "2"] {
        let precondition = Precondition::Match(etag(space, "a").await?);
        ok(space.put_if("a", data, precondition).await, "write with the current etag")?;
        space.expect("a", data).await?;
    }
    Ok(())
}

async fn a_write_with_another_etag_conflicts(space: &Space) -> Verdict {
    space.put("a", "1").await?;
    let stale = etag(space, "a").await?;
    space.put("a", "1").await?;
    let foreign = ["no-such-etag", "-1", "\"", "*"].map(Etag::parse);
    for other in foreign.into_iter().chain([Ok(stale)]) {
        let other = ok(other, "parse an etag")?;
        let result = space.put_if("a", "2", Precondition::Match(other.clone())).await;
        refused(result, Kind::Conflict, &format!("write with the etag {other:?}"))?;
    }
    space.expect("a", "1").await
}

async fn a_write_with_an_etag_on_a_missing_file_conflicts(space: &Space) -> Verdict {
    space.put("a", "1").await?;
    let precondition = Precondition::Match(etag(space, "a").await?);
    space.delete("a").await?;
    let result = space.put_if("a", "2", precondition).await;
    refused(result, Kind::Conflict, "write with an etag on a missing file")?;
    space.expect_missing("a").await
}

async fn of_two_first_writes_one_finishes(space: &Space) -> Verdict {
    let file = || NewFile { precondition: Precondition::Absent, ..space.new_file("a") };
    let first = ok(space.store.create(&space.cx(), file()).await, "create the first")?;
    let second = ok(space.store.create(&space.cx(), file()).await, "create the second")?;
    let winner = ok(second.finish(&space.cx()).await, "finish the second")?;
    refused(first.finish(&space.cx()).await, Kind::Conflict, "finish the first")?;
    equal!(space.info("a").await?.etag, winner.etag, "the etag");
    Ok(())
}
