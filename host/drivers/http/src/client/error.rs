//! What hyper and the network say, as the errors of the contract.

use std::error::Error as StdError;

use hyper_util::client::legacy;
use ottavo_core::{Error, Kind};

/// There is no answer.
pub(super) fn of_request(error: &legacy::Error, idempotent: bool) -> Error {
    if let Some(ours) = ours(error) {
        return ours;
    }
    if error.is_connect() {
        // the protocol's own greeting failed: nothing of the request was read
        return Error::new(Kind::Unavailable, "the server does not speak HTTP as asked")
            .with_retryable(false)
            .with_source(text(error));
    }
    let parse = causes(error)
        .find_map(|cause| cause.downcast_ref::<hyper::Error>())
        .is_some_and(hyper::Error::is_parse);
    if parse {
        let message = "the answer is not HTTP";
        let error = Error::new(Kind::Unavailable, message).with_source(text(error));
        return error.with_retryable(false);
    }
    lost(idempotent).with_source(text(error))
}

/// The answer broke off.
pub(super) fn of_body(error: hyper::Error, idempotent: bool) -> Error {
    lost(idempotent).with_source(error)
}

fn lost(idempotent: bool) -> Error {
    let message = "the connection was lost: whether the request took effect is unknown";
    Error::new(Kind::Unavailable, message).with_retryable(idempotent)
}

/// The error of our own connector, if that is the cause.
fn ours(error: &legacy::Error) -> Option<Error> {
    let found = causes(error).find_map(|cause| cause.downcast_ref::<Error>())?;
    let mut copy = Error::new(found.kind(), found.message()).with_retryable(found.retryable());
    if let Some(source) = found.source_text() {
        copy = copy.with_source(source);
    }
    Some(copy)
}

fn causes<'e>(error: &'e legacy::Error) -> impl Iterator<Item = &'e (dyn StdError + 'static)> {
    let next = |cause: &&'e (dyn StdError + 'static)| StdError::source(*cause);
    std::iter::successors(StdError::source(error), next)
}

fn text(error: &legacy::Error) -> String {
    causes(error).fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}
