//! What the trait's types cannot say: input that is wrong. Both doors refuse it with one error.

use ottavo_core::{Error, Kind};
use ottavo_wire::from_status;
use ottavo_wire::v1::config_client::ConfigClient;
use ottavo_wire::v1::*;
use tonic::transport::Channel;

use crate::doors::{Doors, refusal, with_each_guest};
use crate::relay::Connection;
use crate::relay::encoding::Writer;

/// A call with input that no store sees.
enum Call {
    Get {
        group: String,
        keys: Vec<String>,
    },
    /// Several items with one tag each, whose names are these.
    Save {
        items: usize,
        key: &'static str,
        tags: &'static [&'static str],
    },
    Delete {
        keys: Vec<String>,
    },
}

fn cases() -> Vec<(Call, Kind)> {
    let get = |group: &str, keys: Vec<&str>| Call::Get {
        group: group.to_owned(),
        keys: keys.into_iter().map(str::to_owned).collect(),
    };
    let save = |items, key, tags| Call::Save { items, key, tags };
    vec![
        (get("a||b", vec![]), Kind::InvalidArgument),
        (get("a\0", vec![]), Kind::InvalidArgument),
        (get("|a", vec![]), Kind::InvalidArgument),
        (get(&"g".repeat(81), vec![]), Kind::InvalidArgument),
        (get("", vec![""]), Kind::InvalidArgument),
        (get("", vec!["a", "b||c"]), Kind::InvalidArgument),
        (get("", vec!["a"; 1001]), Kind::TooLarge),
        (save(1, "", &[]), Kind::InvalidArgument),
        (save(1, "a", &["x", "y", "x"]), Kind::InvalidArgument),
        (save(1001, "a", &[]), Kind::TooLarge),
        (Call::Delete { keys: vec![] }, Kind::InvalidArgument),
        (Call::Delete { keys: vec!["a\0".to_owned()] }, Kind::InvalidArgument),
    ]
}

async fn over_grpc(channel: Channel, call: &Call) -> Error {
    let (mut client, store) = (ConfigClient::new(channel), "memory".to_owned());
    let status = match call {
        Call::Get { group, keys } => {
            let scope = Some(ConfigScope { group: group.clone(), ..ConfigScope::default() });
            client.get(ConfigGetRequest { store, scope, keys: keys.clone() }).await.map(drop)
        }
        Call::Save { items, key, tags } => {
            let tag = |name: &&str| Pair { name: (*name).to_owned(), value: String::new() };
            let item = ConfigItem {
                key: (*key).to_owned(),
                tags: tags.iter().map(tag).collect(),
                ..ConfigItem::default()
            };
            let (app_id, items) = (String::new(), vec![item; *items]);
            client.save(ConfigSaveRequest { store, app_id, items }).await.map(drop)
        }
        Call::Delete { keys } => {
            let keys = keys.clone();
            client.delete(ConfigDeleteRequest { store, scope: None, keys }).await.map(drop)
        }
    };
    from_status(&status.unwrap_err())
}

async fn through(relay: &Connection, call: &Call) -> Error {
    let mut sent = Writer::default();
    let strings = |sent: &mut Writer, texts: &[String]| {
        sent.list(texts, |sent, text| {
            sent.string(text);
        });
    };
    match call {
        Call::Get { group, keys } => {
            sent.string("config.get").string("memory").string("").string(group).string("");
            strings(&mut sent, keys);
        }
        Call::Save { items, key, tags } => {
            sent.string("config.save").string("memory").string("");
            sent.list(&vec![(key, tags); *items], |sent, (key, tags)| {
                // value, version, group and label, then tags and no metadata
                sent.string(key).string("").string("").string("").string("");
                sent.list(tags, |sent, name| {
                    sent.string(name).string("");
                });
                sent.u32(0);
            });
        }
        Call::Delete { keys } => {
            sent.string("config.delete").string("memory").string("").string("").string("");
            strings(&mut sent, keys);
        }
    }
    refusal(relay, sent).await
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_configuration_is_refused_alike_through_both_doors() {
    with_each_guest(async |Doors { channel, relay, guest }| {
        for (call, kind) in cases() {
            let app = over_grpc(channel.clone(), &call).await;
            assert_eq!(app.kind(), kind, "{app}");
            let function = through(relay, &call).await;
            let facts = |error: &Error| (error.kind(), error.message().to_owned());
            assert_eq!(facts(&function), facts(&app), "{}", guest);
        }
    })
    .await;
}
