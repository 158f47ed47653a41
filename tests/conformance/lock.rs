//! Locks, as the suite meets them.

mod grpc;
mod refusals;
mod relay;

use std::sync::Arc;

use ottavo_blocks::Key;
use ottavo_blocks::lock::suite::{self, Report};
use ottavo_blocks::lock::{Lock, Owner};
use ottavo_blocks::suite::Harness;
use ottavo_core::{CallContext, Result};
use ottavo_registry::{Catalog, Stores};
use tonic::transport::Channel;

use crate::block::Block;
use crate::relay::Relay;
use grpc::GrpcLock;
use relay::RelayLock;

pub(crate) enum LockBlock {}

impl Block for LockBlock {
    type Store = dyn Lock;
    const NAME: &'static str = "lock";
    const DRIVERS: &'static [&'static str] = &["memory", "local", "redis"];

    fn register(catalog: &mut Catalog) {
        catalog.lock.add(ottavo_driver_memory::Memory);
        catalog.lock.add(ottavo_driver_local::Local);
        catalog.lock.add(ottavo_driver_redis::Redis);
    }

    fn find(stores: &Stores, name: &str) -> Arc<dyn Lock> {
        Arc::clone(stores.lock(name).unwrap().live())
    }

    fn over_grpc(channel: Channel, name: &str, own: &dyn Lock) -> Arc<dyn Lock> {
        Arc::new(GrpcLock::new(channel, name, own.capabilities()))
    }

    fn through(relay: Relay, own: &dyn Lock) -> Arc<dyn Lock> {
        Arc::new(RelayLock { relay, capabilities: own.capabilities() })
    }

    async fn run(harness: Harness<dyn Lock>) -> Report {
        suite::run_all_at_once(&harness).await
    }

    async fn touch(store: &dyn Lock, cx: &CallContext) -> Result<()> {
        store.unlock(cx, &Key::parse("a")?, &Owner::parse("a")?).await.map(drop)
    }
}
