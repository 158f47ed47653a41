//! Expiry: kept, removed or set by each write, and what it means to have expired.

use std::time::Duration;

use ottavo_core::Kind;

use super::space::Space;
use crate::Options;
use crate::state::{Expiry, Operation, Precondition};
use crate::suite::{Verdict, cases, equal, ok, refused};

cases! {
    a_value_goes_away_after_its_expiry,
    a_value_is_there_before_its_expiry,
    a_new_key_never_expires,
    a_plain_write_keeps_the_expiry,
    a_write_can_remove_the_expiry,
    a_write_can_shorten_the_expiry,
    a_write_can_lengthen_the_expiry,
    an_expiry_of_zero_is_gone_at_once,
    an_expired_key_is_missing_in_a_batch,
    an_expired_key_is_not_listed,
    an_expired_key_is_absent_for_preconditions,
    an_expired_key_has_no_expiry_to_keep,
    an_expired_key_counts_from_zero,
    an_expired_key_is_missing_in_a_transaction needs Transact,
    a_transaction_sets_expiry needs Transact,
    an_increment_keeps_the_expiry,
    an_increment_gives_a_new_key_its_expiry,
}

async fn a_value_goes_away_after_its_expiry(space: &Space) -> Verdict {
    space.set_expiring("a", "1", Expiry::After(space.short())).await?;
    space.outlive().await?;
    space.expect_missing("a").await
}

async fn a_value_is_there_before_its_expiry(space: &Space) -> Verdict {
    for (name, expiry) in [("a", space.long()), ("b", space.long() * 100)] {
        space.set_expiring(name, "1", Expiry::After(expiry)).await?;
        space.expect_data(name, "1").await?;
    }
    space.outlive().await?;
    space.expect_data("a", "1").await?;
    space.expect_data("b", "1").await?;
    equal!(space.list("", 10).await?, ["a", "b"], "keys listed before their expiry");
    Ok(())
}

async fn a_new_key_never_expires(space: &Space) -> Verdict {
    space.set("a", "1").await?;
    space.outlive().await?;
    space.expect_data("a", "1").await
}

async fn a_plain_write_keeps_the_expiry(space: &Space) -> Verdict {
    space
        .in_time(|| async move {
            space.remove("a").await?;
            space.set_expiring("a", "1", Expiry::After(space.short())).await?;
            space.set("a", "2").await.map(drop)
        })
        .await?;
    space.outlive().await?;
    space.expect_missing("a").await
}

async fn a_write_can_remove_the_expiry(space: &Space) -> Verdict {
    space.set_expiring("a", "1", Expiry::After(space.short())).await?;
    space.set_expiring("a", "2", Expiry::Never).await?;
    space.outlive().await?;
    space.expect_data("a", "2").await
}

async fn a_write_can_shorten_the_expiry(space: &Space) -> Verdict {
    space.set_expiring("a", "1", Expiry::After(space.long())).await?;
    space.set_expiring("a", "2", Expiry::After(space.short())).await?;
    space.set_expiring("b", "1", Expiry::Never).await?;
    space.set_expiring("b", "2", Expiry::After(space.short())).await?;
    space.outlive().await?;
    space.expect_missing("a").await?;
    space.expect_missing("b").await
}

async fn a_write_can_lengthen_the_expiry(space: &Space) -> Verdict {
    space.set_expiring("a", "1", Expiry::After(space.short())).await?;
    space.set_expiring("a", "2", Expiry::After(space.long())).await?;
    space.outlive().await?;
    space.expect_data("a", "2").await
}

async fn an_expiry_of_zero_is_gone_at_once(space: &Space) -> Verdict {
    let gone = Expiry::After(Duration::ZERO);
    space.set_expiring("new", "1", gone).await?;
    space.expect_missing("new").await?;
    space.set("old", "1").await?;
    space.set_expiring("old", "2", gone).await?;
    space.expect_missing("old").await?;
    equal!(space.list("", 10).await?.len(), 0, "keys listed after an expiry of zero");
    Ok(())
}

async fn an_expired_key_is_missing_in_a_batch(space: &Space) -> Verdict {
    space.set_expiring("goes", "1", Expiry::After(space.short())).await?;
    space.set("stays", "1").await?;
    space.outlive().await?;
    let keys = [space.key("goes"), space.key("stays")];
    let got = space.store.get_many(&space.cx(), &keys, &Options::default()).await;
    let mut there = Vec::new();
    for value in ok(got, "get-many")? {
        there.push(ok(value, "an item of get-many")?.is_some());
    }
    equal!(there, [false, true], "which of an expired and a live key are there");
    Ok(())
}

async fn an_expired_key_is_not_listed(space: &Space) -> Verdict {
    for i in 0..6 {
        let expiry = if i % 2 == 0 { Expiry::After(space.short()) } else { Expiry::Never };
        space.set_expiring(&format!("k{i}"), "1", expiry).await?;
    }
    space.outlive().await?;
    equal!(space.list("", 2).await?, ["k1", "k3", "k5"], "keys listed, half of them expired");
    Ok(())
}

async fn an_expired_key_is_absent_for_preconditions(space: &Space) -> Verdict {
    let mut etags = Vec::new();
    for name in ["match", "absent", "delete", "delete-match"] {
        etags.push(space.set_expiring(name, "1", Expiry::After(space.short())).await?);
    }
    space.outlive().await?;
    let result = space.set_if("match", "2", Precondition::Match(etags[0].clone())).await;
    refused(result, Kind::Conflict, "write with the etag of an expired value")?;
    ok(space.set_if("absent", "2", Precondition::Absent).await, "first write, expired key")?;
    space.expect_data("absent", "2").await?;
    ok(space.remove_if("delete", Precondition::Absent).await, "delete of an expired key")?;
    let result = space.remove_if("delete-match", Precondition::Match(etags[3].clone())).await;
    refused(result, Kind::Conflict, "delete with the etag of an expired value")
}

async fn an_expired_key_has_no_expiry_to_keep(space: &Space) -> Verdict {
    space.set_expiring("a", "1", Expiry::After(space.short())).await?;
    space.outlive().await?;
    space.set("a", "2").await?;
    space.outlive().await?;
    space.expect_data("a", "2").await
}

async fn an_expired_key_counts_from_zero(space: &Space) -> Verdict {
    space.set_expiring("a", "40", Expiry::After(space.short())).await?;
    space.set_expiring("text", "not a number", Expiry::After(space.short())).await?;
    space.outlive().await?;
    equal!(ok(space.add("a", 2).await, "increment of an expired key")?, 2, "the sum");
    equal!(ok(space.add("text", 3).await, "increment of an expired key")?, 3, "the sum");
    space.outlive().await?;
    space.expect_data("a", "2").await
}

async fn an_expired_key_is_missing_in_a_transaction(space: &Space) -> Verdict {
    space.set_expiring("a", "1", Expiry::After(space.short())).await?;
    space.outlive().await?;
    let operations = vec![
        Operation::Check(space.removal("a", Precondition::Absent)),
        Operation::Increment(space.key("a"), 5),
    ];
    ok(space.transact(operations).await, "transact on an expired key")?;
    space.expect_data("a", "5").await
}

async fn a_transaction_sets_expiry(space: &Space) -> Verdict {
    let mut goes = space.entry("goes", "1");
    goes.expiry = Expiry::After(space.short());
    let mut at_once = space.entry("at-once", "1");
    at_once.expiry = Expiry::After(Duration::ZERO);
    let stays = Operation::Upsert(space.entry("stays", "1"));
    let operations = vec![
        Operation::Upsert(goes),
        Operation::Upsert(at_once),
        Operation::Check(space.removal("at-once", Precondition::Absent)),
        stays,
    ];
    ok(space.transact(operations).await, "transact with expiries")?;
    space.expect_missing("at-once").await?;
    space.outlive().await?;
    space.expect_missing("goes").await?;
    space.expect_data("stays", "1").await
}

async fn an_increment_keeps_the_expiry(space: &Space) -> Verdict {
    space
        .in_time(|| async move {
            space.remove("goes").await?;
            space.set_expiring("goes", "1", Expiry::After(space.short())).await?;
            let key = space.key("goes");
            let sum = space.store.increment(&space.cx(), &key, 1, Expiry::Never).await;
            equal!(ok(sum, "increment")?, 2, "the sum");
            Ok(())
        })
        .await?;
    space.set("stays", "1").await?;
    let initial = Expiry::After(space.short());
    let sum = space.store.increment(&space.cx(), &space.key("stays"), 1, initial).await;
    ok(sum, "increment")?;
    space.outlive().await?;
    space.expect_missing("goes").await?;
    space.expect_data("stays", "2").await
}

async fn an_increment_gives_a_new_key_its_expiry(space: &Space) -> Verdict {
    for (name, initial) in
        [("goes", Expiry::After(space.short())), ("never", Expiry::Never), ("keep", Expiry::Keep)]
    {
        let sum = space.store.increment(&space.cx(), &space.key(name), 1, initial).await;
        equal!(ok(sum, "increment of a new key")?, 1, "the sum");
    }
    space.outlive().await?;
    space.expect_missing("goes").await?;
    space.expect_data("never", "1").await?;
    space.expect_data("keep", "1").await
}
