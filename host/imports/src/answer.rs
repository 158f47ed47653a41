//! The answers of block calls, as a guest gets them.

use ottavo_core::Result;
use ottavo_engine::CpuClock;

use crate::bindings::ottavo::runtime::types::Error as WitError;
use crate::error::to_wit;

/// Options and metadata.
pub(crate) type Pairs = Vec<(String, String)>;

/// What a host function returns.
pub(crate) type Answer<T> = std::result::Result<T, WitError>;

/// Runs a block call with the guest's clock stopped.
pub(crate) async fn block<T>(clock: &CpuClock, call: impl Future<Output = Result<T>>) -> Answer<T> {
    clock.exempt(call).await.map_err(to_wit)
}

/// The outcomes of a batch.
pub(crate) fn each<T, U>(outcomes: Vec<Result<T>>, answer: impl Fn(T) -> U) -> Vec<Answer<U>> {
    outcomes.into_iter().map(|outcome| outcome.map(&answer).map_err(to_wit)).collect()
}
