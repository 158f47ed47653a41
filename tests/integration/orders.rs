//! The order workflow of `examples/`: three languages, on memory, on embedded storage and on redis. The
//! configuration file alone says which.

mod shop;
mod webhook;

use std::collections::BTreeSet;

use futures_util::future::join_all;
use ottavo_test_support::{TestRedis, root};
use ottavo_wire::v1::config_client::ConfigClient;
use ottavo_wire::v1::pub_sub_client::PubSubClient;
use ottavo_wire::v1::{
    ConfigDeleteRequest, ConfigItem, ConfigSaveRequest, ConfigScope, PubSubMessage,
    PubSubPublishManyRequest,
};
use serde_json::json;
use tonic::transport::Channel;

use self::shop::{CONFIGURATIONS, Shop, TOKEN, until};
use self::webhook::Webhook;

#[tokio::test]
async fn what_is_deployed_once_runs_on_whatever_the_configuration_file_names() {
    let (webhook, redis) = (Webhook::start().unwrap(), TestRedis::start().await.unwrap());
    let mut folder = None;
    for configuration in CONFIGURATIONS {
        let shop = match folder.take() {
            None => Shop::open(configuration, &webhook, &redis).await,
            Some(folder) => Shop::reopen(folder, configuration, &webhook, &redis).await,
        };
        let listed = shop.cli(&["list", "--output", "json"]).await;
        let listed: serde_json::Value = serde_json::from_str(&listed).unwrap();
        let functions = listed["functions"].as_array().unwrap().iter();
        let versions: Vec<_> = functions.map(|function| &function["version"]).collect();
        assert_eq!(versions, [1, 1, 1], "{listed}");

        orders_are_taken_once_and_receipts_told(&shop, &webhook, configuration).await;
        what_cannot_be_had_is_refused(&shop, configuration).await;
        a_limit_of_the_configuration_counts_at_once(&shop, configuration).await;
        an_event_that_comes_twice_is_one_receipt(&shop, &webhook, configuration).await;

        let mut shown = shop.host.log();
        for function in ["orders", "receipts", "notices"] {
            shown += &shop.cli(&["logs", function]).await;
        }
        assert!(shown.contains("receipt written") && shown.contains("webhook told"));
        assert!(!shown.contains("hunter2"), "{configuration}: the token is in a log");
        folder = Some(shop.close().await);
    }
    // and that was not the same store under three names
    assert_eq!(redis.cli(&["hget", "stock/tea", "data"]).await.unwrap(), "5");
}

async fn orders_are_taken_once_and_receipts_told(shop: &Shop, webhook: &Webhook, run: &str) {
    shop.put_stock("tea", 10).await;
    let id = format!("{run}-1");
    for time in 1..=2 {
        let answer = shop.order(&id, "tea", 2).await;
        assert_eq!(answer.status, 202, "{}", answer.text());
        assert_eq!(shop.stock("tea").await, "8");
        until("the webhook", async || webhook.told_of(&id).len() == time).await;
    }
    let another = shop.order(&id, "tea", 3).await;
    assert_eq!(another.status, 409);
    assert_eq!(another.json()["error"]["kind"], "already-exists");

    let receipt = shop.receipt(&id).await;
    let order = json!({ "id": id, "item": "tea", "quantity": 2 });
    assert_eq!(receipt, json!({ "invoice": 1, "order": order }));
    for told in webhook.told_of(&id) {
        assert_eq!(told.authorization, TOKEN);
        assert_eq!(serde_json::from_slice::<serde_json::Value>(&told.body).unwrap(), receipt);
    }
}

async fn what_cannot_be_had_is_refused(shop: &Shop, run: &str) {
    for (id, item, quantity, status, said) in [
        ("2", "tea", 9, 409, "out of stock: 9 of `tea` ordered, 8 there"),
        ("2", "cake", 1, 404, "no item `cake`"),
        ("2", "tea", 0, 400, "`quantity` is `0`: order 1 to 100 at once"),
        ("2", "tea", 101, 400, "`quantity` is `101`: order 1 to 100 at once"),
        ("../2", "tea", 1, 400, "use 1 to 40 letters, digits and `-`"),
    ] {
        let answer = shop.order(&format!("{run}-{id}"), item, quantity).await;
        assert_eq!(answer.status, status, "{said}");
        assert!(answer.text().contains(said), "{}", answer.text());
    }
    for body in ["", "tea", "{}", "{\"id\":\"a\",\"item\":\"tea\",\"quantity\":-1}"] {
        assert_eq!(shop.host.send("POST", "/orders", body).await.unwrap().status, 400, "{body}");
    }
    assert_eq!(shop.stock("tea").await, "8");
    assert_eq!(shop.host.get(&format!("/receipts/{run}-2")).await.unwrap().status, 404);
}

async fn a_limit_of_the_configuration_counts_at_once(shop: &Shop, run: &str) {
    let endpoint = Channel::from_shared(format!("http://{}", shop.host.grpc())).unwrap();
    let mut client = ConfigClient::new(endpoint.connect().await.unwrap());
    let (key, value) = ("max-quantity".to_owned(), "3".to_owned());
    let item = ConfigItem { key: key.clone(), value, ..ConfigItem::default() };
    let (store, app_id) = ("default".to_owned(), "shop".to_owned());
    let save =
        ConfigSaveRequest { store: store.clone(), app_id: app_id.clone(), items: vec![item] };
    client.save(save).await.unwrap();
    let answer = shop.order(&format!("{run}-3"), "tea", 4).await;
    assert_eq!(answer.status, 400);
    assert!(answer.text().contains("order 1 to 3 at once"), "{}", answer.text());
    let scope = Some(ConfigScope { app_id, ..ConfigScope::default() });
    client.delete(ConfigDeleteRequest { store, scope, keys: vec![key] }).await.unwrap();
}

async fn an_event_that_comes_twice_is_one_receipt(shop: &Shop, webhook: &Webhook, run: &str) {
    let (twice, next) = (format!("{run}-4"), format!("{run}-5"));
    let event = PubSubMessage {
        data: json!({ "id": twice, "item": "tea", "quantity": 1 }).to_string().into(),
        content_type: "application/json".to_owned(),
        id: Some(twice.clone()),
        ..PubSubMessage::default()
    };
    let endpoint = Channel::from_shared(format!("http://{}", shop.host.grpc())).unwrap();
    let mut client = PubSubClient::new(endpoint.connect().await.unwrap());
    let (store, topic) = ("default".to_owned(), "orders".to_owned());
    let both = PubSubPublishManyRequest { store, topic, messages: vec![event.clone(), event] };
    client.publish_many(both).await.unwrap();
    until("both", async || webhook.told_of(&twice).len() == 2).await;
    let told = webhook.told_of(&twice);
    assert_eq!(told[0], told[1]);
    assert_eq!(shop.receipt(&twice).await["invoice"], 2);

    // the second one took no number
    assert_eq!(shop.order(&next, "tea", 3).await.status, 202);
    assert_eq!(shop.receipt(&next).await["invoice"], 3);
}

#[tokio::test]
async fn orders_at_the_same_time_share_the_stock_and_have_a_number_each() {
    let (webhook, redis) = (Webhook::start().unwrap(), TestRedis::start().await.unwrap());
    for configuration in CONFIGURATIONS {
        let shop = Shop::open(configuration, &webhook, &redis).await;
        shop.put_stock("tea", 100).await;
        let ids: Vec<_> = (1..=60).map(|number| format!("{configuration}-{number}")).collect();
        let answers = join_all(ids.iter().map(|id| shop.order(id, "tea", 2))).await;
        let accepted: Vec<_> =
            ids.iter().zip(&answers).filter(|(_, answer)| answer.status == 202).collect();
        let refused = answers.iter().filter(|answer| answer.status == 409).count();
        assert_eq!((accepted.len(), refused), (50, 10), "{configuration}");
        assert_eq!(shop.stock("tea").await, "0");

        let mut invoices = BTreeSet::new();
        for (id, _) in accepted {
            invoices.insert(shop.receipt(id).await["invoice"].as_u64().unwrap());
            until(id, async || webhook.told_of(id).len() == 1).await;
        }
        assert_eq!(invoices, (1..=50).collect(), "{configuration}");
        assert_eq!(shop.cli(&["state", "list", "default", "order/"]).await.lines().count(), 50);
        shop.close().await;
    }
}

#[tokio::test]
async fn a_webhook_that_is_away_or_refuses_is_told_later() {
    let (mut webhook, redis) = (Webhook::away().unwrap(), TestRedis::start().await.unwrap());
    let shop = Shop::open("orders", &webhook, &redis).await;
    shop.put_stock("tea", 10).await;
    assert_eq!(shop.order("A-1", "tea", 1).await.status, 202);
    assert_eq!(shop.receipt("A-1").await["invoice"], 1);
    until("nobody listens", async || shop.deliveries("notices", "retry").await >= 1).await;
    webhook.open(&[503]).unwrap();
    until("told", async || webhook.told_of("A-1").len() == 1).await;
    assert!(shop.deliveries("notices", "retry").await >= 2);

    webhook.answer_next(&[401]);
    assert_eq!(shop.order("A-2", "tea", 1).await.status, 202);
    until("refused", async || shop.deliveries("notices", "dead-lettered").await == 1).await;
    let logs = shop.cli(&["logs", "notices"]).await;
    assert!(logs.contains("401") && !logs.contains("hunter2"), "{logs}");
    assert_eq!(webhook.told_of("A-2"), []);
    let sent = shop.cli(&["events", "redrive", "default", "receipts.dead"]).await;
    assert_eq!(sent, "sent 1 event back\n");
    until("told", async || webhook.told_of("A-2").len() == 1).await;
}

#[tokio::test]
async fn a_host_that_is_killed_has_written_every_receipt_after_all() {
    let (webhook, redis) = (Webhook::start().unwrap(), TestRedis::start().await.unwrap());
    let shop = Shop::open("orders", &webhook, &redis).await;
    shop.put_stock("tea", 100).await;
    let ids: Vec<_> = (1..=20).map(|number| format!("A-{number}")).collect();
    for answer in join_all(ids.iter().map(|id| shop.order(id, "tea", 1))).await {
        assert_eq!(answer.status, 202, "{}", answer.text());
    }
    let folder = shop.host.kill().await.unwrap();
    let shop = Shop::reopen(folder, "orders", &webhook, &redis).await;
    let mut invoices = BTreeSet::new();
    for id in &ids {
        invoices.insert(shop.receipt(id).await["invoice"].as_u64().unwrap());
        until(id, async || !webhook.told_of(id).is_empty()).await;
        let told: BTreeSet<_> = webhook.told_of(id).into_iter().map(|told| told.body).collect();
        assert_eq!(told.len(), 1, "one receipt, however often it was told of");
    }
    assert_eq!(invoices.len(), ids.len());
    assert_eq!(shop.stock("tea").await, "80");
}

#[test]
fn the_configurations_differ_in_the_drivers_of_stores_alone() {
    let read = |name: &str| {
        let file = root().join("configs").join(name).with_extension("toml");
        let mut config: toml::Table = std::fs::read_to_string(file).unwrap().parse().unwrap();
        for block in ["state", "config", "pubsub", "lock", "sequencer", "file"] {
            let store = config[block]["default"].as_table_mut().unwrap();
            assert!(store.remove("driver").is_some(), "{name}: {block}");
            store.remove("url");
        }
        config
    };
    let [local, memory, redis] = CONFIGURATIONS.map(read);
    assert_eq!(local, memory);
    assert_eq!(local, redis);
}
