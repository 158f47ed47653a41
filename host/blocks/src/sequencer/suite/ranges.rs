//! Several ids at once.

use super::space::Space;
use crate::sequencer::{Order, Range};
use crate::suite::{Verdict, cases, ensure, equal};

cases! {
    a_range_is_as_large_as_asked,
    ranges_follow_each_other,
    the_largest_range_is_given,
    single_ids_and_ranges_come_from_one_line,
}

async fn a_range_is_as_large_as_asked(space: &Space) -> Verdict {
    for order in [Order::Strong, Order::Weak] {
        for size in [1, 2, 999] {
            space.range("a", order, size).await?;
        }
    }
    let range = space.range("new", Order::Strong, 5).await?;
    equal!(range, Range { first: 1, last: 5 }, "the first range of a key");
    Ok(())
}

async fn ranges_follow_each_other(space: &Space) -> Verdict {
    for order in [Order::Strong, Order::Weak] {
        let (name, mut last) = (format!("{order:?}"), 0);
        for size in [7, 1, 100, 3, 40, 40] {
            let range = space.range(&name, order, size).await?;
            ensure!(range.first > last, "{range:?} came after {last}");
            last = range.last;
        }
    }
    Ok(())
}

async fn the_largest_range_is_given(space: &Space) -> Verdict {
    for order in [Order::Strong, Order::Weak] {
        let range = space.range("a", order, 1_000_000).await?;
        let id = space.next("a", Order::Strong).await?;
        ensure!(id > range.last, "{id} came after {range:?}");
    }
    Ok(())
}

async fn single_ids_and_ranges_come_from_one_line(space: &Space) -> Verdict {
    let first = space.next("a", Order::Strong).await?;
    let range = space.range("a", Order::Strong, 10).await?;
    let last = space.next("a", Order::Strong).await?;
    ensure!(first < range.first && range.last < last, "{first}, {range:?}, {last}");
    Ok(())
}
