//! The end: calls under way are answered, nothing new begins.

use ottavo_api::Grants;
use ottavo_core::units::Span;
use ottavo_grpc::Config;
use ottavo_wire::v1::{StateGetRequest, StateSetRequest};
use tokio::net::TcpStream;

use crate::host::{Host, config};

fn gated() -> StateGetRequest {
    StateGetRequest { store: "gated".into(), key: "a".into(), options: vec![] }
}

#[tokio::test]
async fn calls_under_way_are_answered_before_the_door_closes() {
    let host = Host::start().await;
    let mut state = host.state().await;
    let (gate, shutdown, address) = (&host.gate, &host.shutdown, host.address());
    let script = async {
        gate.entered().await;
        shutdown.begin();
        // the listener closes while the call goes on
        while TcpStream::connect(address).await.is_ok() {
            tokio::task::yield_now().await;
        }
        gate.open();
    };
    let (answer, ()) = tokio::join!(state.get(gated()), script);
    assert_eq!(answer.unwrap().into_inner().value, None);
    host.stop().await;
}

#[tokio::test]
async fn connections_that_do_nothing_do_not_hold_up_the_end() {
    let config = Config { opening_timeout: Span::secs(3600), ..config() };
    let host = Host::with(config, Grants::everything()).await;
    let _idle = host.state().await;
    let _silent = TcpStream::connect(host.address()).await.unwrap();
    // the silent one is accepted before this one
    host.state().await.set(StateSetRequest::default()).await.unwrap_err();
    host.stop().await;
}
