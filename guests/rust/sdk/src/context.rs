//! What surrounds this call.
//!
//! ```no_run
//! use ottavo_sdk::{context, log};
//!
//! let greeting = context::setting("GREETING").unwrap_or_else(|| "Hello".to_owned());
//! log::debug!("greeting", id = context::request_id(), left = context::remaining().as_millis());
//! ```

use std::time::Duration;

use crate::bindings::ottavo::runtime::context as wit;

/// The request's id, the same in the host's log and in the error answers.
pub fn request_id() -> String {
    wit::request_id()
}

/// The time left until the deadline.
pub fn remaining() -> Duration {
    Duration::from_millis(wit::remaining())
}

/// Who calls by name, when known: a function's name or an app id. None for a request over HTTP.
pub fn caller() -> Option<String> {
    wit::caller()
}

/// The address of the HTTP client; none for a call by name.
pub fn remote() -> Option<String> {
    wit::remote()
}

/// A fact by name: `function`, `version`, `route`, `scheme` (of the HTTP trigger), `depth` (how many
/// calls by name this one is within), `traceparent`, `tracestate`, `baggage`.
pub fn get(name: &str) -> Option<String> {
    wit::get(name)
}

/// A setting of the function: `[env]` of its manifest, as overridden at deploy.
pub fn setting(name: &str) -> Option<String> {
    wit::setting(name)
}
