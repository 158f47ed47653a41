//! Transactions: all or nothing, in order.

use ottavo_core::Kind;

use super::space::Space;
use crate::state::{Entry, Etag, Operation, Precondition};
use crate::suite::{Verdict, cases, ensure, equal, ok};

cases! {
    a_transaction_of_nothing_succeeds needs Transact,
    a_transaction_does_all_and_returns_the_etags_of_upserts needs Transact,
    a_failing_transaction_does_nothing needs Transact,
    the_error_says_which_operation_failed needs Transact,
    a_stale_etag_fails_the_transaction needs Transact,
    a_check_fails_the_transaction needs Transact,
    a_check_that_holds_writes_nothing needs Transact,
    a_failing_increment_fails_the_transaction needs Transact,
    a_later_operation_sees_an_earlier_one needs Transact,
    a_later_operation_fails_on_what_an_earlier_one_did needs Transact,
    a_key_may_be_written_twice needs Transact,
    a_failed_transaction_gives_its_etags_to_nobody needs Transact EtagsNeverReturn,
}

impl Space {
    fn upsert(&self, name: &str, data: &str) -> Operation {
        Operation::Upsert(self.entry(name, data))
    }

    fn upsert_if(&self, name: &str, data: &str, precondition: Precondition) -> Operation {
        Operation::Upsert(Entry { precondition, ..self.entry(name, data) })
    }

    fn drop_key(&self, name: &str) -> Operation {
        Operation::Remove(self.removal(name, Precondition::Any))
    }

    fn check(&self, name: &str, precondition: Precondition) -> Operation {
        Operation::Check(self.removal(name, precondition))
    }

    fn plus(&self, name: &str, delta: i64) -> Operation {
        Operation::Increment(self.key(name), delta)
    }

    async fn commits(&self, operations: Vec<Operation>) -> Verdict<Vec<Option<Etag>>> {
        let count = operations.len();
        let etags = ok(self.transact(operations).await, "transact")?;
        equal!(etags.len(), count, "answers of a transaction");
        Ok(etags)
    }

    async fn aborts(&self, operations: Vec<Operation>, kind: Kind, index: usize) -> Verdict {
        match self.transact(operations).await {
            Ok(etags) => Err(format!("transact: expected {kind}, got success with {etags:?}")),
            Err(error) => {
                ensure!(error.kind() == kind, "transact: expected {kind}, got {error:?}");
                let index = index.to_string();
                equal!(error.detail("index"), Some(index.as_str()), "the detail `index`");
                Ok(())
            }
        }
    }
}

async fn a_transaction_of_nothing_succeeds(space: &Space) -> Verdict {
    space.commits(vec![]).await.map(drop)
}

async fn a_transaction_does_all_and_returns_the_etags_of_upserts(space: &Space) -> Verdict {
    space.set("goes", "1").await?;
    let operations = vec![
        space.upsert("new", "1"),
        space.drop_key("goes"),
        space.check("new", Precondition::Any),
        space.plus("count", 3),
        space.upsert("last", "2"),
    ];
    let etags = space.commits(operations).await?;
    let given: Vec<_> = etags.iter().map(Option::is_some).collect();
    equal!(given, [true, false, false, false, true], "which operations returned an etag");
    equal!(Some(space.value("new").await?.etag), etags[0], "the etag of the first upsert");
    equal!(Some(space.value("last").await?.etag), etags[4], "the etag of the last upsert");
    space.expect_data("new", "1").await?;
    space.expect_data("count", "3").await?;
    space.expect_data("last", "2").await?;
    space.expect_missing("goes").await
}

async fn a_failing_transaction_does_nothing(space: &Space) -> Verdict {
    for name in ["upserted", "removed", "exists"] {
        space.set(name, "1").await?;
    }
    space.set("counted", "10").await?;
    let names = ["upserted", "removed", "exists", "counted"];
    let mut before = Vec::new();
    for name in names {
        before.push(space.value(name).await?);
    }
    let operations = vec![
        space.upsert("upserted", "2"),
        space.upsert("new", "1"),
        space.drop_key("removed"),
        space.plus("counted", 5),
        space.plus("new-count", 5),
        space.upsert_if("exists", "2", Precondition::Absent),
    ];
    space.aborts(operations, Kind::Conflict, 5).await?;
    for (name, before) in names.iter().zip(&before) {
        space.expect_unchanged(name, before).await?;
    }
    space.expect_missing("new").await?;
    space.expect_missing("new-count").await
}

async fn the_error_says_which_operation_failed(space: &Space) -> Verdict {
    space.set("exists", "1").await?;
    for index in 0..3 {
        let mut operations = vec![space.upsert("a", "1"), space.upsert("b", "1")];
        let refused = space.upsert_if("exists", "2", Precondition::Absent);
        operations.insert(index, refused);
        space.aborts(operations, Kind::Conflict, index).await?;
    }
    space.expect_missing("a").await?;
    space.expect_missing("b").await
}

async fn a_stale_etag_fails_the_transaction(space: &Space) -> Verdict {
    let stale = space.set("a", "1").await?;
    let current = space.set("a", "2").await?;
    let stale = Precondition::Match(stale);
    let write = vec![space.upsert("b", "1"), space.upsert_if("a", "3", stale.clone())];
    space.aborts(write, Kind::Conflict, 1).await?;
    let remove = vec![space.upsert("b", "1"), Operation::Remove(space.removal("a", stale.clone()))];
    space.aborts(remove, Kind::Conflict, 1).await?;
    space.aborts(vec![space.upsert_if("missing", "1", stale)], Kind::Conflict, 0).await?;
    space.expect_missing("b").await?;
    let current = Precondition::Match(current);
    space.commits(vec![space.upsert_if("a", "3", current)]).await?;
    space.expect_data("a", "3").await
}

async fn a_check_fails_the_transaction(space: &Space) -> Verdict {
    let stale = space.set("a", "1").await?;
    space.set("a", "2").await?;
    for check in [
        space.check("a", Precondition::Absent),
        space.check("a", Precondition::Match(stale.clone())),
        space.check("missing", Precondition::Match(stale)),
    ] {
        space.aborts(vec![space.upsert("b", "1"), check], Kind::Conflict, 1).await?;
        space.expect_missing("b").await?;
    }
    Ok(())
}

async fn a_check_that_holds_writes_nothing(space: &Space) -> Verdict {
    space.set("a", "1").await?;
    let before = space.value("a").await?;
    let operations = vec![
        space.check("a", Precondition::Any),
        space.check("a", Precondition::Match(before.etag.clone())),
        space.check("missing", Precondition::Any),
        space.check("missing", Precondition::Absent),
        space.upsert("b", "1"),
    ];
    space.commits(operations).await?;
    space.expect_unchanged("a", &before).await?;
    space.expect_missing("missing").await?;
    space.expect_data("b", "1").await
}

async fn a_failing_increment_fails_the_transaction(space: &Space) -> Verdict {
    space.set("text", "abc").await?;
    space.set("full", i64::MAX.to_string()).await?;
    for name in ["text", "full"] {
        let operations = vec![space.upsert("b", "1"), space.plus("c", 1), space.plus(name, 1)];
        space.aborts(operations, Kind::FailedPrecondition, 2).await?;
        space.expect_missing("b").await?;
        space.expect_missing("c").await?;
    }
    Ok(())
}

async fn a_later_operation_sees_an_earlier_one(space: &Space) -> Verdict {
    space.set("removed", "1").await?;
    space.set("recreated", "1").await?;
    let operations = vec![
        space.upsert("set", "5"),
        space.plus("set", 1),
        space.plus("counted", 1),
        space.plus("counted", 1),
        space.drop_key("removed"),
        space.check("removed", Precondition::Absent),
        space.drop_key("recreated"),
        space.upsert_if("recreated", "2", Precondition::Absent),
    ];
    space.commits(operations).await?;
    space.expect_data("set", "6").await?;
    space.expect_data("counted", "2").await?;
    space.expect_missing("removed").await?;
    space.expect_data("recreated", "2").await
}

async fn a_later_operation_fails_on_what_an_earlier_one_did(space: &Space) -> Verdict {
    let etag = space.set("a", "1").await?;
    let before = space.value("a").await?;
    let twice = vec![space.upsert("b", "1"), space.upsert_if("b", "2", Precondition::Absent)];
    space.aborts(twice, Kind::Conflict, 1).await?;
    let checked = vec![space.upsert("b", "1"), space.check("b", Precondition::Absent)];
    space.aborts(checked, Kind::Conflict, 1).await?;
    let changed = vec![space.upsert("a", "2"), space.check("a", Precondition::Match(etag.clone()))];
    space.aborts(changed, Kind::Conflict, 1).await?;
    let gone = vec![space.drop_key("a"), space.upsert_if("a", "2", Precondition::Match(etag))];
    space.aborts(gone, Kind::Conflict, 1).await?;
    let text = vec![space.upsert("b", "text"), space.plus("b", 1)];
    space.aborts(text, Kind::FailedPrecondition, 1).await?;
    space.expect_missing("b").await?;
    space.expect_unchanged("a", &before).await
}

async fn a_key_may_be_written_twice(space: &Space) -> Verdict {
    let etags = space.commits(vec![space.upsert("a", "1"), space.upsert("a", "2")]).await?;
    space.expect_data("a", "2").await?;
    equal!(Some(space.value("a").await?.etag), etags[1], "the etag of the later upsert");
    let operations = vec![space.upsert("b", "1"), space.drop_key("b")];
    space.commits(operations).await?;
    space.expect_missing("b").await
}

async fn a_failed_transaction_gives_its_etags_to_nobody(space: &Space) -> Verdict {
    space.set("a", "1").await?;
    let before = space.value("a").await?;
    let operations = vec![space.upsert("a", "2"), space.check("a", Precondition::Absent)];
    space.aborts(operations, Kind::Conflict, 1).await?;
    let next = space.set("a", "2").await?;
    ensure!(next != before.etag, "the etag {next:?} was given twice");
    let stale = space.transact(vec![space.upsert_if("a", "3", Precondition::Match(before.etag))]);
    match stale.await {
        Err(error) if error.kind() == Kind::Conflict => Ok(()),
        other => Err(format!("transact with a stale etag: expected conflict, got {other:?}")),
    }
}
