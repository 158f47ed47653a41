//! `ottavo:runtime/http-handler`: what functions export.

use ottavo_core::{Error, Result};
use wasmtime::Store;
use wasmtime::component::{Instance, InstancePre};

use crate::bindings::exports::ottavo::runtime::http_handler::{Guest, GuestIndices};
use crate::bindings::ottavo::runtime::types::Error as WitError;
use crate::{Call, Request, Response};

/// Where the handler stands in the exports of one component: looked up once, not for each call.
pub struct HttpHandler(GuestIndices);

/// The handler of one instance.
pub struct BoundHandler(Guest);

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

    /// Finds it in one instance of that component.
    ///
    /// # Errors
    /// When the instance is of another component.
    pub fn bind(
        &self,
        store: &mut Store<Call>,
        instance: &Instance,
    ) -> wasmtime::Result<BoundHandler> {
        self.0.load(store, instance).map(BoundHandler)
    }
}

impl BoundHandler {
    /// Calls it, in the store of its instance.
    ///
    /// # Errors
    /// The outer: what stopped the guest. The inner: what the guest returned.
    pub async fn call(
        &self,
        store: &mut Store<Call>,
        request: &Request,
    ) -> wasmtime::Result<Result<Response, WitError>> {
        self.0.call_handle(store, request).await
    }
}
