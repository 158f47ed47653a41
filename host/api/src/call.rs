//! The one choke point: every call of every block, from every door.

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
    let (watch, begun) = (target.meter.begin(target.operation), Instant::now());
    let outcome = match cx.check(begun) {
        Ok(()) => within(cx, call).await,
        Err(late) => Err(late),
    };
    watch.ended(outcome.as_ref().err().map(Error::kind), begun.elapsed());
    let outcome = outcome.map_err(|error| explain(cx, target, error));
    if tracing::enabled!(Level::DEBUG) {
        let Target { block, operation, store, .. } = target;
        let outcome = outcome.as_ref().map_or_else(|error| error.kind().name(), |_| "ok");
        debug!(request_id = &*cx.request_id, block, operation, %store, outcome, "block call");
    }
    outcome
}

async fn within<T>(cx: &CallContext, call: impl Future<Output = Result<T>>) -> Result<T> {
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

fn explain(cx: &CallContext, target: Target<'_>, error: Error) -> Error {
    let Target { block, operation, store, .. } = target;
    let error = error.context(format_args!("{block}.{operation} on `{store}`"));
    if let Some(cause) = error.source_text() {
        let request_id = &*cx.request_id;
        error!(request_id, block, operation, %store, kind = error.kind().name(), cause, "{error}");
    }
    match error.kind() {
        Kind::Internal if error.detail("request-id").is_none() => {
            error.with_detail("request-id", &*cx.request_id)
        }
        _ => error,
    }
}
