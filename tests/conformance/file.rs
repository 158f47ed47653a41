//! Files, as the suite meets them.

mod cut;
mod grpc;
mod grpc_writer;
mod refusals;
mod relay;
mod transfer;

use std::sync::Arc;

use ottavo_blocks::file::suite::{self, Report};
use ottavo_blocks::file::{File, FileName};
use ottavo_blocks::suite::Harness;
use ottavo_core::{CallContext, Result};
use ottavo_registry::{Catalog, Stores};
use serde_json::{Value, json};
use tonic::transport::Channel;

use crate::block::Block;
use crate::relay::Relay;
use crate::servers::Servers;
use grpc::GrpcFiles;
use relay::RelayFiles;

pub(crate) enum FileBlock {}

impl Block for FileBlock {
    type Store = dyn File;
    const NAME: &'static str = "file";
    const DRIVERS: &'static [&'static str] = &["memory", "local", "fs", "s3"];

    fn register(catalog: &mut Catalog) {
        catalog.file.add(ottavo_driver_memory::Memory);
        catalog.file.add(ottavo_driver_local::Local);
        catalog.file.add(ottavo_driver_opendal::Fs);
        catalog.file.add(ottavo_driver_opendal::S3);
    }

    fn options(driver: &str, servers: &Servers) -> Value {
        match driver {
            "fs" => json!({ "root": servers.shared() }),
            "s3" => servers.objects.table(),
            _ => json!({}),
        }
    }

    fn find(stores: &Stores, name: &str) -> Arc<dyn File> {
        Arc::clone(stores.file(name).unwrap().live())
    }

    fn over_grpc(channel: Channel, name: &str, own: &dyn File) -> Arc<dyn File> {
        Arc::new(GrpcFiles::new(channel, name, own.capabilities()))
    }

    fn through(relay: Relay, own: &dyn File) -> Arc<dyn File> {
        Arc::new(RelayFiles { relay: Arc::new(relay), capabilities: own.capabilities() })
    }

    async fn run(harness: Harness<dyn File>) -> Report {
        suite::run_all_at_once(&harness).await
    }

    async fn touch(store: &dyn File, cx: &CallContext) -> Result<()> {
        store.stat(cx, &FileName::parse("a")?).await.map(drop)
    }
}
