//! Many callers at the same time.

use futures_util::future::{join, join_all};
use ottavo_core::Kind;

use super::space::Space;
use crate::state::{Operation, Precondition};
use crate::suite::{Verdict, cases, ensure, equal, ok};

cases! {
    one_of_many_first_writes_wins,
    one_of_many_deletes_with_an_etag_wins,
    concurrent_writes_end_as_one_of_them,
    compare_and_set_loses_no_update,
    concurrent_transactions_keep_a_sum needs Transact,
    a_transaction_is_seen_whole_or_not_at_all needs Transact,
}

async fn one_of_many_first_writes_wins(space: &Space) -> Verdict {
    let names: Vec<_> = (0..16).map(|i| format!("writer {i}")).collect();
    let writes = names.iter().map(|name| space.set_if("a", name, Precondition::Absent));
    let outcomes = join_all(writes).await;
    let winners: Vec<_> = (0..16).filter(|i| outcomes[*i].is_ok()).collect();
    equal!(winners.len(), 1, "first writes that succeeded");
    for error in outcomes.into_iter().filter_map(Result::err) {
        ensure!(error.kind() == Kind::Conflict, "a losing first write: {error:?}");
    }
    space.expect_data("a", &names[winners[0]]).await
}

async fn one_of_many_deletes_with_an_etag_wins(space: &Space) -> Verdict {
    let etag = space.set("a", "1").await?;
    let deletes = (0..16).map(|_| space.remove_if("a", Precondition::Match(etag.clone())));
    let won = join_all(deletes).await.iter().filter(|outcome| outcome.is_ok()).count();
    equal!(won, 1, "deletes that succeeded");
    space.expect_missing("a").await
}

async fn concurrent_writes_end_as_one_of_them(space: &Space) -> Verdict {
    let writes = (0..16).map(|i| async move {
        let data = format!("writer {i}");
        space.set("a", &data).await.map(|etag| (etag, data))
    });
    let mut written = Vec::new();
    for outcome in join_all(writes).await {
        written.push(outcome?);
    }
    let value = space.value("a").await?;
    let data = String::from_utf8_lossy(&value.data).into_owned();
    ensure!(written.contains(&(value.etag.clone(), data)), "{value:?} is none of {written:?}");
    Ok(())
}

async fn compare_and_set_loses_no_update(space: &Space) -> Verdict {
    space.set("a", "0").await?;
    for outcome in join_all((0..64).map(|_| add_one(space))).await {
        outcome?;
    }
    space.expect_data("a", "64").await
}

/// Reads and writes back until nobody came between. Each round that fails for one caller succeeded
/// for another, so 64 callers need 64 rounds at most.
async fn add_one(space: &Space) -> Verdict {
    for _ in 0..64 {
        let value = space.value("a").await?;
        let text = String::from_utf8_lossy(&value.data).into_owned();
        let next = text.parse::<u64>().map_err(|_| format!("`{text}` is not a count"))? + 1;
        match space.set_if("a", next.to_string(), Precondition::Match(value.etag)).await {
            Ok(_) => return Ok(()),
            Err(error) if error.kind() == Kind::Conflict => {}
            Err(error) => return Err(format!("compare and set: {error:?}")),
        }
    }
    Err("one of 64 callers lost compare and set 64 times".to_owned())
}

async fn concurrent_transactions_keep_a_sum(space: &Space) -> Verdict {
    let accounts = ["a", "b", "c", "d"];
    for account in accounts {
        space.set(account, "100").await?;
    }
    let transfers = (0..40).map(|i: usize| {
        let (from, to) = (accounts[i % 4], accounts[(i / 4 + i + 1) % 4]);
        let amount = i as i64 % 7;
        space.transact(vec![
            Operation::Increment(space.key(from), -amount),
            Operation::Increment(space.key(to), amount),
        ])
    });
    for outcome in join_all(transfers).await {
        ok(outcome, "concurrent transfer")?;
    }
    let mut sum = 0;
    for account in accounts {
        sum += ok(space.add(account, 0).await, "increment by zero")?;
    }
    equal!(sum, 400, "the sum of all accounts");
    Ok(())
}

/// The writer always writes the same number under both keys, larger each time: whoever reads one
/// and then the other never sees the second behind the first.
async fn a_transaction_is_seen_whole_or_not_at_all(space: &Space) -> Verdict {
    let write_both = async {
        for i in 0..30 {
            let number = i.to_string();
            let operations = ["a", "b"].map(|name| Operation::Upsert(space.entry(name, &number)));
            ok(space.transact(operations.into()).await, "transact")?;
        }
        Ok::<(), String>(())
    };
    let read_both = async {
        for i in 0..60 {
            let (first, second) = if i % 2 == 0 { ("a", "b") } else { ("b", "a") };
            let (seen, then) = (number(space, first).await?, number(space, second).await?);
            ensure!(then >= seen, "`{first}` was {seen} when `{second}` was only {then}");
        }
        Ok::<(), String>(())
    };
    let (written, read) = join(write_both, read_both).await;
    written.and(read)
}

async fn number(space: &Space, name: &str) -> Verdict<i64> {
    let Some(value) = space.read(name).await? else { return Ok(-1) };
    let text = String::from_utf8_lossy(&value.data).into_owned();
    text.parse().map_err(|_| format!("`{text}` is not a number"))
}
