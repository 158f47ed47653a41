//! What the trait's types cannot say: input that is wrong. Both doors refuse it with one error.

use ottavo_core::{Error, Kind};
use ottavo_wire::from_status;
use ottavo_wire::v1::lock_client::LockClient;
use ottavo_wire::v1::*;
use tonic::transport::Channel;

use crate::doors::{Doors, refusal, with_each_guest};
use crate::relay::Connection;
use crate::relay::encoding::Writer;

/// A try-lock with input that no store sees: store, resource, owner, ttl.
struct Call(&'static str, String, Option<&'static str>, u64);

fn cases() -> Vec<(Call, Kind)> {
    let resource = |text: &str| Call("memory", text.to_owned(), None, 1000);
    let by = |owner| Call("memory", "a".to_owned(), Some(owner), 1000);
    let span = |ttl| Call("memory", "a".to_owned(), None, ttl);
    vec![
        (resource(""), Kind::InvalidArgument),
        (resource("a||b"), Kind::InvalidArgument),
        (resource("a\0b"), Kind::InvalidArgument),
        (resource(&"r".repeat(4097)), Kind::InvalidArgument),
        (by(""), Kind::InvalidArgument),
        (by("a\0b"), Kind::InvalidArgument),
        (span(0), Kind::InvalidArgument),
        (span(u64::MAX), Kind::InvalidArgument),
    ]
}

async fn of_app(channel: Channel, Call(store, resource, owner, ttl_millis): &Call) -> Error {
    let request = LockTryLockRequest {
        store: (*store).to_owned(),
        resource: resource.clone(),
        owner: owner.map(str::to_owned),
        ttl_millis: *ttl_millis,
        wait_millis: 0,
    };
    from_status(&LockClient::new(channel).try_lock(request).await.unwrap_err())
}

async fn of_function(relay: &Connection, Call(store, resource, owner, ttl): &Call) -> Error {
    let mut sent = Writer::default();
    sent.string("lock.try-lock").string(store).string(resource).option(*owner);
    // what no SDK can express in a span of time of its language is as large as it can be there
    sent.u64(*ttl).u64(0);
    refusal(relay, sent).await
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_input_is_refused_alike_through_both_doors() {
    with_each_guest(async |Doors { channel, relay, guest }| {
        for (call, kind) in cases() {
            let app = of_app(channel.clone(), &call).await;
            assert_eq!(app.kind(), kind, "{app}");
            let function = of_function(relay, &call).await;
            assert_eq!((function.kind(), function.retryable()), (kind, false), "{}", guest);
            if call.3 != u64::MAX {
                assert_eq!(function.message(), app.message(), "{}", guest);
            }
        }
    })
    .await;
}
