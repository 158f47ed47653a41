//! The one choke point: every call of every block, from every door.

use std::fmt;
use std::future::Future;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use ottavo_core::{CallContext, Error, Kind, Result, StoreName};
use ottavo_telemetry::metrics::{StoreMeter, Watch};
use pin_project_lite::pin_project;
use tokio::time::{Instant, Sleep};
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
pub(crate) fn run<'a, T, F: Future<Output = Result<T>>>(
    cx: &'a CallContext,
    target: Target<'a>,
    call: F,
) -> Metered<'a, F> {
    let Target { block, operation, store, meter } = target;
    metered(cx, Attempt { block, operation, to: store }, meter, call)
}

/// As [`run`], on what is not a store by itself.
pub(crate) fn metered<'a, T, F: Future<Output = Result<T>>>(
    cx: &'a CallContext,
    attempt: Attempt<'a>,
    meter: &'a StoreMeter,
    call: F,
) -> Metered<'a, F> {
    Metered { cx, attempt, meter, begun: None, call: bounded(cx, call) }
}

/// Runs one call within its deadline, if there is any time left.
pub(crate) fn bounded<T, F: Future<Output = Result<T>>>(
    cx: &CallContext,
    call: F,
) -> Bounded<'_, F> {
    Bounded { cx, begun: false, late: None, call }
}

pin_project! {
    /// See [`metered`]. Made by hand, as what is below: an `async fn` has room for what it is given twice, and copies it.
    pub(crate) struct Metered<'a, F> {
        cx: &'a CallContext,
        attempt: Attempt<'a>,
        meter: &'a StoreMeter,
        begun: Option<(Watch<'a>, Instant)>,
        #[pin]
        call: Bounded<'a, F>,
    }
}

pin_project! {
    /// See [`bounded`].
    pub(crate) struct Bounded<'a, F> {
        cx: &'a CallContext,
        begun: bool,
        // a store in memory answers at once; a timer would cost more than its answer
        late: Option<Pin<Box<Sleep>>>,
        #[pin]
        call: F,
    }
}

impl<T, F: Future<Output = Result<T>>> Future for Metered<'_, F> {
    type Output = Result<T>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<T>> {
        let this = self.project();
        let (cx, attempt) = (*this.cx, *this.attempt);
        let new = || (this.meter.begin(attempt.operation), Instant::now());
        this.begun.get_or_insert_with(new);
        let outcome = ready!(this.call.poll(context));
        if let Some((watch, begun)) = this.begun.take() {
            watch.ended(outcome.as_ref().err().map(Error::kind), begun.elapsed());
        }
        note(cx, attempt, &outcome);
        Poll::Ready(outcome.map_err(|error| explain(cx, attempt, error)))
    }
}

impl<T, F: Future<Output = Result<T>>> Future for Bounded<'_, F> {
    type Output = Result<T>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<T>> {
        let this = self.project();
        if !mem::replace(this.begun, true) {
            this.cx.check(Instant::now())?;
        }
        if let Poll::Ready(answer) = this.call.poll(context) {
            return Poll::Ready(answer);
        }
        let deadline = this.cx.deadline;
        let late = this.late.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(deadline)));
        ready!(late.as_mut().poll(context));
        Poll::Ready(Err(Error::new(Kind::Timeout, "no answer before the deadline of the call")))
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
