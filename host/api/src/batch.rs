//! Batches whose items are checked one by one before the rest goes to the driver together.

use ottavo_core::{Error, Result};

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
