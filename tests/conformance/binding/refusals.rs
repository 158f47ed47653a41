//! What the trait's types cannot say: input that is wrong, and operations that a driver does not know.
//! Both doors refuse it with one error.

use ottavo_core::{Error, Kind};
use ottavo_wire::from_status;
use ottavo_wire::v1::binding_client::BindingClient;
use ottavo_wire::v1::{BindingInvokeRequest, Pair};
use tonic::transport::Channel;

use crate::doors::{Doors, refusal, with_each_guest};
use crate::relay::Connection;
use crate::relay::encoding::Writer;

/// An operation and the name of what is said with it.
struct Call(String, Option<&'static str>);

fn cases() -> Vec<(Call, Kind)> {
    let operation = |text: &str| Call(text.to_owned(), None);
    let with = |name| Call("create".to_owned(), Some(name));
    vec![
        (operation(""), Kind::InvalidArgument),
        (operation("a\0b"), Kind::InvalidArgument),
        (operation(&"o".repeat(64 << 10)), Kind::InvalidArgument),
        (with(""), Kind::InvalidArgument),
        (with("a\0b"), Kind::InvalidArgument),
        (operation("format-disk"), Kind::Unsupported),
    ]
}

async fn of_app(channel: Channel, Call(operation, name): &Call) -> Error {
    let pair = |name: &str| Pair { name: name.to_owned(), value: "a".into() };
    let request = BindingInvokeRequest {
        binding: "memory".into(),
        operation: operation.clone(),
        data: "a".into(),
        metadata: name.map(pair).into_iter().collect(),
    };
    from_status(&BindingClient::new(channel).invoke(request).await.unwrap_err())
}

async fn of_function(relay: &Connection, Call(operation, name): &Call) -> Error {
    let mut sent = Writer::default();
    sent.string("binding.invoke").string("memory").string(operation).bytes(b"a");
    sent.list(name.as_slice(), |sent, name| {
        sent.string(name).string("a");
    });
    refusal(relay, sent).await
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_input_is_refused_alike_through_both_doors() {
    with_each_guest(async |Doors { channel, relay, guest }| {
        for (call, kind) in cases() {
            let app = of_app(channel.clone(), &call).await;
            assert_eq!(app.kind(), kind, "{app}");
            let function = of_function(relay, &call).await;
            assert_eq!((function.kind(), function.message()), (kind, app.message()), "{}", guest);
        }
    })
    .await;
}
