//! What is measured: the drivers' own stores, and a host with the same behind its doors.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use ottavo_core::{Clock, KeyPrefix, Shutdown, SystemClock};
use ottavo_registry::{Catalog, StoreTable, Stores, Tables};
use ottavo_test_support::{Client, Echo, TestHost, TestRedis, program, root};
use redis::aio::MultiplexedConnection;
use serde_json::{Map, Value, json};
use tempfile::TempDir;
use tokio::sync::Mutex;
use tonic::transport::Channel;

pub(crate) const EVERY: [&str; 3] = ["memory", "local", "redis"];

pub(crate) struct Scene {
    pub(crate) stores: Stores,
    pub(crate) host: TestHost,
    pub(crate) channel: Channel,
    pub(crate) redis: MultiplexedConnection,
    /// To the server outside that bindings and `invoke` reach.
    pub(crate) peer: Arc<Mutex<Client>>,
    pub(crate) folder: TempDir,
    pub(crate) data: Bytes,
    _kept: (TestRedis, TestRedis, Echo, Shutdown),
}

impl Scene {
    pub(crate) async fn set() -> Scene {
        let (folder, shutdown) = (tempfile::tempdir().unwrap(), Shutdown::new());
        let (own, hosts) = (TestRedis::start().await.unwrap(), TestRedis::start().await.unwrap());
        let echo = Echo::start().unwrap();
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let data_dir = folder.path().join("own");
        std::fs::create_dir(&data_dir).unwrap();
        let opened = catalog().open(&tables(&own, &echo), &data_dir, &clock, &shutdown).await;
        let config = format!(
            "[limits]\ncpu = \"1m\"\ntimeout = \"2m\"\n{}",
            configuration(&tables(&hosts, &echo))
        );
        let host = TestHost::builder().config(config).start().await.unwrap();
        let programs = root().join("tests/programs");
        for name in ["calls", "echo"] {
            let manifest = programs.join(name).join("function.toml");
            host.deploy_with(&program(name).unwrap(), &manifest).await.unwrap();
        }
        let channel = Channel::from_shared(format!("http://{}", host.grpc())).unwrap();
        let client = redis::Client::open(own.url()).unwrap();
        let peer = echo.url().trim_start_matches("http://").trim_end_matches('/').parse().unwrap();
        Scene {
            stores: opened.unwrap(),
            channel: channel.connect().await.unwrap(),
            redis: client.get_multiplexed_async_connection().await.unwrap(),
            peer: Arc::new(Mutex::new(Client::open(peer).await.unwrap())),
            data: Bytes::from(vec![b'x'; 100]),
            host,
            folder,
            _kept: (own, hosts, echo, shutdown),
        }
    }
}

fn catalog() -> Catalog {
    use {ottavo_driver_http as http, ottavo_driver_local as local};
    use {ottavo_driver_memory as memory, ottavo_driver_redis as redis};
    let mut catalog = Catalog::default();
    macro_rules! everywhere {
        ($($block:ident),*) => {$(
            catalog.$block.add(memory::Memory);
            catalog.$block.add(local::Local);
            catalog.$block.add(redis::Redis);
        )*};
    }
    everywhere!(state, pubsub, config, lock, sequencer);
    catalog.file.add(memory::Memory);
    catalog.file.add(local::Local);
    catalog.secret.add(memory::Memory);
    catalog.binding.add(memory::Memory);
    catalog.binding.add(http::Http);
    catalog.invoke.add(http::Http);
    catalog
}

/// The stores, each named like its driver.
fn tables(redis: &TestRedis, echo: &Echo) -> BTreeMap<String, Tables> {
    let options = |block: &str, driver: &str| match (block, driver) {
        (_, "redis") => json!({ "url": redis.url() }),
        ("invoke", _) => json!({ "apps": { "peer": echo.url() } }),
        (_, "http") => json!({ "url": echo.url() }),
        ("secret", _) => json!({ "values": { "bench": "hunter2" } }),
        _ => json!({}),
    };
    let block = |name: &str, drivers: &[&str]| {
        let tables = drivers.iter().map(|driver| {
            let options: Value = options(name, driver);
            (driver.parse().unwrap(), StoreTable::new(driver, KeyPrefix::default(), options))
        });
        (name.to_owned(), tables.collect::<Tables>())
    };
    let shared = ["state", "pubsub", "config", "lock", "sequencer"].map(|name| block(name, &EVERY));
    let others = [
        block("file", &EVERY[..2]),
        block("secret", &["memory"]),
        block("binding", &["memory", "http"]),
        block("invoke", &["http"]),
    ];
    shared.into_iter().chain(others).collect()
}

fn configuration(tables: &BTreeMap<String, Tables>) -> String {
    let mut text = String::new();
    for (block, stores) in tables {
        for (name, store) in stores {
            text += &format!("[{block}.{name}]\ndriver = \"{}\"\n", store.driver);
            for (key, value) in store.options.expose().as_object().unwrap_or(&Map::new()) {
                text += &format!("{key} = {}\n", toml::Value::try_from(value).unwrap());
            }
        }
    }
    text
}
