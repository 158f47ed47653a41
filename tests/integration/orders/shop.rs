//! A host with the three functions of the order workflow, on one of `configs/orders*.toml`.

use std::fs;
use std::time::Duration;

use ottavo_test_support::{Answer, TestHost, TestRedis, root};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::time::Instant;

use super::webhook::Webhook;

/// For anything that takes long only when it is broken.
const PATIENCE: Duration = Duration::from_secs(60);

/// The configurations, which differ in the drivers of their stores.
pub(super) const CONFIGURATIONS: [&str; 3] = ["orders", "orders-memory", "orders-redis"];

/// What the webhook wants to see.
pub(super) const TOKEN: &str = "Bearer hunter2";

/// The shop.
pub(super) struct Shop {
    pub(super) host: TestHost,
}

impl Shop {
    /// A new one, with its functions deployed.
    pub(super) async fn open(configuration: &str, webhook: &Webhook, redis: &TestRedis) -> Shop {
        let folder = tempfile::tempdir().unwrap();
        let shop = Shop::reopen(folder, configuration, webhook, redis).await;
        for function in ["orders-rust", "receipts-go", "notices-assemblyscript"] {
            shop.host.deploy(root().join("examples").join(function)).await.unwrap();
        }
        shop
    }

    /// On the folder of an earlier one, where the functions are still deployed.
    pub(super) async fn reopen(
        folder: TempDir,
        configuration: &str,
        webhook: &Webhook,
        redis: &TestRedis,
    ) -> Shop {
        let file = root().join("configs").join(configuration).with_extension("toml");
        let config = fs::read_to_string(file).unwrap() + "\n[log]\nfilter = \"trace\"\n";
        let host = TestHost::builder().folder(folder).config(config);
        let host = host.env("SHOP_WEBHOOK_URL", webhook.url()).env("REDIS_URL", redis.url());
        let host = host.env("SHOP_WEBHOOK__AUTHORIZATION", TOKEN).start().await.unwrap();
        Shop { host }
    }

    /// Ends it as an operator does; what it leaves.
    pub(super) async fn close(self) -> TempDir {
        self.host.signal("-TERM").await.unwrap();
        let (status, folder) = self.host.wait().await.unwrap();
        assert!(status.success());
        folder
    }

    /// Sends an order.
    pub(super) async fn order(&self, id: &str, item: &str, quantity: u32) -> Answer {
        let order = json!({ "id": id, "item": item, "quantity": quantity });
        self.host.send("POST", "/orders", order.to_string()).await.unwrap()
    }

    pub(super) async fn put_stock(&self, item: &str, number: u32) {
        let (key, number) = (format!("stock/{item}"), number.to_string());
        self.cli(&["state", "set", "default", &key, &number]).await;
    }

    pub(super) async fn stock(&self, item: &str) -> String {
        self.cli(&["state", "get", "default", &format!("stock/{item}")]).await
    }

    /// The receipt of an order, once it is there.
    pub(super) async fn receipt(&self, order: &str) -> Value {
        let path = format!("/receipts/{order}");
        let mut answer = self.host.get(&path).await.unwrap();
        until(&path, async || {
            answer = self.host.get(&path).await.unwrap();
            answer.status != 404
        })
        .await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }

    /// What `ottavo` prints.
    pub(super) async fn cli(&self, args: &[&str]) -> String {
        let (status, out, err) = self.host.cli(args).await.unwrap();
        assert!(status.success(), "{args:?}: {err}");
        out
    }

    /// How many deliveries of a function came to this.
    pub(super) async fn deliveries(&self, function: &str, outcome: &str) -> u64 {
        let series = format!(
            "ottavo_deliveries_total{{function=\"{function}\",trigger=\"subscribe\",outcome=\"{outcome}\"}} "
        );
        let answer = self.host.health("/metrics").await.unwrap();
        let value = answer.text().lines().find_map(|line| line.strip_prefix(&series));
        value.map_or(0, |value| value.trim().parse().expect("a whole number"))
    }
}

/// Asks until it is so.
pub(super) async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so().await {
        assert!(Instant::now() < deadline, "{what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
