//! The answers of block calls, as a guest gets them.

use futures_util::TryFutureExt as _;
use ottavo_core::Result;
use ottavo_engine::CpuClock;

use crate::bindings::ottavo::runtime::types::Error as WitError;
use crate::error::to_wit;

/// Options and metadata.
pub(crate) type Pairs = Vec<(String, String)>;

/// What a host function returns.
pub(crate) type Answer<T> = std::result::Result<T, WitError>;

/// Runs a block call with the guest's clock stopped.
pub(crate) fn block<T>(
    clock: &CpuClock,
    call: impl Future<Output = Result<T>>,
) -> impl Future<Output = Answer<T>> {
    clock.exempt(call).map_err(to_wit)
}

/// The outcomes of a batch.
pub(crate) fn each<T, U>(outcomes: Vec<Result<T>>, answer: impl Fn(T) -> U) -> Vec<Answer<U>> {
    outcomes.into_iter().map(|outcome| outcome.map(&answer).map_err(to_wit)).collect()
}
