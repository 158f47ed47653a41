//! No id comes twice, however many ask.

use std::collections::BTreeSet;

use futures_util::future::join_all;

use super::space::Space;
use crate::sequencer::{Order, Range};
use crate::suite::{Verdict, cases, ensure, equal};

cases! {
    strong_ids_that_are_asked_for_at_once_are_unique,
    weak_ids_that_are_asked_for_at_once_are_unique,
    ids_in_every_order_and_size_are_unique,
}

async fn strong_ids_that_are_asked_for_at_once_are_unique(space: &Space) -> Verdict {
    at_once(space, Order::Strong).await
}

async fn weak_ids_that_are_asked_for_at_once_are_unique(space: &Space) -> Verdict {
    at_once(space, Order::Weak).await
}

async fn at_once(space: &Space, order: Order) -> Verdict {
    let mut ids = BTreeSet::new();
    for id in join_all((0..64).map(|_| space.next("a", order))).await {
        ids.insert(id?);
    }
    equal!(ids.len(), 64, "how many of 64 ids are different");
    Ok(())
}

async fn ids_in_every_order_and_size_are_unique(space: &Space) -> Verdict {
    let asked = (0..48u32).map(|i| {
        let order = if i.is_multiple_of(2) { Order::Strong } else { Order::Weak };
        space.range("a", order, 1 + i % 5 * 4)
    });
    let mut ids = BTreeSet::new();
    for range in join_all(asked).await {
        let Range { first, last } = range?;
        for id in first..=last {
            ensure!(ids.insert(id), "{id} came twice");
        }
    }
    Ok(())
}
