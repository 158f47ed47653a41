//! `ottavo:runtime/http-handler`: what answers requests.

use ottavo_core::{Error, Result};
use wasmtime::Store;
use wasmtime::component::InstancePre;

use crate::bindings::exports::ottavo::runtime::http_handler::GuestIndices;
use crate::bindings::ottavo::runtime::types::Error as WitError;
use crate::handler::{Bound, Handled, Handlers, exports};
use crate::{Call, Request, Response};

pub(crate) fn find(component: &InstancePre<Call>) -> Result<Option<GuestIndices>> {
    if !exports(component, Request::INTERFACE) {
        return Ok(None);
    }
    GuestIndices::new(component).map(Some).map_err(|error| {
        Error::invalid(format!("`ottavo:runtime/http-handler` cannot be called: {error:#}"))
    })
}

impl Handled for Request {
    type Answer = Response;

    const INTERFACE: &'static str = "ottavo:runtime/http-handler@0.1.0";

    fn has_handler(handlers: &Handlers) -> bool {
        handlers.http.is_some()
    }

    async fn handle(
        &mut self,
        bound: &Bound,
        store: &mut Store<Call>,
    ) -> wasmtime::Result<Result<Response, WitError>> {
        let guest = bound.http.as_ref().expect("called where `has_handler` said so");
        guest.call_handle(store, self).await
    }
}
