//! Runs a guest within its limits.

use std::pin::pin;

use ottavo_core::units::Span;
use tokio::time::Instant;
use wasmtime::Store;

use crate::guest::rearm;
use crate::{Fault, Metered};

/// Drives `work`, which instantiates and calls a guest in `store`, until it is done, faults, or
/// `deadline` passes. After a fault the store is spent: the caller drops it. A store may serve one
/// call after the other when its meters are renewed before each.
///
/// # Errors
/// What stopped it. `timeout` only names the length of the wait in the fault.
pub async fn call<T: Metered, R>(
    store: &mut Store<T>,
    deadline: Instant,
    timeout: Span,
    work: impl AsyncFnOnce(&mut Store<T>) -> wasmtime::Result<R>,
) -> Result<R, Fault> {
    let clock = store.data().meters().clock().clone();
    rearm(store);
    // in a block of its own: the work borrows the store until it is dropped
    let outcome = {
        let counted = pin!(clock.count(work(store)));
        tokio::time::timeout_at(deadline, counted).await
    };
    match outcome {
        Err(_) => Err(Fault::Timeout { limit: timeout }),
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(Fault::of(error, store.data().meters())),
    }
}
