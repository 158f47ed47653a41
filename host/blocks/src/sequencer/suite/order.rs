//! How ids follow each other.

use super::space::Space;
use crate::sequencer::Order;
use crate::suite::{Verdict, cases, ensure, equal};

cases! {
    the_first_id_of_a_key_is_one,
    strong_ids_grow,
    weak_ids_grow,
    a_strong_id_is_greater_than_any_weak_one_before_it,
    keys_know_nothing_of_each_other,
    any_name_is_apart_from_any_other,
}

async fn the_first_id_of_a_key_is_one(space: &Space) -> Verdict {
    equal!(space.next("strong", Order::Strong).await?, 1, "the first strong id");
    equal!(space.next("weak", Order::Weak).await?, 1, "the first weak id");
    Ok(())
}

async fn strong_ids_grow(space: &Space) -> Verdict {
    grow(space, Order::Strong).await
}

async fn weak_ids_grow(space: &Space) -> Verdict {
    grow(space, Order::Weak).await
}

async fn grow(space: &Space, order: Order) -> Verdict {
    let mut last = 0;
    // beyond the end of a block or two
    for _ in 0..60 {
        let id = space.next("a", order).await?;
        ensure!(id > last, "{id} came after {last}");
        last = id;
    }
    Ok(())
}

async fn a_strong_id_is_greater_than_any_weak_one_before_it(space: &Space) -> Verdict {
    let mut greatest = 0;
    for round in 0..10 {
        greatest = greatest.max(space.next("a", Order::Weak).await?);
        if round % 3 == 0 {
            greatest = greatest.max(space.range("a", Order::Weak, 40).await?.last);
        }
        let strong = space.next("a", Order::Strong).await?;
        ensure!(strong > greatest, "the strong id {strong} came after {greatest}");
        greatest = strong;
    }
    Ok(())
}

async fn keys_know_nothing_of_each_other(space: &Space) -> Verdict {
    for _ in 0..3 {
        space.next("a", Order::Strong).await?;
        space.next("a", Order::Weak).await?;
    }
    equal!(space.next("b", Order::Strong).await?, 1, "the first id of another key");
    Ok(())
}

async fn any_name_is_apart_from_any_other(space: &Space) -> Verdict {
    let long = "x".repeat(3000);
    for name in ["{a}", "a", "A", "a|b", "../a", "a b", "Zähler", "\u{10ffff}", "*", "\n", &long] {
        equal!(space.next(name, Order::Strong).await?, 1, "the first id of `{name:?}`");
    }
    Ok(())
}
