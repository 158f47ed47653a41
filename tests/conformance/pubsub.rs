//! Pub/sub, as the suite meets it. Functions publish and do not consume: behind a guest, the events are
//! read back through the door of apps.

mod grpc;
mod refusals;
mod relay;
mod subscriber;

use std::sync::Arc;

use ottavo_blocks::pubsub::suite::{self, Report};
use ottavo_blocks::pubsub::{Message, PubSub, Topic};
use ottavo_blocks::suite::Harness;
use ottavo_core::{CallContext, Result};
use ottavo_registry::{Catalog, Stores};
use tonic::transport::Channel;

use crate::block::Block;
use crate::relay::Relay;
use grpc::GrpcPubSub;
use relay::RelayPubSub;

pub(crate) enum PubSubBlock {}

impl Block for PubSubBlock {
    type Store = dyn PubSub;
    const NAME: &'static str = "pubsub";
    const DRIVERS: &'static [&'static str] = &["memory", "local", "redis"];

    fn register(catalog: &mut Catalog) {
        catalog.pubsub.add(ottavo_driver_memory::Memory);
        catalog.pubsub.add(ottavo_driver_local::Local);
        catalog.pubsub.add(ottavo_driver_redis::Redis);
    }

    fn find(stores: &Stores, name: &str) -> Arc<dyn PubSub> {
        Arc::clone(stores.pubsub(name).unwrap().live())
    }

    fn over_grpc(channel: Channel, name: &str, own: &dyn PubSub) -> Arc<dyn PubSub> {
        Arc::new(GrpcPubSub::new(channel, name, own.capabilities()))
    }

    fn through(relay: Relay, own: &dyn PubSub) -> Arc<dyn PubSub> {
        let apps = GrpcPubSub::new(relay.channel(), relay.store(), own.capabilities());
        Arc::new(RelayPubSub { relay, apps })
    }

    async fn run(harness: Harness<dyn PubSub>) -> Report {
        suite::run_all_at_once(&harness).await
    }

    async fn touch(store: &dyn PubSub, cx: &CallContext) -> Result<()> {
        store.publish(cx, &Topic::parse("a")?, Message::new("text/plain", "a")).await.map(drop)
    }
}
