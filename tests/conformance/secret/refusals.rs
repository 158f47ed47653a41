//! What the trait's types cannot say: names that are wrong. Both doors refuse them with one error.

use ottavo_core::{Error, Kind};
use ottavo_wire::from_status;
use ottavo_wire::v1::SecretGetRequest;
use ottavo_wire::v1::secret_client::SecretClient;
use tonic::transport::Channel;

use crate::doors::{Doors, refusal, with_each_guest};
use crate::relay::Connection;
use crate::relay::encoding::Writer;

fn names() -> [String; 4] {
    ["", "a||b", "a\0b", &"s".repeat(64 << 10)].map(str::to_owned)
}

async fn of_app(channel: Channel, name: &str) -> Error {
    let request = SecretGetRequest { store: "memory".into(), name: name.to_owned(), version: None };
    from_status(&SecretClient::new(channel).get(request).await.unwrap_err())
}

async fn of_function(relay: &Connection, name: &str) -> Error {
    let mut sent = Writer::default();
    sent.string("secret.get").string("memory").string(name).u8(0);
    refusal(relay, sent).await
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_names_are_refused_alike_through_both_doors() {
    with_each_guest(async |Doors { channel, relay, guest }| {
        for name in names() {
            let app = of_app(channel.clone(), &name).await;
            assert_eq!(app.kind(), Kind::InvalidArgument, "{app}");
            let function = of_function(relay, &name).await;
            assert_eq!(function.kind(), Kind::InvalidArgument, "{function}");
            assert_eq!(function.message(), app.message(), "{}", guest);
        }
    })
    .await;
}
