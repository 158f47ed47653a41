//! State, as the suite meets it.

mod grpc;
mod refusals;
mod relay;

use std::sync::Arc;

use ottavo_blocks::Options;
use ottavo_blocks::state::suite::{self, Report};
use ottavo_blocks::state::{Key, State};
use ottavo_blocks::suite::Harness;
use ottavo_core::{CallContext, Result};
use ottavo_registry::{Catalog, Stores};
use tonic::transport::Channel;

use crate::block::Block;
use crate::relay::Relay;
use grpc::GrpcState;
use relay::RelayState;

pub(crate) enum StateBlock {}

impl Block for StateBlock {
    type Store = dyn State;
    const NAME: &'static str = "state";
    const DRIVERS: &'static [&'static str] = &["memory", "local", "redis"];

    fn register(catalog: &mut Catalog) {
        catalog.state.add(ottavo_driver_memory::Memory);
        catalog.state.add(ottavo_driver_local::Local);
        catalog.state.add(ottavo_driver_redis::Redis);
    }

    fn find(stores: &Stores, name: &str) -> Arc<dyn State> {
        Arc::clone(stores.state(name).unwrap().live())
    }

    fn over_grpc(channel: Channel, name: &str, own: &dyn State) -> Arc<dyn State> {
        Arc::new(GrpcState::new(channel, name, own.capabilities()))
    }

    fn through(relay: Relay, own: &dyn State) -> Arc<dyn State> {
        Arc::new(RelayState { relay, capabilities: own.capabilities() })
    }

    async fn run(harness: Harness<dyn State>) -> Report {
        suite::run_all_at_once(&harness).await
    }

    async fn touch(store: &dyn State, cx: &CallContext) -> Result<()> {
        store.get(cx, &Key::parse("a")?, &Options::default()).await.map(drop)
    }
}
