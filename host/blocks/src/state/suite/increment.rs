//! Counters.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use ottavo_core::Kind;

use super::space::Space;
use crate::state::Precondition;
use crate::suite::{Verdict, cases, ensure, equal, ok, refused};

cases! {
    a_missing_counter_counts_from_zero,
    an_increment_adds_and_subtracts,
    a_counter_reads_as_decimal_text,
    a_counter_can_be_set,
    an_increment_changes_the_etag,
    an_increment_by_zero_creates_the_counter,
    text_that_is_no_integer_is_refused,
    a_sum_beyond_64_bits_is_refused,
    the_ends_of_64_bits_are_reached,
    concurrent_increments_are_all_counted,
}

async fn adds(space: &Space, name: &str, delta: i64, sum: i64) -> Verdict {
    let got = ok(space.add(name, delta).await, &format!("increment `{name}` by {delta}"))?;
    equal!(got, sum, "the sum of `{name}`");
    space.expect_data(name, sum.to_string()).await
}

async fn a_missing_counter_counts_from_zero(space: &Space) -> Verdict {
    adds(space, "up", 3, 3).await?;
    adds(space, "down", -3, -3).await
}

async fn an_increment_adds_and_subtracts(space: &Space) -> Verdict {
    adds(space, "a", 10, 10).await?;
    adds(space, "a", -15, -5).await?;
    adds(space, "a", 0, -5).await?;
    adds(space, "a", 5, 0).await
}

async fn a_counter_reads_as_decimal_text(space: &Space) -> Verdict {
    adds(space, "a", 1_000_000_007, 1_000_000_007).await?;
    space.expect_data("a", "1000000007").await
}

async fn a_counter_can_be_set(space: &Space) -> Verdict {
    space.set("a", "41").await?;
    adds(space, "a", 1, 42).await?;
    space.set("a", "-7").await?;
    adds(space, "a", 7, 0).await?;
    space.remove("a").await?;
    adds(space, "a", 1, 1).await
}

async fn an_increment_changes_the_etag(space: &Space) -> Verdict {
    let old = space.set("a", "1").await?;
    adds(space, "a", 0, 1).await?;
    let new = space.value("a").await?.etag;
    ensure!(new != old, "an increment left the etag {old:?}");
    let stale = space.set_if("a", "5", Precondition::Match(old)).await;
    refused(stale, Kind::Conflict, "write with the etag before an increment")?;
    ok(space.set_if("a", "5", Precondition::Match(new)).await, "write with the etag after it")?;
    adds(space, "a", 1, 6).await
}

async fn an_increment_by_zero_creates_the_counter(space: &Space) -> Verdict {
    adds(space, "a", 0, 0).await?;
    equal!(space.list("", 10).await?, ["a"], "keys listed");
    Ok(())
}

async fn text_that_is_no_integer_is_refused(space: &Space) -> Verdict {
    let texts: [&[u8]; 14] = [
        b"",
        b" ",
        b"abc",
        b"1.0",
        b"1e3",
        b"0x10",
        b" 5",
        b"5 ",
        b"5\n",
        b"+5",
        b"05",
        b"-0",
        b"9223372036854775808",
        b"\xff\xfe",
    ];
    for text in texts {
        space.set("a", text).await?;
        let before = space.value("a").await?;
        let what = format!("increment of `{}`", text.escape_ascii());
        refused(space.add("a", 1).await, Kind::FailedPrecondition, &what)?;
        space.expect_unchanged("a", &before).await?;
    }
    Ok(())
}

async fn a_sum_beyond_64_bits_is_refused(space: &Space) -> Verdict {
    for (start, delta) in [(i64::MAX, 1), (i64::MIN, -1), (1, i64::MAX), (-2, i64::MIN)] {
        space.set("a", start.to_string()).await?;
        let before = space.value("a").await?;
        let what = format!("increment of {start} by {delta}");
        refused(space.add("a", delta).await, Kind::FailedPrecondition, &what)?;
        space.expect_unchanged("a", &before).await?;
    }
    Ok(())
}

async fn the_ends_of_64_bits_are_reached(space: &Space) -> Verdict {
    adds(space, "up", i64::MAX, i64::MAX).await?;
    adds(space, "up", i64::MIN, -1).await?;
    adds(space, "down", i64::MIN, i64::MIN).await?;
    adds(space, "down", i64::MAX, -1).await
}

async fn concurrent_increments_are_all_counted(space: &Space) -> Verdict {
    let sums = join_all((0..50).map(|_| space.add("a", 2))).await;
    let mut seen = BTreeSet::new();
    for sum in sums {
        seen.insert(ok(sum, "concurrent increment")?);
    }
    let expected: BTreeSet<i64> = (1..=50).map(|i| i * 2).collect();
    equal!(seen, expected, "the sums that 50 concurrent increments returned");
    space.expect_data("a", "100").await
}
