//! `wasi:http/incoming-handler` of 0.2: requests whose bodies stream. `service.rs` has that of 0.3.

use std::pin::pin;

use futures_util::future::{Either, select};
use http_body_util::BodyExt as _;
use ottavo_blocks::exchange::Body;
use ottavo_core::{Error, Kind, Result};
use wasmtime::Store;
use wasmtime::component::{Instance, InstancePre};
use wasmtime_wasi_http::p2::bindings::http::types::Scheme;
use wasmtime_wasi_http::{Error as WasiError, WasiHttpView as _};

use crate::bindings::ottavo::runtime::types::Error as WitError;
use crate::handler::{Handled, Handlers, exports};
use crate::streaming::{Answer, Heard};
use crate::wasi_http::to_wasi;
use crate::{Call, service};

pub(crate) use wasmtime_wasi_http::p2::bindings::exports::wasi::http::incoming_handler;

/// One request for a guest.
pub struct Incoming {
    request: Option<http::Request<Body>>,
    answer: Answer,
}

pub(crate) fn find(
    component: &InstancePre<Call>,
) -> Result<Option<incoming_handler::GuestIndices>> {
    if !exports(component, Incoming::INTERFACE) {
        return Ok(None);
    }
    incoming_handler::GuestIndices::new(component).map(Some).map_err(|error| {
        Error::invalid(format!("`wasi:http/incoming-handler` cannot be called: {error:#}"))
    })
}

impl Incoming {
    /// A request, whose target or `Host` says where it goes.
    pub fn new(request: http::Request<Body>) -> (Incoming, Heard) {
        let (answer, heard) = Answer::new();
        (Incoming { request: Some(request), answer }, heard)
    }

    /// Hands over what was left when the guest ended. Waits for the client.
    pub async fn finish(self) {
        self.answer.finish().await;
    }
}

impl Handled for Incoming {
    type Answer = ();

    const INTERFACE: &'static str = "wasi:http/incoming-handler@0.2.12";

    fn has_handler(handlers: &Handlers) -> bool {
        handlers.incoming.is_some() || handlers.service.is_some()
    }

    async fn handle(
        &mut self,
        handlers: &Handlers,
        instance: &Instance,
        store: &mut Store<Call>,
    ) -> wasmtime::Result<std::result::Result<(), WitError>> {
        let request = self.request.take().expect("a request is handled once");
        let body = |body: Body| body.map_err(unread as fn(Error) -> WasiError);
        let Some(found) = &handlers.incoming else {
            let found = handlers.service.as_ref().expect("called where `has_handler` said so");
            let guest = found.load(&mut *store, instance)?;
            let returned =
                service::handle(&guest, store, request.map(body), &mut self.answer).await;
            self.answer.settle(returned.is_ok());
            return returned.map(Ok);
        };
        let guest = found.load(&mut *store, instance)?;
        let scheme = match request.uri().scheme() {
            _ if store.data().facts.tls => Scheme::Https,
            Some(scheme) if *scheme == http::uri::Scheme::HTTPS => Scheme::Https,
            _ => Scheme::Http,
        };
        let give = self.answer.place();
        let mut http = store.data_mut().http();
        let request = http.new_incoming_request(scheme, request.map(body))?;
        let outparam = http.new_response_outparam(give)?;
        let returned = {
            let called = pin!(guest.call_handle(&mut *store, request, outparam));
            let moved = pin!(self.answer.go());
            match select(called, moved).await {
                Either::Left((returned, _)) => returned,
                Either::Right(((), called)) => called.await,
            }
        };
        // while the store is there: once it is gone, an end and a break are the same
        self.answer.settle(returned.is_ok());
        returned.map(Ok)
    }
}

/// Why the guest gets no more of its request.
fn unread(error: Error) -> WasiError {
    match error.kind() {
        Kind::TooLarge => {
            let limit = error.detail("limit").and_then(|limit| limit.parse().ok());
            WasiError::HttpRequestBodySize(limit)
        }
        Kind::InvalidArgument | Kind::Cancelled => WasiError::ConnectionTerminated,
        _ => to_wasi(&error),
    }
}
