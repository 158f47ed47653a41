//! `grpc.health.v1`: serving from the first call to the beginning of shutdown.

use tonic::server::NamedService;
use tonic_health::ServingStatus;
use tonic_health::pb::health_server::HealthServer;
use tonic_health::server::{HealthReporter, HealthService};

/// What is told about the host as a whole (`""`) and about each service.
pub(crate) struct Health {
    reporter: HealthReporter,
    services: Vec<&'static str>,
}

impl Health {
    /// Nothing but the host as a whole is known.
    pub(crate) fn new() -> Health {
        Health { reporter: HealthReporter::new(), services: vec![""] }
    }

    /// The service that tells it.
    pub(crate) fn service(&self) -> HealthServer<HealthService> {
        HealthServer::new(HealthService::from_health_reporter(self.reporter.clone()))
    }

    /// Makes `S` known as serving.
    pub(crate) async fn add<S: NamedService>(&mut self, _service: &S) {
        self.reporter.set_service_status(S::NAME, ServingStatus::Serving).await;
        self.services.push(S::NAME);
    }

    /// Nothing serves any more. Who watches is told, and their streams end: they would keep their
    /// connections open for ever.
    pub(crate) async fn stop(mut self) {
        for service in self.services {
            self.reporter.set_service_status(service, ServingStatus::NotServing).await;
            self.reporter.clear_service_status(service).await;
        }
    }
}
