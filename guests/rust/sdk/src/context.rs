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

/// Who calls, when authenticated: an app id or a function's name.
pub fn caller() -> Option<String> {
    wit::caller()
}

/// The client's address, after trusted proxies.
pub fn remote() -> Option<String> {
    wit::remote()
}

/// A fact by name: `function`, `version`, `route`, `scheme`, `traceparent`, ...
pub fn get(name: &str) -> Option<String> {
    wit::get(name)
}

/// A setting of the function: `[env]` of its manifest, as overridden at deploy.
pub fn setting(name: &str) -> Option<String> {
    wit::setting(name)
}
