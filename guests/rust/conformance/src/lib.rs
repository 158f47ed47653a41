//! Makes one runtime API call per request, for the conformance suite.
//!
//! The request's body is an encoded call, the answer's body its encoded outcome. The encoding is
//! described in `tests/conformance/relay.md`. Every call goes through the SDK's public functions.
//! Called on any other path, it stands in for the app that the cases of `invoke` call.

use ottavo_sdk::{Error, Request, Response, Result};

mod binding;
mod config;
mod context;
mod decode;
mod encode;
mod file;
mod lock;
mod outgoing;
mod peer;
mod pubsub;
mod secret;
mod sequencer;
mod state;

use decode::Decoder;

#[ottavo_sdk::http]
fn handle(request: Request) -> Result<Response> {
    match request.path().starts_with("/conformance/") {
        true => relay(request),
        false => Ok(peer::answer(request)),
    }
}

fn relay(request: Request) -> Result<Response> {
    let mut call = Decoder::new(request.body());
    let operation = call.string()?;
    let outcome = match operation.split_once('.') {
        Some(("lock", operation)) => lock::call(operation, call)?,
        Some(("sequencer", operation)) => sequencer::call(operation, call)?,
        Some(("context", operation)) => context::call(operation, call)?,
        Some(("http-client", operation)) => outgoing::http_client(operation, call)?,
        Some(("invoke", operation)) => outgoing::invoke(operation, call)?,
        Some(("pubsub", operation)) => pubsub::call(operation, call)?,
        Some(("binding", operation)) => binding::call(operation, call)?,
        Some(("config", operation)) => config::call(operation, call)?,
        Some(("secret", operation)) => secret::call(operation, call)?,
        Some(("file", operation)) => file::call(operation, call)?,
        Some(("state", operation)) => state::call(operation, call)?,
        _ => return Err(unknown(operation)),
    };
    Ok(Response::bytes(outcome))
}

/// Nothing was called: 400.
fn unknown(operation: &str) -> Error {
    Error::invalid_argument(format!("unknown operation `{operation}`"))
}
