//! Between the host's call and the user's function.

use std::marker::PhantomData;

use crate::bindings::exports::ottavo::runtime::{event_handler, http_handler};
use crate::{Event, Outcome, Request, Response, Result, panic};

/// A user's function, as the `http` attribute gives it.
pub trait HttpFunction {
    /// Answers one request.
    fn answer(request: Request) -> Result<Response>;
}

/// A user's function, as the `event` attribute gives it.
pub trait EventFunction {
    /// Handles one event.
    fn receive(event: Event) -> Result<Outcome>;
}

/// The export of a function in the form of the bindings.
pub struct HttpExport<F>(PhantomData<F>);

/// The export of a function in the form of the bindings.
pub struct EventExport<F>(PhantomData<F>);

impl<F: HttpFunction> http_handler::Guest for HttpExport<F> {
    fn handle(
        request: http_handler::Request,
    ) -> Result<http_handler::Response, http_handler::Error> {
        panic::install_hook();
        match F::answer(Request::from(request)) {
            Ok(response) => Ok(response.into()),
            Err(error) => Err(error.into()),
        }
    }
}

impl<F: EventFunction> event_handler::Guest for EventExport<F> {
    fn receive(
        event: event_handler::Event,
    ) -> Result<event_handler::Outcome, event_handler::Error> {
        panic::install_hook();
        match F::receive(Event::from(event)) {
            Ok(outcome) => Ok(outcome.into()),
            Err(error) => Err(error.into()),
        }
    }
}
