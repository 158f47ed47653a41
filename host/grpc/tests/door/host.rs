//! A door with the stores `default` (memory) and `gated`, which answers when the test says so.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ottavo_api::{Api, Grants};
use ottavo_core::{Clock, Shutdown, SystemClock};
use ottavo_grpc::{Bound, Callers, Config, Listen};
use ottavo_registry::{Catalog, StoreTable, Tables};
use ottavo_telemetry::Metrics;
use ottavo_wire::v1::state_client::StateClient;
use tonic::transport::Channel;

use crate::gate::Gate;

/// How long a test waits for what must come.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Host {
    pub(crate) gate: Gate,
    pub(crate) shutdown: Shutdown,
    address: Option<SocketAddr>,
}

pub(crate) fn config() -> Config {
    Config { listen: Listen::Tcp(SocketAddr::from(([127, 0, 0, 1], 0))), ..Config::default() }
}

impl Host {
    pub(crate) async fn start() -> Host {
        Host::with(config(), Grants::everything()).await
    }

    pub(crate) async fn with(config: Config, grants: Grants) -> Host {
        let bound = config.bind().await.unwrap();
        Host::serve(bound, grants).await
    }

    pub(crate) async fn serve(bound: Bound, grants: Grants) -> Host {
        let (gate, shutdown) = (Gate::default(), Shutdown::new());
        let address = bound.local_addr();
        let api = api(&gate, &shutdown).await;
        bound.serve(api, Callers::Anonymous(Arc::new(grants)), &shutdown, &shutdown);
        Host { gate, shutdown, address }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address.expect("the test listens on TCP")
    }

    pub(crate) async fn channel(&self) -> Channel {
        let endpoint = format!("http://{}", self.address());
        Channel::from_shared(endpoint).unwrap().connect().await.unwrap()
    }

    pub(crate) async fn state(&self) -> StateClient<Channel> {
        StateClient::new(self.channel().await)
    }

    /// Stops, and fails the test when anything goes on.
    pub(crate) async fn stop(self) {
        self.shutdown.begin();
        assert_eq!(self.shutdown.finish(PATIENCE).await, Ok(()));
    }
}

async fn api(gate: &Gate, shutdown: &Shutdown) -> Arc<Api> {
    let mut catalog = Catalog::default();
    catalog.state.add(ottavo_driver_memory::Memory);
    catalog.state.add(gate.clone());
    let mut tables = Tables::new();
    for (name, driver) in [("default", "memory"), ("gated", "gate")] {
        let prefix = ottavo_core::KeyPrefix::default();
        let table = StoreTable::new(driver, prefix, serde_json::json!({}));
        tables.insert(name.parse().unwrap(), table);
    }
    catalog.pubsub.add(ottavo_driver_memory::Memory);
    let prefix = ottavo_core::KeyPrefix::default();
    let bus = StoreTable::new("memory", prefix, serde_json::json!({}));
    let bus = Tables::from([("default".parse().unwrap(), bus)]);
    let tables = BTreeMap::from([("state".to_owned(), tables), ("pubsub".to_owned(), bus)]);
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let stores = catalog.open(&tables, Path::new("/nonexistent"), &clock, shutdown).await.unwrap();
    Api::new(Arc::new(stores), &Metrics::new())
}
