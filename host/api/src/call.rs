//! The one choke point: every call of every block, from every door.

use std::fmt;
use std::future::Future;
use std::pin::pin;

use futures_util::FutureExt as _;
use ottavo_core::{CallContext, Error, Kind, Result, StoreName};
use ottavo_telemetry::metrics::StoreMeter;
use tokio::time::Instant;
use tracing::{Level, debug, error};

/// What is being called, for errors, traces and metrics.
#[derive(Clone, Copy)]
pub(crate) struct Target<'a> {
    pub(crate) block: &'static str,
    pub(crate) operation: &'static str,
    pub(crate) store: &'a StoreName,
    pub(crate) meter: &'a StoreMeter,
}

/// What is being called, and where: a store, a function, an app, a host.
#[derive(Clone, Copy)]
pub(crate) struct Attempt<'a> {
    pub(crate) block: &'static str,
    pub(crate) operation: &'static str,
    pub(crate) to: &'a (dyn fmt::Display + Sync),
}

/// Runs one call on a store under the rules that all blocks share.
///
/// # Behavior
/// - Nothing is started once the deadline has passed; a call that outlasts it is dropped and
///   answers `timeout`.
/// - The error's message says what was attempted. What caused an `internal`, `data-loss` or
///   `unavailable` error is logged here and goes no further.
/// - It is counted with its outcome, also when its caller goes away.
pub(crate) async fn run<T>(
    cx: &CallContext,
    target: Target<'_>,
    call: impl Future<Output = Result<T>>,
) -> Result<T> {
    let Target { block, operation, store, meter } = target;
    metered(cx, Attempt { block, operation, to: store }, meter, call).await
}

/// As [`run`], on what is not a store by itself.
pub(crate) async fn metered<T>(
    cx: &CallContext,
    attempt: Attempt<'_>,
    meter: &StoreMeter,
    call: impl Future<Output = Result<T>>,
) -> Result<T> {
    let (watch, begun) = (meter.begin(attempt.operation), Instant::now());
    let outcome = bounded(cx, call).await;
    watch.ended(outcome.as_ref().err().map(Error::kind), begun.elapsed());
    note(cx, attempt, &outcome);
    outcome.map_err(|error| explain(cx, attempt, error))
}

/// Runs one call within its deadline, if there is any time left.
pub(crate) async fn bounded<T>(
    cx: &CallContext,
    call: impl Future<Output = Result<T>>,
) -> Result<T> {
    cx.check(Instant::now())?;
    let mut call = pin!(call);
    // a store in memory answers at once; a timer would cost more than its answer
    if let Some(answer) = call.as_mut().now_or_never() {
        return answer;
    }
    match tokio::time::timeout_at(cx.deadline, call).await {
        Ok(answer) => answer,
        Err(_) => Err(Error::new(Kind::Timeout, "no answer before the deadline of the call")),
    }
}

/// One line for each call, where anybody wants it.
pub(crate) fn note<T>(cx: &CallContext, attempt: Attempt<'_>, outcome: &Result<T>) {
    if tracing::enabled!(Level::DEBUG) {
        let Attempt { block, operation, to } = attempt;
        let outcome = outcome.as_ref().map_or_else(|error| error.kind().name(), |_| "ok");
        debug!(request_id = &*cx.request_id, block, operation, store = %to, outcome, "block call");
    }
}

/// The error as a caller sees it; its cause is logged.
pub(crate) fn explain(cx: &CallContext, attempt: Attempt<'_>, error: Error) -> Error {
    let Attempt { block, operation, to } = attempt;
    let error = error.context(format_args!("{block}.{operation} on `{to}`"));
    if let Some(cause) = error.source_text() {
        let request_id = &*cx.request_id;
        let kind = error.kind().name();
        error!(request_id, block, operation, store = %to, kind, cause, "{error}");
    }
    match error.kind() {
        Kind::Internal if error.detail("request-id").is_none() => {
            error.with_detail("request-id", &*cx.request_id)
        }
        _ => error,
    }
}
