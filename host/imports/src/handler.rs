//! What functions export: the handlers of one component, and what they are called with.

use ottavo_core::Result;
use wasmtime::Store;
use wasmtime::component::{Instance, InstancePre};

use crate::Call;
use crate::bindings::exports::ottavo::runtime::event_handler;
use crate::bindings::ottavo::runtime::types::Error as WitError;
use crate::http_handler::Found;
use crate::incoming_handler::incoming_handler;
use crate::service::service;

/// Where the handlers stand in the exports of one component: looked up once, not for each call.
pub struct Handlers {
    pub(crate) http: Option<Found>,
    pub(crate) incoming: Option<incoming_handler::GuestIndices>,
    pub(crate) service: Option<service::GuestIndices>,
    pub(crate) event: Option<event_handler::GuestIndices>,
}

/// What a handler is called with.
pub trait Handled: Send {
    /// What it returns.
    type Answer: Send;

    /// The interface of its handler.
    const INTERFACE: &'static str;

    /// Whether a component has the handler.
    fn has_handler(handlers: &Handlers) -> bool;

    /// Calls the handler in an instance of the component that these are of.
    ///
    /// # Errors
    /// The outer: what stopped the guest. The inner: what the guest returned.
    fn handle(
        &mut self,
        handlers: &Handlers,
        instance: &Instance,
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
}

/// Whether a component exports an interface, in a version that fits.
pub(crate) fn exports(component: &InstancePre<Call>, interface: &str) -> bool {
    component.component().get_export_index(None, interface).is_some()
}
