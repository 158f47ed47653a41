//! Messages at and over the limit, in both directions.

use ottavo_api::Grants;
use ottavo_blocks::state::MAX_VALUE;
use ottavo_core::Kind;
use ottavo_core::units::ByteCount;
use ottavo_grpc::Config;
use ottavo_wire::from_status;
use ottavo_wire::v1::{StateEntry, StateGetManyRequest, StateGetRequest, StateSetRequest};

use crate::host::{Host, config};

fn set(key: &str, size: usize) -> StateSetRequest {
    let data = vec![7; size].into();
    let entry = StateEntry { key: key.into(), data, ..StateEntry::default() };
    StateSetRequest { store: "default".into(), entry: Some(entry) }
}

#[tokio::test]
async fn the_largest_value_passes_in_both_directions_under_the_longest_key() {
    let host = Host::start().await;
    let mut state = host.state().await;
    let key = "k".repeat(4096);
    state.set(set(&key, MAX_VALUE)).await.unwrap();
    let request = StateGetRequest { store: "default".into(), key, options: vec![] };
    let value = state.get(request).await.unwrap().into_inner().value.unwrap();
    assert_eq!(value.data.len(), MAX_VALUE);
    host.stop().await;
}

#[tokio::test]
async fn a_request_over_the_limit_says_which_limit() {
    let host = Host::start().await;
    let mut state = host.state().await;
    let error = from_status(&state.set(set("a", 5 << 20)).await.unwrap_err());
    assert_eq!(error.kind(), Kind::TooLarge, "{error}");
    assert_eq!(error.detail("limit"), Some("4194304"));
    // the connection goes on
    assert!(state.set(set("a", 1)).await.is_ok());
    host.stop().await;
}

#[tokio::test]
async fn an_answer_over_the_limit_says_so_instead_of_failing_at_the_client() {
    let max_message = ByteCount(64 << 10);
    let host = Host::with(Config { max_message, ..config() }, Grants::everything()).await;
    let mut state = host.state().await;
    state.set(set("a", 40 << 10)).await.unwrap();
    let keys = vec!["a".to_owned(); 2];
    let request = StateGetManyRequest { store: "default".into(), keys, options: vec![] };
    let error = from_status(&state.get_many(request).await.unwrap_err());
    assert_eq!(error.kind(), Kind::TooLarge, "{error}");
    assert!(error.message().ends_with("ask for less at a time"), "{error}");
    host.stop().await;
}
