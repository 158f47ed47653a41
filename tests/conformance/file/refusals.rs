//! What the trait's types cannot say: names that lead elsewhere, and other wrong input. Both doors
//! refuse it with one error.

use ottavo_core::{Error, Kind};
use ottavo_wire::from_status;
use ottavo_wire::v1::file_client::FileClient;
use ottavo_wire::v1::file_create_request::Step;
use ottavo_wire::v1::*;
use tonic::transport::Channel;

use crate::doors::{Doors, refusal, with_each_guest};
use crate::relay::Connection;
use crate::relay::encoding::Writer;

/// A call with input that no store sees.
enum Call {
    Stat { store: &'static str, name: String },
    Create { content_type: &'static str, etag: &'static str, metadata: (&'static str, String) },
    List { prefix: &'static str, limit: u32 },
}

/// Calls that are refused, each with the kind that the answer must have.
fn cases() -> Vec<(Call, Kind)> {
    let names = [
        "",
        "/",
        "/etc/passwd",
        "../x",
        "a/../../x",
        "a/..",
        "..",
        ".",
        "a//b",
        "a/",
        "a\0b",
        "a||b",
        "a\\..\\b",
    ];
    let long = ["x".repeat(256), ["a"; 65].join("/"), "x/".repeat(600), "x".repeat(65536)];
    let names = names.map(str::to_owned).into_iter().chain(long);
    let stat = |name| (Call::Stat { store: "memory", name }, Kind::InvalidArgument);
    let create = |content_type, etag, metadata: (_, &str), kind| {
        let metadata = (metadata.0, metadata.1.to_owned());
        (Call::Create { content_type, etag, metadata }, kind)
    };
    let invalid = Kind::InvalidArgument;
    names
        .map(stat)
        .chain([
            (Call::Stat { store: "nowhere", name: "a".to_owned() }, Kind::Denied),
            create("a\r\nb", "1", ("a", "1"), invalid),
            create("a/b", "0", ("a", "1"), invalid),
            create("a/b", "1", ("A", "1"), invalid),
            create("a/b", "1", ("a", "ä"), invalid),
            create("a/b", "1", ("a", &"x".repeat(2048)), Kind::TooLarge),
            (Call::List { prefix: "../", limit: 1 }, invalid),
            (Call::List { prefix: "/", limit: 1 }, invalid),
            (Call::List { prefix: "a||", limit: 1 }, invalid),
            (Call::List { prefix: "a", limit: 0 }, invalid),
            (Call::List { prefix: "a", limit: 1001 }, invalid),
        ])
        .collect()
}

/// What of an error both doors must agree on.
fn facts(error: &Error) -> (Kind, String, bool, Vec<(String, String)>) {
    // over gRPC a long message is cut
    let message = error.message().chars().take(200).collect();
    (error.kind(), message, error.retryable(), error.details().to_vec())
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_input_is_refused_alike_through_both_doors() {
    with_each_guest(async |Doors { channel, relay, guest }| {
        for (call, kind) in cases() {
            let function = through_guest(relay, &call).await;
            assert_eq!(function.kind(), kind, "{}: {function}", guest);
            // an app may reach every store, so that one that does not exist is not found
            if kind != Kind::Denied {
                let app = over_grpc(channel.clone(), &call).await;
                assert_eq!(facts(&function), facts(&app), "{}", guest);
            }
        }
    })
    .await;
}

async fn over_grpc(channel: Channel, call: &Call) -> Error {
    let mut client = FileClient::new(channel);
    let status = match call {
        Call::Stat { store, name } => {
            let request = FileStatRequest { store: (*store).to_owned(), name: name.clone() };
            client.stat(request).await.unwrap_err()
        }
        Call::Create { content_type, etag, metadata: (name, value) } => {
            let rule = state_precondition::Rule::Match((*etag).to_owned());
            let begin = FileBegin {
                store: "memory".to_owned(),
                name: "a".to_owned(),
                content_type: Some((*content_type).to_owned()),
                precondition: Some(StatePrecondition { rule: Some(rule) }),
                metadata: vec![Pair { name: (*name).to_owned(), value: value.clone() }],
            };
            let steps = vec![FileCreateRequest { step: Some(Step::Begin(begin)) }];
            client.create(futures_util::stream::iter(steps)).await.unwrap_err()
        }
        Call::List { prefix, limit } => {
            let (store, prefix) = ("memory".to_owned(), (*prefix).to_owned());
            let request = FileListRequest { store, prefix, cursor: None, limit: *limit };
            client.list(request).await.unwrap_err()
        }
    };
    from_status(&status)
}

async fn through_guest(relay: &Connection, call: &Call) -> Error {
    let mut sent = Writer::default();
    match call {
        Call::Stat { store, name } => {
            sent.string("file.stat").string(store).string(name);
        }
        Call::Create { content_type, etag, metadata: (name, value) } => {
            sent.string("file.write").string("memory").string("a").u8(1).string(content_type);
            sent.u8(2).string(etag).u32(1).string(name).string(value);
            // no chunks, and not finished
            sent.u32(0).u8(0);
        }
        Call::List { prefix, limit } => {
            sent.string("file.list").string("memory").string(prefix).u8(0).u32(*limit);
        }
    }
    refusal(relay, sent).await
}
