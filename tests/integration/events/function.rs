//! The program `events` in each language, and what it wrote down.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use ottavo_test_support::{TestHost, not_built, program};
use ottavo_wire::v1::pub_sub_client::PubSubClient;
use tokio::time::Instant;
use tonic::transport::Channel;

/// For anything that takes long only when it is broken.
const PATIENCE: Duration = Duration::from_secs(60);

/// The builds of the program; those whose compiler is not here are left out.
pub(super) fn languages() -> Vec<&'static str> {
    let all = ["events", "events-go", "events-go-tinygo", "events-assemblyscript"];
    all.into_iter().filter(|name| not_built(name).expect("programs").is_none()).collect()
}

/// Deploys a build of the program under its own name, with these tables in its manifest.
pub(super) async fn deploy(host: &TestHost, build: &str, tables: &str) {
    deploy_as(host, build, build, tables).await.unwrap();
}

/// The same under another name.
pub(super) async fn deploy_as(
    host: &TestHost,
    build: &str,
    name: &str,
    tables: &str,
) -> anyhow::Result<()> {
    let manifest = host.folder().join(format!("{name}.toml"));
    let text =
        format!("manifest = 1\nname = \"{name}\"\n{tables}\n[needs]\nstate = [\"default\"]\n");
    std::fs::write(&manifest, text)?;
    host.deploy_with(&program(build)?, &manifest).await
}

/// What the program wrote down of an event that it has received.
pub(super) async fn told(host: &TestHost, id: &str) -> BTreeMap<String, String> {
    received(host, id).await.expect("the event was received")
}

/// What the program wrote down of an event, if it has received it.
pub(super) async fn received(host: &TestHost, id: &str) -> Option<BTreeMap<String, String>> {
    let text = text(host, &format!("event/{id}")).await?;
    let pair = |line: &str| line.split_once('=').map(|(n, v)| (n.to_owned(), v.to_owned()));
    Some(text.lines().filter_map(pair).collect())
}

/// A counter of the program.
pub(super) async fn count(host: &TestHost, key: &str) -> u64 {
    text(host, key).await.map_or(0, |text| text.parse().expect("a counter"))
}

async fn text(host: &TestHost, key: &str) -> Option<String> {
    let value = host.value(key).await.expect("the store answers")?;
    Some(String::from_utf8(value.into()).expect("text"))
}

/// The keys of the default store that begin with `prefix`.
pub(super) async fn keys(host: &TestHost, prefix: &str) -> Vec<String> {
    let (status, out, err) = host.cli(&["state", "list", "default", prefix]).await.unwrap();
    assert!(status.success(), "{err}");
    out.lines().map(str::to_owned).collect()
}

/// Asks until it is so.
pub(super) async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so().await {
        assert!(Instant::now() < deadline, "{what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// A line of the metrics, without its value.
pub(super) fn deliveries(function: &str, trigger: &str, outcome: &str) -> String {
    format!(
        "ottavo_deliveries_total{{function=\"{function}\",trigger=\"{trigger}\",outcome=\"{outcome}\"}}"
    )
}

/// The value of a series; 0 when it is not there.
pub(super) async fn metric(host: &TestHost, series: &str) -> u64 {
    let answer = host.health("/metrics").await.unwrap();
    let line = answer.text().lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
    line.map_or(0, |value| value.trim().parse().expect("a whole number"))
}

/// A client of the pub/sub service of the gRPC door.
pub(super) async fn client(grpc: SocketAddr) -> anyhow::Result<PubSubClient<Channel>> {
    let endpoint = Channel::from_shared(format!("http://{grpc}"))?;
    Ok(PubSubClient::new(endpoint.connect().await?))
}

/// Publishes text to a topic of the store `events`, as an operator does; the event's id.
pub(super) async fn publish(host: &TestHost, topic: &str, text: &str) -> String {
    let (status, out, err) = host.cli(&["events", "publish", "events", topic, text]).await.unwrap();
    assert!(status.success(), "{err}");
    out.trim().to_owned()
}
