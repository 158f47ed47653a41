//! Which service a path belongs to: `/<package>.<Service>/<Method>`.

use std::convert::Infallible;
use std::sync::Arc;

use tonic::body::Body;
use tonic::codegen::http::{Request, Response};
use tonic::codegen::{BoxFuture, Service};
use tonic::server::NamedService;

/// The services of the door, by name.
#[derive(Clone, Default)]
pub(crate) struct Routes(Arc<Vec<(&'static str, Box<dyn Serve>)>>);

/// A service that is called through a shared reference: tonic's are cheap to clone.
trait Serve: Send + Sync {
    fn call(&self, request: Request<Body>) -> BoxFuture<Response<Body>, Infallible>;
}

impl<S> Serve for S
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
    S: Clone + Send + Sync,
    S::Future: Send + 'static,
{
    fn call(&self, request: Request<Body>) -> BoxFuture<Response<Body>, Infallible> {
        // tonic's services are always ready
        Box::pin(Service::call(&mut self.clone(), request))
    }
}

impl Routes {
    /// Adds a service under its own name.
    pub(crate) fn with<S>(mut self, service: S) -> Routes
    where
        S: Service<Request<Body>, Response = Response<Body>, Error = Infallible> + NamedService,
        S: Clone + Send + Sync + 'static,
        S::Future: Send + 'static,
    {
        let services = Arc::get_mut(&mut self.0).expect("shared only once it is complete");
        services.push((S::NAME, Box::new(service)));
        self
    }

    /// Calls the service of the request's path; nothing when there is none.
    pub(crate) fn call(
        &self,
        request: Request<Body>,
    ) -> Option<BoxFuture<Response<Body>, Infallible>> {
        let name = request.uri().path().strip_prefix('/')?.split('/').next()?;
        let (_, service) = self.0.iter().find(|(known, _)| *known == name)?;
        Some(service.call(request))
    }
}
