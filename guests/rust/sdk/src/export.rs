//! Between the host's call and the user's function.

use std::marker::PhantomData;

use crate::bindings::exports::ottavo::runtime::http_handler as wit;
use crate::{Request, Response, Result, panic};

/// A user's function, as the `http` attribute gives it.
pub trait HttpFunction {
    /// Answers one request.
    fn answer(request: Request) -> Result<Response>;
}

/// The export of a function in the form of the bindings.
pub struct HttpExport<F>(PhantomData<F>);

impl<F: HttpFunction> wit::Guest for HttpExport<F> {
    fn handle(request: wit::Request) -> Result<wit::Response, wit::Error> {
        panic::install_hook();
        match F::answer(Request::from(request)) {
            Ok(response) => Ok(response.into()),
            Err(error) => Err(error.into()),
        }
    }
}
