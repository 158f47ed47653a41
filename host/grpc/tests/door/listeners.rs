//! Addresses, unix sockets, and connections that do nothing.

use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use ottavo_api::Grants;
use ottavo_core::Kind;
use ottavo_core::units::Span;
use ottavo_grpc::{Config, Listen};
use ottavo_wire::v1::StateGetRequest;
use ottavo_wire::v1::state_client::StateClient;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use tonic::transport::Endpoint;

use crate::host::{Host, PATIENCE, config};

fn get() -> StateGetRequest {
    StateGetRequest { store: "default".into(), key: "a".into(), options: vec![] }
}

/// Resolves once the other side has closed the connection.
async fn closed(stream: &mut TcpStream) {
    let read = async { while stream.read(&mut [0; 64]).await.is_ok_and(|n| n > 0) {} };
    tokio::time::timeout(PATIENCE, read).await.expect("the connection stays open");
}

#[tokio::test]
async fn a_port_in_use_is_named_with_the_way_out() {
    let host = Host::start().await;
    let listen = Listen::Tcp(host.address());
    let error = Config { listen, ..config() }.bind().await.err().unwrap();
    assert_eq!(error.kind(), Kind::FailedPrecondition);
    let expected = format!(
        "listening for gRPC on `{}`: the address is in use; stop what uses it, or set another one \
         as `grpc.listen`",
        host.address()
    );
    assert_eq!(error.message(), expected);
    host.stop().await;
}

#[tokio::test]
async fn an_address_of_another_machine_is_refused() {
    let listen = Listen::Tcp(SocketAddr::from(([192, 0, 2, 1], 0)));
    let error = Config { listen, ..config() }.bind().await.err().unwrap();
    assert!(error.message().contains("no such address"), "{error}");
}

#[tokio::test]
async fn a_unix_socket_serves_its_owner_and_is_removed_at_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("grpc.sock");
    let listen = Listen::Unix(path.clone());
    let host = Host::with(Config { listen, ..config() }, Grants::everything()).await;
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let endpoint = format!("unix://{}", path.display());
    let channel = Endpoint::from_shared(endpoint).unwrap().connect().await.unwrap();
    assert!(StateClient::new(channel).get(get()).await.is_ok());
    host.stop().await;
    assert!(!path.exists());
}

#[tokio::test]
async fn connections_over_the_limit_are_closed_and_others_go_on() {
    let config = Config { max_connections: 1, ..config() };
    let host = Host::with(config, Grants::everything()).await;
    let mut state = host.state().await;
    state.get(get()).await.unwrap();
    closed(&mut TcpStream::connect(host.address()).await.unwrap()).await;
    state.get(get()).await.unwrap();
    host.stop().await;
}

#[tokio::test]
async fn a_connection_that_says_nothing_is_closed() {
    let opening_timeout = Span(Duration::from_millis(20));
    let host = Host::with(Config { opening_timeout, ..config() }, Grants::everything()).await;
    let mut state = host.state().await;
    closed(&mut TcpStream::connect(host.address()).await.unwrap()).await;
    // one that has begun may then be quiet
    state.get(get()).await.unwrap();
    host.stop().await;
}
