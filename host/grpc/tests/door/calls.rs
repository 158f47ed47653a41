//! Answers and errors of calls.

use ottavo_api::Grants;
use ottavo_core::Kind;
use ottavo_wire::from_status;
use ottavo_wire::v1::state_operation::Step;
use ottavo_wire::v1::*;
use tonic::Code;

use crate::host::{Host, config};
use crate::raw::Raw;

const GET: &str = "/ottavo.runtime.v1.State/Get";

fn get(store: &str, key: &str) -> StateGetRequest {
    StateGetRequest { store: store.into(), key: key.into(), options: vec![] }
}

fn set(key: &str, data: &'static [u8], rule: Option<state_precondition::Rule>) -> StateSetRequest {
    let entry = StateEntry {
        key: key.into(),
        data: data.into(),
        precondition: rule.map(|rule| StatePrecondition { rule: Some(rule) }),
        ..StateEntry::default()
    };
    StateSetRequest { store: "default".into(), entry: Some(entry) }
}

#[tokio::test]
async fn a_value_is_read_as_it_was_written() {
    let host = Host::start().await;
    let mut state = host.state().await;
    let missing = state.get(get("default", "a")).await.unwrap().into_inner();
    assert_eq!(missing.value, None);
    let etag = state.set(set("a", b"\0\xff", None)).await.unwrap().into_inner().etag;
    let value = state.get(get("default", "a")).await.unwrap().into_inner().value.unwrap();
    assert_eq!(value, StateValue { data: b"\0\xff"[..].into(), etag });
    host.stop().await;
}

#[tokio::test]
async fn an_error_has_a_code_and_says_its_kind() {
    let host = Host::start().await;
    let mut state = host.state().await;
    let missing = state.get(get("nowhere", "a")).await.unwrap_err();
    let rule = Some(state_precondition::Rule::Match("0".into()));
    let etag = state.set(set("a", b"", rule)).await.unwrap_err();
    let key = state.get(get("default", "a||b")).await.unwrap_err();
    state.set(set("a", b"", None)).await.unwrap();
    let rule = Some(state_precondition::Rule::Absent(true));
    let conflict = state.set(set("a", b"", rule)).await.unwrap_err();
    for (status, code, kind) in [
        (missing, Code::NotFound, Kind::NotFound),
        (etag, Code::InvalidArgument, Kind::InvalidArgument),
        (key, Code::InvalidArgument, Kind::InvalidArgument),
        (conflict, Code::Aborted, Kind::Conflict),
    ] {
        assert_eq!(status.code(), code, "{status:?}");
        assert!(!status.details().is_empty(), "{status:?}");
        assert_eq!(from_status(&status).kind(), kind);
    }
    host.stop().await;
}

#[tokio::test]
async fn a_fault_names_the_request_and_hides_its_cause() {
    let host = Host::start().await;
    let mut request = tonic::Request::new(StateGetManyRequest {
        store: "gated".into(),
        keys: vec!["a".into()],
        options: vec![],
    });
    request.metadata_mut().insert("x-request-id", "7f3a".parse().unwrap());
    let status = host.state().await.get_many(request).await.unwrap_err();
    assert_eq!(status.code(), Code::Internal);
    assert_eq!(from_status(&status).detail("request-id"), Some("7f3a"));
    let sent = [status.message().as_bytes(), status.details()].concat();
    assert!(!String::from_utf8_lossy(&sent).contains("secret"));
    host.stop().await;
}

#[tokio::test]
async fn an_item_that_cannot_be_decoded_is_answered_in_its_place() {
    let host = Host::start().await;
    let mut state = host.state().await;
    let keys = ["a", "", "a"].map(str::to_owned).to_vec();
    let request = StateGetManyRequest { store: "default".into(), keys, options: vec![] };
    let outcomes = state.get_many(request).await.unwrap().into_inner().outcomes;
    let kinds: Vec<_> = outcomes
        .into_iter()
        .map(|outcome| match outcome.outcome.unwrap() {
            state_get_outcome::Outcome::Ok(_) => None,
            state_get_outcome::Outcome::Error(error) => Some(error.kind()),
        })
        .collect();
    assert_eq!(kinds, [None, Some(ErrorKind::InvalidArgument), None]);
    host.stop().await;
}

#[tokio::test]
async fn a_transaction_names_the_operation_that_is_wrong() {
    let host = Host::start().await;
    let upsert = |key: &str| StateOperation {
        step: Some(Step::Upsert(StateEntry { key: key.into(), ..StateEntry::default() })),
    };
    let operations = vec![upsert("a"), upsert("")];
    let request = StateTransactRequest { store: "default".into(), operations };
    let mut state = host.state().await;
    let error = from_status(&state.transact(request).await.unwrap_err());
    assert_eq!((error.kind(), error.detail("index")), (Kind::InvalidArgument, Some("1")));
    let untouched = state.get(get("default", "a")).await.unwrap().into_inner();
    assert_eq!(untouched.value, None);
    host.stop().await;
}

#[tokio::test]
async fn what_is_not_granted_is_denied() {
    let mut grants = Grants::default();
    grants.allow("state", "default:open/*").unwrap();
    let host = Host::with(config(), grants).await;
    let mut state = host.state().await;
    assert!(state.get(get("default", "open/a")).await.is_ok());
    for (store, key) in [("default", "closed"), ("gated", "open/a"), ("nowhere", "open/a")] {
        let status = state.get(get(store, key)).await.unwrap_err();
        assert_eq!(status.code(), Code::PermissionDenied, "{store} {key}");
    }
    host.stop().await;
}

#[tokio::test]
async fn the_request_id_is_answered() {
    let host = Host::start().await;
    let mut raw = Raw::connect(&host).await;
    let given = raw.call(GET, &[("x-request-id", "7f3a")], b"").await;
    assert_eq!(given.headers["x-request-id"], "7f3a");
    let made = raw.call(GET, &[("x-request-id", "a b")], b"").await;
    assert_eq!(made.headers["x-request-id"].len(), 26);
    host.stop().await;
}

#[tokio::test]
async fn a_method_that_does_not_exist_is_unsupported() {
    let host = Host::start().await;
    let mut raw = Raw::connect(&host).await;
    for path in ["/ottavo.runtime.v1.State/Fetch", "/ottavo.runtime.v9.State/Get", "/", "/x"] {
        let answer = raw.call(path, &[], b"").await;
        let error = answer.error.unwrap();
        assert_eq!(error.kind(), Kind::Unsupported, "{path}");
        assert_eq!(error.message(), format!("this host has no gRPC method `{path}`"));
        assert!(answer.headers.contains_key("x-request-id"));
    }
    host.stop().await;
}

#[tokio::test]
async fn bytes_that_are_no_message_are_the_callers_fault() {
    let host = Host::start().await;
    let mut raw = Raw::connect(&host).await;
    // field 1 with a length beyond the end; then a store name that is not UTF-8
    for garbage in [&b"\x0a\xff\x01"[..], b"\x0a\x01\xff"] {
        let error = raw.call(GET, &[], garbage).await.error.unwrap();
        assert_eq!(error.kind(), Kind::InvalidArgument);
        assert!(error.message().starts_with("the message cannot be read: "), "{error}");
    }
    host.stop().await;
}
