//! `ottavo:runtime/event-handler`: what receives events.

use ottavo_core::{Error, Result};
use wasmtime::Store;
use wasmtime::component::{Instance, InstancePre};

use crate::bindings::exports::ottavo::runtime::event_handler::GuestIndices;
use crate::bindings::ottavo::runtime::types::Error as WitError;
use crate::handler::{Handled, Handlers, exports};
use crate::{Call, Event, Outcome};

pub(crate) fn find(component: &InstancePre<Call>) -> Result<Option<GuestIndices>> {
    if !exports(component, Event::INTERFACE) {
        return Ok(None);
    }
    GuestIndices::new(component).map(Some).map_err(|error| {
        Error::invalid(format!("`ottavo:runtime/event-handler` cannot be called: {error:#}"))
    })
}

impl Handled for Event {
    type Answer = Outcome;

    const INTERFACE: &'static str = "ottavo:runtime/event-handler@0.1.0";

    fn has_handler(handlers: &Handlers) -> bool {
        handlers.event.is_some()
    }

    async fn handle(
        &mut self,
        handlers: &Handlers,
        instance: &Instance,
        store: &mut Store<Call>,
    ) -> wasmtime::Result<Result<Outcome, WitError>> {
        let found = handlers.event.as_ref().expect("called where `has_handler` said so");
        let guest = found.load(&mut *store, instance)?;
        guest.call_receive(store, self).await
    }
}
