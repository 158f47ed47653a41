//! `ottavo:runtime/http-handler`: what functions export.

use ottavo_core::{Error, Result};
use wasmtime::Store;
use wasmtime::component::{Instance, InstancePre};

use crate::bindings::exports::ottavo::runtime::http_handler::GuestIndices;
use crate::bindings::ottavo::runtime::types::Error as WitError;
use crate::{Call, Request, Response};

/// Where the handler stands in the exports of one component: looked up once, not for each call.
pub struct HttpHandler(GuestIndices);

impl HttpHandler {
    /// Finds the handler of a component, bound by its own interface alone.
    ///
    /// # Errors
    /// `invalid-argument` when the component does not export it, or with another type.
    pub fn find(component: &InstancePre<Call>) -> Result<HttpHandler> {
        GuestIndices::new(component).map(HttpHandler).map_err(|error| {
            Error::invalid(format!("`ottavo:runtime/http-handler` cannot be called: {error:#}"))
        })
    }

    /// Calls the handler of one instance of that component.
    ///
    /// # Errors
    /// The outer: what stopped the guest. The inner: what the guest returned.
    pub async fn call(
        &self,
        store: &mut Store<Call>,
        instance: &Instance,
        request: &Request,
    ) -> wasmtime::Result<Result<Response, WitError>> {
        let guest = self.0.load(&mut *store, instance)?;
        guest.call_handle(&mut *store, request).await
    }
}
