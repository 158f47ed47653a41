//! Configuration, as the suite meets it.

mod grpc;
mod refusals;
mod relay;

use std::sync::Arc;

use ottavo_blocks::config::suite::{self, Report};
use ottavo_blocks::config::{Config, Scope, Wanted};
use ottavo_blocks::suite::Harness;
use ottavo_core::{CallContext, Result};
use ottavo_registry::{Catalog, Stores};
use tonic::transport::Channel;

use crate::block::Block;
use crate::relay::Relay;
use grpc::GrpcConfig;
use relay::RelayConfig;

pub(crate) enum ConfigBlock {}

impl Block for ConfigBlock {
    type Store = dyn Config;
    const NAME: &'static str = "config";
    const DRIVERS: &'static [&'static str] = &["memory", "local", "redis"];

    fn register(catalog: &mut Catalog) {
        catalog.config.add(ottavo_driver_memory::Memory);
        catalog.config.add(ottavo_driver_local::Local);
        catalog.config.add(ottavo_driver_redis::Redis);
    }

    fn find(stores: &Stores, name: &str) -> Arc<dyn Config> {
        Arc::clone(stores.config(name).unwrap().live())
    }

    fn over_grpc(channel: Channel, name: &str, own: &dyn Config) -> Arc<dyn Config> {
        Arc::new(GrpcConfig::new(channel, name, own.capabilities()))
    }

    fn through(relay: Relay, _: &dyn Config) -> Arc<dyn Config> {
        Arc::new(RelayConfig { relay })
    }

    async fn run(harness: Harness<dyn Config>) -> Report {
        suite::run_all_at_once(&harness).await
    }

    async fn touch(store: &dyn Config, cx: &CallContext) -> Result<()> {
        store.get(cx, &Scope::parse("a", "", "")?, &Wanted::All).await.map(drop)
    }
}
