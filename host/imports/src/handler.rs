//! What functions export: the handlers of one component, and what they are called with.

use ottavo_core::Result;
use wasmtime::Store;
use wasmtime::component::{Instance, InstancePre};

use crate::Call;
use crate::bindings::exports::ottavo::runtime::{event_handler, http_handler};
use crate::bindings::ottavo::runtime::types::Error as WitError;
use crate::incoming_handler::incoming_handler;
use crate::service::service;

/// Where the handlers stand in the exports of one component: looked up once, not for each call.
pub struct Handlers {
    pub(crate) http: Option<http_handler::GuestIndices>,
    pub(crate) incoming: Option<incoming_handler::GuestIndices>,
    pub(crate) service: Option<service::GuestIndices>,
    pub(crate) event: Option<event_handler::GuestIndices>,
}

/// The handlers of one instance.
pub struct Bound {
    pub(crate) http: Option<http_handler::Guest>,
    pub(crate) incoming: Option<incoming_handler::Guest>,
    pub(crate) service: Option<service::Guest>,
    pub(crate) event: Option<event_handler::Guest>,
}

/// What a handler is called with.
pub trait Handled: Send {
    /// What it returns.
    type Answer: Send;

    /// The interface of its handler.
    const INTERFACE: &'static str;

    /// Whether a component has the handler.
    fn has_handler(handlers: &Handlers) -> bool;

    /// Calls the handler, in the store of its instance.
    ///
    /// # Errors
    /// The outer: what stopped the guest. The inner: what the guest returned.
    fn handle(
        &mut self,
        bound: &Bound,
        store: &mut Store<Call>,
    ) -> impl Future<Output = wasmtime::Result<Result<Self::Answer, WitError>>> + Send;
}

impl Handlers {
    /// Finds the handlers of a component, each bound by its own interface alone.
    ///
    /// # Errors
    /// `invalid-argument` when it exports one with another type.
    pub fn find(component: &InstancePre<Call>) -> Result<Handlers> {
        Ok(Handlers {
            http: crate::http_handler::find(component)?,
            incoming: crate::incoming_handler::find(component)?,
            service: crate::service::find(component)?,
            event: crate::event_handler::find(component)?,
        })
    }

    /// Whether a component has the handler of this.
    pub fn have<H: Handled>(&self) -> bool {
        H::has_handler(self)
    }

    /// Finds them in one instance of that component.
    ///
    /// # Errors
    /// When the instance is of another component.
    pub fn bind(&self, store: &mut Store<Call>, instance: &Instance) -> wasmtime::Result<Bound> {
        let http = self.http.as_ref().map(|found| found.load(&mut *store, instance));
        let incoming = self.incoming.as_ref().map(|found| found.load(&mut *store, instance));
        let service = self.service.as_ref().map(|found| found.load(&mut *store, instance));
        let event = self.event.as_ref().map(|found| found.load(&mut *store, instance));
        let (http, incoming) = (http.transpose()?, incoming.transpose()?);
        Ok(Bound { http, incoming, service: service.transpose()?, event: event.transpose()? })
    }
}

/// Whether a component exports an interface, in a version that fits.
pub(crate) fn exports(component: &InstancePre<Call>, interface: &str) -> bool {
    component.component().get_export_index(None, interface).is_some()
}
