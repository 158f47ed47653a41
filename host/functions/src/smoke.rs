//! A first request to a version that does not answer yet.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderValue, Method, Uri};
use ottavo_core::context::new_request_id;
use ottavo_core::{Error, Kind, Result};

use crate::answering::Answering;
use crate::table::Table;
use crate::version::Version;
use crate::{Client, Request};

/// Asks `path` of a version with `GET`, by its own routes; a call that comes to nothing else. What it
/// writes to its stores stays written.
///
/// # Errors
/// `invalid-argument` for what is no path, `failed-precondition` when the answer is not of 200 to 399,
/// with what it was.
pub(crate) async fn ask(version: &Arc<Version>, path: &str) -> Result<()> {
    let shown = path.escape_debug();
    let uri = Some(path).filter(|path| path.starts_with('/')).and_then(|path| path.parse().ok());
    let uri: Uri = uri.ok_or_else(|| {
        Error::invalid(format!("`{shown}` is not a path to try: write it like `/health`"))
    })?;
    let own = Table::new([Arc::new(Answering::one(Arc::clone(version)))])?;
    let found = own.routes().find(None, &Method::GET, uri.path()).ok();
    let (params, route) =
        found.map(|of| (of.params, Some(std::sync::Arc::clone(of.route)))).unwrap_or_default();
    let (mut head, ()) = http::Request::new(()).into_parts();
    head.uri = uri;
    head.headers.insert(http::header::HOST, HeaderValue::from_static("localhost"));
    let (id, client) = (new_request_id(), Client::Operator);
    let request = Request { head, body: Bytes::new(), params, route, id, client };
    let said = match version.call(request).await {
        Ok(answer) if answer.status().as_u16() < 400 => return Ok(()),
        Ok(answer) => {
            let body: String = String::from_utf8_lossy(answer.body()).chars().take(200).collect();
            format!("answered {}: {}", answer.status().as_u16(), body.escape_debug())
        }
        Err(failure) => {
            let why = failure.insides.unwrap_or_else(|| failure.error.message().to_owned());
            format!("failed: {why}")
        }
    };
    let message = format!(
        "function `{}` was tried with `GET {shown}` and is not deployed: it {said}",
        version.info.name
    );
    Err(Error::new(Kind::FailedPrecondition, message))
}
