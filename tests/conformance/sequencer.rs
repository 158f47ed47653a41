//! Ids, as the suite meets them.

mod grpc;
mod refusals;
mod relay;

use std::sync::Arc;

use ottavo_blocks::Key;
use ottavo_blocks::sequencer::suite::{self, Report};
use ottavo_blocks::sequencer::{Order, Sequencer};
use ottavo_blocks::suite::Harness;
use ottavo_core::{CallContext, Result};
use ottavo_registry::{Catalog, Stores};
use tonic::transport::Channel;

use crate::block::Block;
use crate::relay::Relay;
use grpc::GrpcSequencer;
use relay::RelaySequencer;

pub(crate) enum SequencerBlock {}

impl Block for SequencerBlock {
    type Store = dyn Sequencer;
    const NAME: &'static str = "sequencer";
    const DRIVERS: &'static [&'static str] = &["memory", "local", "redis"];

    fn register(catalog: &mut Catalog) {
        catalog.sequencer.add(ottavo_driver_memory::Memory);
        catalog.sequencer.add(ottavo_driver_local::Local);
        catalog.sequencer.add(ottavo_driver_redis::Redis);
    }

    fn find(stores: &Stores, name: &str) -> Arc<dyn Sequencer> {
        Arc::clone(stores.sequencer(name).unwrap().live())
    }

    fn over_grpc(channel: Channel, name: &str, own: &dyn Sequencer) -> Arc<dyn Sequencer> {
        Arc::new(GrpcSequencer::new(channel, name, own.capabilities()))
    }

    fn through(relay: Relay, own: &dyn Sequencer) -> Arc<dyn Sequencer> {
        Arc::new(RelaySequencer { relay, capabilities: own.capabilities() })
    }

    async fn run(harness: Harness<dyn Sequencer>) -> Report {
        suite::run_all_at_once(&harness).await
    }

    async fn touch(store: &dyn Sequencer, cx: &CallContext) -> Result<()> {
        store.next(cx, &Key::parse("a")?, Order::Strong).await.map(drop)
    }
}
