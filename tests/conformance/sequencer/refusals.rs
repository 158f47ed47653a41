//! What the trait's types cannot say: input that is wrong. Both doors refuse it with one error.

use ottavo_core::{Error, Kind};
use ottavo_wire::from_status;
use ottavo_wire::v1::sequencer_client::SequencerClient;
use ottavo_wire::v1::*;
use tonic::transport::Channel;

use crate::doors::{Doors, refusal, with_each_guest};
use crate::relay::Connection;
use crate::relay::encoding::Writer;

/// A range with input that no store sees: key and size.
fn cases() -> Vec<(String, u32)> {
    let mut cases: Vec<_> = ["", "a||b", "a\0b"].map(|key| (key.to_owned(), 1)).into();
    cases.push(("k".repeat(4097), 1));
    cases.extend([0, 1_000_001, u32::MAX].map(|size| ("a".to_owned(), size)));
    cases
}

async fn of_app(channel: Channel, key: &str, size: u32) -> Error {
    let (store, key) = ("memory".to_owned(), key.to_owned());
    let order = SequencerOrder::Strong.into();
    let request = SequencerNextRangeRequest { store, key, order, size };
    from_status(&SequencerClient::new(channel).next_range(request).await.unwrap_err())
}

async fn of_function(relay: &Connection, key: &str, size: u32) -> Error {
    let mut sent = Writer::default();
    sent.string("sequencer.next-range").string("memory").string(key).u8(1).u32(size);
    refusal(relay, sent).await
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_input_is_refused_alike_through_both_doors() {
    with_each_guest(async |Doors { channel, relay, guest }| {
        let unknown = SequencerNextRequest { store: "memory".into(), key: "a".into(), order: 7 };
        let status = SequencerClient::new(channel.clone()).next(unknown).await.unwrap_err();
        assert_eq!(from_status(&status).kind(), Kind::InvalidArgument);
        for (key, size) in cases() {
            let app = of_app(channel.clone(), &key, size).await;
            assert_eq!(app.kind(), Kind::InvalidArgument, "{app}");
            let function = of_function(relay, &key, size).await;
            assert_eq!(function.kind(), Kind::InvalidArgument, "{function}");
            // the largest size is not the same number in every language
            if size != u32::MAX {
                assert_eq!(function.message(), app.message(), "{}", guest);
            }
        }
    })
    .await;
}
