//! What the trait's types cannot say: input that is wrong. Both doors refuse it with one error.

mod grpc;
mod relay;

use ottavo_core::{Error, Kind};

use crate::doors::{Doors, with_each_guest};

/// A call with input that no store sees.
pub(crate) enum Call {
    Get { key: String, option: Option<(&'static str, &'static str)> },
    GetMany { keys: Vec<String> },
    SetIf { etag: &'static str },
    Transact { keys: Vec<String> },
    ListKeys { prefix: &'static str, limit: u32 },
}

/// Calls that are refused, each with the kind and the index that the answer must name.
fn cases() -> Vec<(Call, Kind, Option<&'static str>)> {
    let get = |key: &str| Call::Get { key: key.to_owned(), option: None };
    let with = |name, value| Call::Get { key: "a".to_owned(), option: Some((name, value)) };
    let keys = |keys: [&str; 3]| keys.map(str::to_owned).to_vec();
    let invalid = |call| (call, Kind::InvalidArgument, None);
    vec![
        invalid(get("")),
        invalid(get("a||b")),
        invalid(get("a\0b")),
        invalid(get(&"k".repeat(4097))),
        invalid(with("consistency", "weak")),
        invalid(with("consistent", "strong")),
        invalid(Call::GetMany { keys: keys(["a", "", "b"]) }),
        invalid(Call::SetIf { etag: "" }),
        invalid(Call::SetIf { etag: "0" }),
        (Call::Transact { keys: keys(["a", "b", ""]) }, Kind::InvalidArgument, Some("2")),
        (Call::Transact { keys: vec!["a".to_owned(); 1001] }, Kind::TooLarge, None),
        invalid(Call::ListKeys { prefix: "a||", limit: 1 }),
        invalid(Call::ListKeys { prefix: "a", limit: 0 }),
        invalid(Call::ListKeys { prefix: "a", limit: 1001 }),
    ]
}

/// What of an error both doors must agree on.
fn facts(error: &Error) -> (Kind, String, bool, Vec<(String, String)>) {
    (error.kind(), error.message().to_owned(), error.retryable(), error.details().to_vec())
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_input_is_refused_alike_through_both_doors() {
    with_each_guest(async |Doors { channel, relay, guest }| {
        for (call, kind, index) in cases() {
            let app = grpc::refusal(channel.clone(), "memory", &call).await;
            assert_eq!((app.kind(), app.detail("index")), (kind, index), "{app}");
            let function = relay::refusal(relay, "memory", &call).await;
            assert_eq!(facts(&function), facts(&app), "{}", guest);
        }
    })
    .await;
}
