//! `wasi:http/handler` of 0.3: requests whose bodies stream, to functions that are asynchronous.
//!
//! The guest's tasks and what moves the parts of its answer run in one loop of events, which is the call's
//! future. A task goes on after the answer until it ends: the call's timeout bounds it.

use std::future::poll_fn;

use bytes::Bytes;
use http::header::HOST;
use http::uri::{Authority, Scheme};
use ottavo_core::{Error, Result};
use wasmtime::Store;
use wasmtime::component::InstancePre;
use wasmtime_wasi_http::p3::Request;
use wasmtime_wasi_http::{Error as WasiError, FieldMap, WasiHttpCtxView, WasiHttpView as _};

use crate::Call;
use crate::handler::exports;
use crate::streaming::Answer;

pub(crate) use wasmtime_wasi_http::p3::bindings::exports::wasi::http::handler as service;

/// The interface that is called.
const INTERFACE: &str = "wasi:http/handler@0.3.0";

pub(crate) fn find(component: &InstancePre<Call>) -> Result<Option<service::GuestIndices>> {
    if !exports(component, INTERFACE) {
        return Ok(None);
    }
    service::GuestIndices::new(component)
        .map(Some)
        .map_err(|error| Error::invalid(format!("`wasi:http/handler` cannot be called: {error:#}")))
}

/// Calls the handler, and moves its answer until it is whole, or nobody wants it.
pub(crate) async fn handle<B>(
    guest: &service::Guest,
    store: &mut Store<Call>,
    request: http::Request<B>,
    answer: &mut Answer,
) -> wasmtime::Result<()>
where
    B: http_body::Body<Data = Bytes, Error = WasiError> + Send + 'static,
{
    let tls = store.data().facts.tls;
    let mut http = store.data_mut().http();
    let request = incoming(&mut http, request, tls);
    let request = http.table.push(request)?;
    store
        .run_concurrent(async |guests| {
            match guest.call_handle(guests, request).await? {
                Ok(given) => {
                    let given = guests.with(|mut store| {
                        let given = store.data_mut().http().table.delete(given)?;
                        given.into_http(store, async { Ok(()) })
                    })?;
                    answer.take(Ok(given));
                }
                Err(code) => answer.take(Err(format!("{code:?}"))),
            }
            answer.go().await;
            poll_fn(|cx| guests.poll_no_interesting_tasks(cx)).await;
            Ok(())
        })
        .await?
}

/// The request as `wasi:http` has it: where it goes is not a header.
fn incoming<B>(http: &mut WasiHttpCtxView<'_>, request: http::Request<B>, tls: bool) -> Request
where
    B: http_body::Body<Data = Bytes, Error = WasiError> + Send + 'static,
{
    let (mut head, body) = request.into_parts();
    let host = head.headers.remove(HOST);
    let uri = head.uri.into_parts();
    let named = || Authority::try_from(host?.as_bytes()).ok();
    let scheme = match tls {
        true => Some(Scheme::HTTPS),
        false => uri.scheme.or(Some(Scheme::HTTP)),
    };
    let authority = uri.authority.or_else(named);
    let fields = FieldMap::new_immutable(http.hooks, head.headers);
    Request::new(head.method, scheme, authority, uri.path_and_query, fields, None, body).0
}
