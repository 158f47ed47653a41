//! What is instantiated for each call: one for all versions that run the same component.

use ottavo_core::{Error, Result};
use ottavo_imports::{Call, Event, Handled, Handlers, Incoming, Request};
use serde::{Deserialize, Serialize};
use wasmtime::component::{Component, InstancePre, Linker};

/// Who says what a component has: another release may offer it something else.
const RELEASE: &str = env!("CARGO_PKG_VERSION");

/// A compiled component, linked.
pub(crate) struct Code {
    pub(crate) component: InstancePre<Call>,
    pub(crate) handlers: Handlers,
}

/// What a component has handlers of, to be known without loading it: it fits the host of this release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Handles {
    release: String,
    pub(crate) requests: bool,
    /// By `wasi:http`.
    pub(crate) streams: bool,
    pub(crate) events: bool,
}

/// What a version may have a handler of.
pub(crate) trait Handler: Handled {
    /// Whether it is one of these.
    fn is_of(handles: &Handles) -> bool;
}

impl Code {
    /// Links a compiled component.
    ///
    /// # Errors
    /// `invalid-argument` when it imports or exports what does not fit.
    pub(crate) fn link(linker: &Linker<Call>, component: &Component) -> Result<Code> {
        let component = linker.instantiate_pre(component).map_err(|error| {
            Error::invalid(format!("the component does not fit this host: {error:#}"))
        })?;
        let handlers = Handlers::find(&component)?;
        Ok(Code { component, handlers })
    }

    pub(crate) fn handles(&self) -> Handles {
        Handles {
            release: RELEASE.to_owned(),
            requests: self.handlers.have::<Request>(),
            streams: self.handlers.have::<Incoming>(),
            events: self.handlers.have::<Event>(),
        }
    }
}

impl Handles {
    /// Of what cannot be called.
    pub(crate) fn nothing() -> Handles {
        Handles { release: String::new(), requests: false, streams: false, events: false }
    }

    /// Whether this release says so.
    pub(crate) fn holds(&self) -> bool {
        self.release == RELEASE
    }
}

impl Handler for Request {
    fn is_of(handles: &Handles) -> bool {
        handles.requests
    }
}

impl Handler for Incoming {
    fn is_of(handles: &Handles) -> bool {
        handles.streams
    }
}

impl Handler for Event {
    fn is_of(handles: &Handles) -> bool {
        handles.events
    }
}
