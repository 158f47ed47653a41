//! Calls to other functions and to outside apps, by name, within the manifest's `[needs] invoke`.
//!
//! A function is called within the host, without a socket. Deadline, request id and trace go along;
//! the callee finds the caller's name in [`context::caller`](crate::context::caller).
//!
//! ```no_run
//! use ottavo_sdk::http_client::Outgoing;
//! use ottavo_sdk::invoke;
//!
//! let price = invoke::call("pricing", &Outgoing::get("/books/1"))?.body_text()?.to_owned();
//! let charge = Outgoing::post("/charges", &price);
//! // `fn:` is a function, `app:` an app of the host's configuration; without, a function comes first
//! for answer in invoke::call_many(&[("app:billing", charge.clone()), ("fn:audit", charge)]) {
//!     println!("{}", answer?.status_code());
//! }
//! # Ok::<(), ottavo_sdk::Error>(())
//! ```

use crate::bindings::ottavo::runtime::invoke as wit;
use crate::http_client::Outgoing;
use crate::{Response, Result};

/// Calls a function or an app; the request's URL is a path with its query. Any status is an answer.
///
/// # Errors
/// `denied` without a grant; `not-found`; `failed-precondition` with the detail `depth` when too many
/// calls are within each other; what a function returned as an error, with the detail `function`.
pub fn call(target: &str, request: &Outgoing<'_>) -> Result<Response> {
    Ok(request.lower(|raw| wit::call(target, raw))?.into())
}

/// Makes up to 100 calls, some of them at the same time; the answers in the order asked, each with
/// its own outcome.
pub fn call_many(calls: &[(&str, Outgoing<'_>)]) -> Vec<Result<Response>> {
    let requests: Vec<_> = calls.iter().map(|(_, request)| request).collect();
    let outcomes = Outgoing::lower_all(&requests, |raw| {
        let targets = calls.iter().map(|(target, _)| *target);
        let raw: Vec<_> = targets.zip(raw).collect();
        wit::call_many(&raw)
    });
    outcomes.into_iter().map(|outcome| Ok(outcome?.into())).collect()
}
