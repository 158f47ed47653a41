//! What the floors that speak gRPC share: a server with the settings of our door, and services of which a floor
//! answers what is measured.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use anyhow::Result;
use tokio::net::TcpListener;
use tonic::Status;
use tonic::body::Body;
use tonic::codegen::Service;
use tonic::codegen::http::{Request, Response};
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;

/// Serves one until the process ends: with nothing between the connection and the service.
pub(super) async fn serve<S>(service: S) -> Result<SocketAddr>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
    S: Clone + Send + 'static,
    S::Future: Send,
{
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
    let server = Server::builder()
        .max_concurrent_streams(256)
        .http2_max_header_list_size(16 << 10)
        .http2_keepalive_interval(Some(Duration::from_secs(30)))
        .http2_keepalive_timeout(Some(Duration::from_secs(20)));
    tokio::spawn(async move { server.serve_with_incoming(service, incoming).await });
    Ok(address)
}

/// What no floor does.
pub(super) async fn absent<F, Q, A>(_: &F, _: Q) -> Result<A, Status> {
    Err(Status::unimplemented("a floor answers what is measured"))
}

/// A service of a floor: for each method what answers it, from the floor and the message to the answer.
macro_rules! service {
    ($service:ident for $floor:ident; $($method:ident: $request:ident => $response:ident = $answer:ident,)*) => {
        #[async_trait::async_trait]
        impl $service for $floor {
            $(async fn $method(
                &self,
                request: tonic::Request<$request>,
            ) -> Result<tonic::Response<$response>, tonic::Status> {
                $answer(self, request.into_inner()).await.map(tonic::Response::new)
            })*
        }
    };
}

/// The service of state, of which a floor answers these two methods.
macro_rules! state {
    ($floor:ident, $get:ident, $set:ident) => {
        crate::floors::tonic::service! {
            State for $floor;
            get: StateGetRequest => StateGetResponse = $get,
            get_many: StateGetManyRequest => StateGetManyResponse = absent,
            set: StateSetRequest => StateSetResponse = $set,
            set_many: StateSetManyRequest => StateSetManyResponse = absent,
            delete: StateDeleteRequest => StateDeleteResponse = absent,
            delete_many: StateDeleteManyRequest => StateDeleteManyResponse = absent,
            transact: StateTransactRequest => StateTransactResponse = absent,
            increment: StateIncrementRequest => StateIncrementResponse = absent,
            list_keys: StateListKeysRequest => StateListKeysResponse = absent,
        }
    };
}

pub(super) use {service, state};
