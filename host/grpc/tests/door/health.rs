//! `grpc.health.v1`.

use tokio_stream::StreamExt as _;
use tonic::Code;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

use crate::host::{Host, PATIENCE};

fn check(service: &str) -> HealthCheckRequest {
    HealthCheckRequest { service: service.to_owned() }
}

#[tokio::test]
async fn the_host_and_its_services_are_known_as_serving() {
    let host = Host::start().await;
    let mut health = HealthClient::new(host.channel().await);
    for service in ["", "ottavo.runtime.v1.State"] {
        let answer = health.check(check(service)).await.unwrap().into_inner();
        assert_eq!(answer.status(), ServingStatus::Serving, "{service}");
    }
    let unknown = health.check(check("ottavo.runtime.v1.Nothing")).await.unwrap_err();
    assert_eq!(unknown.code(), Code::NotFound);
    host.stop().await;
}

#[tokio::test]
async fn who_watches_learns_of_shutdown_and_does_not_hold_it_up() {
    let host = Host::start().await;
    let mut health = HealthClient::new(host.channel().await);
    let mut stream = health.watch(check("")).await.unwrap().into_inner();
    let first = stream.next().await.unwrap().unwrap();
    assert_eq!(first.status(), ServingStatus::Serving);
    host.shutdown.begin();
    let next = tokio::time::timeout(PATIENCE, stream.next()).await.unwrap().unwrap().unwrap();
    assert_eq!(next.status(), ServingStatus::NotServing);
    assert!(stream.next().await.is_none());
    host.stop().await;
}
