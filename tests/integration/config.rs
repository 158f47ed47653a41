//! Configuration over gRPC: operators edit files, subscribers hear of it, and a host that stops ends
//! their streams.

use std::fs;
use std::time::Duration;

use ottavo_core::Kind;
use ottavo_test_support::TestHost;
use ottavo_wire::from_status;
use ottavo_wire::v1::config_client::ConfigClient;
use ottavo_wire::v1::{
    ConfigItem, ConfigSaveRequest, ConfigScope, ConfigSubscribeRequest, ConfigUpdate,
};
use tonic::Streaming;
use tonic::transport::Channel;

/// The deadline of a call that subscribes.
const OPENS: Duration = Duration::from_secs(4);

const STORE: &str = "[config.default]\ndriver = \"local\"\n";

async fn client(host: &TestHost) -> ConfigClient<Channel> {
    let endpoint = format!("http://{}", host.grpc());
    ConfigClient::new(Channel::from_shared(endpoint).unwrap().connect().await.unwrap())
}

/// The updates of an app, and that there is nothing at first.
async fn subscribe(host: &TestHost, app_id: &str) -> Streaming<ConfigUpdate> {
    let scope = Some(ConfigScope { app_id: app_id.to_owned(), ..ConfigScope::default() });
    let request = ConfigSubscribeRequest { store: "default".to_owned(), scope, keys: vec![] };
    let mut request = tonic::Request::new(request);
    // for the stream to open; it goes on beyond that
    request.set_timeout(OPENS);
    let mut updates = client(host).await.subscribe(request).await.unwrap().into_inner();
    assert_eq!(next(&mut updates).await.unwrap(), ConfigUpdate::default());
    updates
}

async fn next(updates: &mut Streaming<ConfigUpdate>) -> ottavo_core::Result<ConfigUpdate> {
    let update = tokio::time::timeout(Duration::from_secs(30), updates.message()).await;
    let update = update.expect("in time").map_err(|status| from_status(&status))?;
    Ok(update.expect("not over"))
}

async fn save(host: &TestHost, app_id: &str, key: &str, value: &str) {
    let (key, value) = (key.to_owned(), value.to_owned());
    let item = ConfigItem { key, value, ..ConfigItem::default() };
    let (store, app_id) = ("default".to_owned(), app_id.to_owned());
    client(host).await.save(ConfigSaveRequest { store, app_id, items: vec![item] }).await.unwrap();
}

#[tokio::test]
async fn what_an_operator_writes_reaches_subscribers() {
    let host = TestHost::builder().config(STORE).start().await.unwrap();
    let mut updates = subscribe(&host, "shop").await;
    let opened = tokio::time::Instant::now();
    save(&host, "shop", "limit", "5").await;
    let told = next(&mut updates).await.unwrap();
    assert_eq!((told.items[0].key.as_str(), told.items[0].value.as_str()), ("limit", "5"));
    assert_eq!(
        (told.items[0].group.as_str(), told.items[0].label.as_str()),
        ("default", "default")
    );

    let file = host.data_dir().join("stores/config/default/shop/default/default.toml");
    let text = fs::read_to_string(&file).unwrap();
    // the stream has outlived the deadline of its call by then
    tokio::time::sleep_until(opened + OPENS).await;
    fs::write(&file, format!("{text}dark = {{ value = \"on\", tags = {{ team = \"web\" }} }}\n"))
        .unwrap();
    let told = next(&mut updates).await.unwrap();
    assert_eq!((told.items.len(), told.items[0].key.as_str()), (1, "dark"));
    assert_eq!(told.items[0].tags[0].name, "team");
    fs::remove_file(&file).unwrap();
    assert_eq!(next(&mut updates).await.unwrap().deleted, ["dark", "limit"]);
}

#[tokio::test]
async fn a_host_that_stops_ends_its_streams_and_does_not_wait_for_them() {
    let host = TestHost::builder().config(STORE).start().await.unwrap();
    let mut updates = subscribe(&host, "shop").await;
    host.signal("-TERM").await.unwrap();
    let error = next(&mut updates).await.expect_err("the end");
    assert_eq!((error.kind(), error.retryable()), (Kind::Unavailable, true), "{error}");
    let (status, _folder) = host.wait().await.unwrap();
    assert!(status.success(), "{status}");
}

#[tokio::test]
async fn subscribers_that_go_away_leave_nothing_behind() {
    let host = TestHost::builder().config(STORE).start().await.unwrap();
    let mut stays = subscribe(&host, "shop").await;
    for _ in 0..20 {
        drop(subscribe(&host, "shop").await);
    }
    save(&host, "shop", "limit", "5").await;
    assert_eq!(next(&mut stays).await.unwrap().items.len(), 1);
    drop(stays);
    // nothing keeps the host from stopping
    host.signal("-TERM").await.unwrap();
    let (status, _folder) = host.wait().await.unwrap();
    assert!(status.success(), "{status}");
}
