//! Deadlines and calls that are given up.

use std::time::Duration;

use ottavo_api::Grants;
use ottavo_core::Kind;
use ottavo_core::units::Span;
use ottavo_grpc::Config;
use ottavo_wire::from_status;
use ottavo_wire::v1::StateGetRequest;
use prost::Message as _;

use crate::host::{Host, config};
use crate::raw::Raw;

const GET: &str = "/ottavo.runtime.v1.State/Get";

fn gated() -> StateGetRequest {
    StateGetRequest { store: "gated".into(), key: "a".into(), options: vec![] }
}

#[tokio::test]
async fn the_clients_deadline_ends_the_call_as_a_timeout() {
    let host = Host::start().await;
    let mut raw = Raw::connect(&host).await;
    for _ in 0..20 {
        let answer = raw.call(GET, &[("grpc-timeout", "20m")], &gated().encode_to_vec()).await;
        let error = answer.error.unwrap();
        assert_eq!(error.kind(), Kind::Timeout, "{error}");
        assert_eq!(host.gate.inside(), 0);
    }
    host.stop().await;
}

#[tokio::test]
async fn a_deadline_that_has_passed_starts_nothing() {
    let host = Host::start().await;
    let mut raw = Raw::connect(&host).await;
    let answer = raw.call(GET, &[("grpc-timeout", "0n")], &gated().encode_to_vec()).await;
    assert_eq!(answer.error.unwrap().kind(), Kind::Timeout);
    assert_eq!(host.gate.inside(), 0);
    host.stop().await;
}

#[tokio::test]
async fn a_deadline_that_cannot_be_read_is_refused() {
    let host = Host::start().await;
    let mut raw = Raw::connect(&host).await;
    let error = raw.call(GET, &[("grpc-timeout", "soon")], b"").await.error.unwrap();
    assert_eq!(error.kind(), Kind::InvalidArgument);
    assert!(error.message().starts_with("`grpc-timeout` is `soon`"), "{error}");
    host.stop().await;
}

#[tokio::test]
async fn the_hosts_own_limit_holds_for_clients_that_name_none_or_a_later_one() {
    let timeout = Span(Duration::from_millis(20));
    let host = Host::with(Config { timeout, ..config() }, Grants::everything()).await;
    let status = host.state().await.get(gated()).await.unwrap_err();
    assert_eq!(from_status(&status).kind(), Kind::Timeout);
    let mut raw = Raw::connect(&host).await;
    let answer = raw.call(GET, &[("grpc-timeout", "1H")], &gated().encode_to_vec()).await;
    assert_eq!(answer.error.unwrap().kind(), Kind::Timeout);
    host.stop().await;
}

#[tokio::test]
async fn a_call_that_the_client_gives_up_is_dropped() {
    let host = Host::start().await;
    let mut state = host.state().await;
    tokio::select! {
        answer = state.get(gated()) => panic!("answered: {answer:?}"),
        () = host.gate.entered() => {}
    }
    // the store learns it without an answer
    host.gate.left().await;
    host.stop().await;
}
