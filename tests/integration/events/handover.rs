//! Events while functions and hosts come and go.

use std::time::Duration;

use ottavo_test_support::TestHost;
use ottavo_wire::v1::{PubSubMessage, PubSubPublishManyRequest, pub_sub_publish_outcome};

use super::function::{client, count, deliveries, deploy_as, metric, publish, told, until};

const LOCAL: &str = "[pubsub.events]\ndriver = \"local\"\n";

/// For one call.
const LIMITS: &str = "[limits]\ntimeout = \"30s\"\ncpu = \"10s\"\n";

fn table(rest: &str) -> String {
    format!("[[subscribe]]\npubsub = \"events\"\ntopic = \"t\"\n{rest}\n{LIMITS}")
}

async fn host(config: &str) -> TestHost {
    TestHost::builder().config(format!("{LOCAL}{config}")).start().await.unwrap()
}

async fn is_done(host: &TestHost, id: &str) -> bool {
    count(host, &format!("done/{id}")).await >= 1
}

#[tokio::test]
async fn no_more_are_handled_at_a_time_than_the_manifest_says() {
    let host = host("").await;
    deploy_as(&host, "events", "f", &table("concurrency = 3")).await.unwrap();
    let mut ids = Vec::new();
    for _ in 0..12 {
        ids.push(publish(&host, "t", "hold 200").await);
    }
    for id in &ids {
        until(id, async || is_done(&host, id).await).await;
    }
    let at_a_time = async |n: u32| count(&host, &format!("held/{n}")).await;
    assert!(at_a_time(1).await > 0);
    assert_eq!((at_a_time(4).await, at_a_time(5).await), (0, 0));
}

#[tokio::test]
async fn a_handler_that_outlives_its_lease_keeps_it() {
    let host = host("").await;
    deploy_as(&host, "events", "f", &table("lease = \"1s\"")).await.unwrap();
    let id = publish(&host, "t", "hold 3500").await;
    until("the long one", async || is_done(&host, &id).await).await;
    assert_eq!(count(&host, &format!("tries/{id}")).await, 1);
}

/// Publishes these numbers as events that are counted.
async fn publish_all(host: &TestHost, numbers: std::ops::Range<usize>) {
    let mut client = client(host.grpc()).await.unwrap();
    let message = |number| PubSubMessage {
        data: "count".into(),
        content_type: "text/plain".into(),
        id: Some(format!("n{number}")),
        ..PubSubMessage::default()
    };
    let request = PubSubPublishManyRequest {
        store: "events".into(),
        topic: "t".into(),
        messages: numbers.map(message).collect(),
    };
    for outcome in client.publish_many(request).await.unwrap().into_inner().outcomes {
        let id = matches!(outcome.outcome, Some(pub_sub_publish_outcome::Outcome::Id(_)));
        assert!(id, "{outcome:?}");
    }
}

#[tokio::test]
async fn new_versions_take_over_and_no_event_is_lost_or_handled_twice() {
    let host = host("").await;
    deploy_as(&host, "events", "f", &table("concurrency = 4")).await.unwrap();
    let (parts, each) = (6, 100);
    for part in 0..parts {
        publish_all(&host, part * each..(part + 1) * each).await;
        // the same subscription in one new version, and another one in the next
        let concurrency = 4 + part / 2;
        let text =
            format!("description = \"{part}\"\n{}", table(&format!("concurrency = {concurrency}")));
        deploy_as(&host, "events", "f", &text).await.unwrap();
    }
    let success = deliveries("f", "subscribe", "success");
    let all = (parts * each) as u64;
    until("all events", async || metric(&host, &success).await >= all).await;
    for number in 0..parts * each {
        assert_eq!(count(&host, &format!("done/n{number}")).await, 1, "event {number}");
    }
    assert_eq!(metric(&host, &success).await, all);
}

#[tokio::test]
async fn a_host_that_stops_waits_for_handlers_and_gives_back_what_is_not_done() {
    let config = "[shutdown]\ngrace = \"3s\"\n";
    let host = host(config).await;
    // a lease that does not end in this test: what comes again was given back
    deploy_as(&host, "events", "f", &table("lease = \"1h\"")).await.unwrap();
    let short = publish(&host, "t", "hold 1000").await;
    let long = publish(&host, "t", "linger 20000").await;
    until("both run", async || count(&host, "held/2").await == 1).await;
    host.signal("-TERM").await.unwrap();
    let (status, folder) = host.wait().await.unwrap();
    assert!(status.success());
    let host = TestHost::builder()
        .folder(folder)
        .config(format!("{LOCAL}{config}"))
        .start()
        .await
        .unwrap();
    assert_eq!(count(&host, &format!("done/{short}")).await, 1);
    until("the long one again", async || is_done(&host, &long).await).await;
    assert_eq!(told(&host, &long).await["attempt"], "2");
    assert_eq!(count(&host, &format!("tries/{short}")).await, 1);
}

#[tokio::test]
async fn what_a_killed_host_was_at_comes_again_when_its_lease_ends() {
    let host = host("").await;
    deploy_as(&host, "events", "f", &table("lease = \"1s\"")).await.unwrap();
    let id = publish(&host, "t", "linger 20000").await;
    until("it runs", async || count(&host, &format!("tries/{id}")).await == 1).await;
    let folder = host.kill().await.unwrap();
    let host = TestHost::builder().folder(folder).config(LOCAL).start().await.unwrap();
    until("it comes again", async || is_done(&host, &id).await).await;
    assert_eq!(told(&host, &id).await["attempt"], "2");
}

#[tokio::test]
async fn a_subscription_is_a_grant_and_its_store_must_be_there() {
    let host = host("").await;
    let nowhere = table("").replace("\"events\"", "\"nowhere\"");
    let error = deploy_as(&host, "events", "f", &nowhere).await.unwrap_err().to_string();
    assert!(error.contains("no pubsub store `nowhere`: configured are events"), "{error}");
    deploy_as(&host, "events", "f", &table("")).await.unwrap();
    let wider = format!("{}\n{}", table("dead_letter = \"dead\""), "");
    let error = deploy_as(&host, "events", "f", &wider).await.unwrap_err().to_string();
    assert!(error.contains("dead-letter events:dead"), "{error}");
    let manifest = host.folder().join("f.toml");
    let wasm = ottavo_test_support::program("events").unwrap();
    let (wasm, manifest) = (wasm.to_str().unwrap(), manifest.to_str().unwrap());
    let (status, out, err) =
        host.cli(&["deploy", wasm, "--manifest", manifest, "--accept"]).await.unwrap();
    assert!(status.success(), "{err}");
    for line in ["subscribe  events:t", "new        dead-letter events:dead"] {
        assert!(out.contains(line), "{out}");
    }
    let (_, out, _) = host.cli(&["describe", "f"]).await.unwrap();
    assert!(out.contains("events:t  (given up after 10 to dead)"), "{out}");
    // a group that is gone with its function leaves nobody waiting
    host.cli(&["delete", "f"]).await.unwrap();
    publish(&host, "t", "ok").await;
    tokio::time::timeout(Duration::from_secs(60), host.cli(&["list"])).await.unwrap().unwrap();
}
