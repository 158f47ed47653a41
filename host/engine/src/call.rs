//! Runs a guest within its limits.

use std::future::Future;

use ottavo_core::units::Span;
use tokio::time::Instant;
use wasmtime::Store;

use crate::{Fault, Guest};

/// Drives `work`, which instantiates and calls a guest in `store`, until it is done, faults, or
/// `deadline` passes. After a fault the store is spent: the caller drops it.
///
/// # Errors
/// What stopped it. The CPU time is that of [`Guest::store`]; `timeout` only names the length of
/// the wait in the fault.
pub async fn call<T, R>(
    store: &mut Store<Guest<T>>,
    deadline: Instant,
    timeout: Span,
    work: impl AsyncFnOnce(&mut Store<Guest<T>>) -> wasmtime::Result<R>,
) -> Result<R, Fault>
where
    T: Send + 'static,
{
    let clock = store.data().clock.clone();
    let outcome = {
        let work: std::pin::Pin<&mut _> = std::pin::pin!(clock.count(work(store)));
        within(deadline, work).await
    };
    match outcome {
        None => Err(Fault::Timeout { limit: timeout }),
        Some(Ok(done)) => Ok(done),
        Some(Err(error)) => Err(Fault::of(error, store.data())),
    }
}

/// None when the deadline passes first.
async fn within<F: Future>(deadline: Instant, work: std::pin::Pin<&mut F>) -> Option<F::Output> {
    tokio::time::timeout_at(deadline, work).await.ok()
}
