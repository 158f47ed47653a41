//! Where a request or an event came from, as far as its call must know after its head went to the guest.

use std::sync::Arc;

use ottavo_core::Trace;
use ottavo_imports::Event;
use tokio::time::Instant;

use crate::{Client, Request};

/// What a request or an event leaves behind.
pub(crate) struct Origin {
    /// The route that matched, as written.
    pub(crate) route: Option<Arc<str>>,
    pub(crate) client: Client,
    pub(crate) trace: Trace,
}

impl Origin {
    pub(crate) fn of<B>(request: &Request<B>) -> Origin {
        Origin {
            route: request.route.clone(),
            client: request.client.clone(),
            trace: request.trace(),
        }
    }

    /// Its publisher may have put the trace into it, as CloudEvents' extension for that says.
    pub(crate) fn of_event(event: &Event) -> Origin {
        let attribute = |name: &str| event.attributes.iter().find(|(known, _)| known == name);
        let trace = Trace::of(|name| attribute(name).map(|(_, value)| value.clone()));
        Origin { trace, ..Origin::of_host() }
    }

    /// Of a call that nobody made: an instance is tried out.
    pub(crate) fn of_host() -> Origin {
        Origin { route: None, client: Client::Operator, trace: Trace::default() }
    }

    /// Whether the call that this one is within is over by now.
    pub(crate) fn hurries(&self) -> bool {
        self.client.outer().is_some_and(|outer| outer.deadline <= Instant::now())
    }
}
