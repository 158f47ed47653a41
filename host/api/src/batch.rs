//! Batches whose items are checked one by one before the rest goes to the driver together.

use ottavo_blocks::state::MAX_BATCH;
use ottavo_core::{Error, Kind, Result};

/// Refuses more items than one call may have.
pub(crate) fn check(items: usize) -> Result<()> {
    if items > MAX_BATCH {
        let message = format!("{items} items in one call: use up to {MAX_BATCH}");
        return Err(Error::new(Kind::TooLarge, message));
    }
    Ok(())
}

/// Calls `run` with the items that are fine and puts its outcomes between the errors of the others,
/// in the order of `items`. Without a fine item, `run` is not called.
pub(crate) async fn each<I, T, F>(items: Vec<Result<I>>, run: F) -> Result<Vec<Result<T>>>
where
    F: AsyncFnOnce(Vec<I>) -> Result<Vec<Result<T>>>,
{
    let mut fine = Vec::with_capacity(items.len());
    let mut slots = Vec::with_capacity(items.len());
    for item in items {
        slots.push(item.map(|item| fine.push(item)));
    }
    let asked = fine.len();
    let outcomes = if fine.is_empty() { Vec::new() } else { run(fine).await? };
    if outcomes.len() != asked {
        let got = outcomes.len();
        return Err(Error::internal(format!("the driver answered {got} of {asked} items")));
    }
    let mut outcomes = outcomes.into_iter();
    let next = |slot: Result<()>| slot.and_then(|()| outcomes.next().expect("counted above"));
    Ok(slots.into_iter().map(next).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_stand_where_their_items_stood() {
        let items = vec![Ok(1), Err(Error::invalid("two")), Ok(3)];
        let outcomes = each(items, async |fine: Vec<i32>| {
            Ok(fine
                .into_iter()
                .map(|n| if n == 3 { Err(Error::invalid("three")) } else { Ok(n) })
                .collect())
        });
        let outcomes = futures_util::FutureExt::now_or_never(outcomes).expect("it never waits");
        let texts: Vec<_> = outcomes
            .expect("as many answers as items")
            .into_iter()
            .map(|outcome| outcome.map_err(|error| error.to_string()))
            .collect();
        assert_eq!(texts, [Ok(1), Err("two".to_owned()), Err("three".to_owned())]);
    }

    #[test]
    fn a_batch_has_a_bound() {
        assert!(check(MAX_BATCH).is_ok());
        assert_eq!(check(MAX_BATCH + 1).expect_err("too many").kind(), Kind::TooLarge);
    }
}
