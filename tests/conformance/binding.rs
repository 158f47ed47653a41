//! Bindings, as the suite meets them.

mod grpc;
mod refusals;
mod relay;

use std::sync::{Arc, LazyLock};

use async_trait::async_trait;
use bytes::Bytes;
use ottavo_blocks::binding::suite::{self, Report};
use ottavo_blocks::binding::{Binding, Capability, Metadata, Operation, Response};
use ottavo_blocks::suite::Harness;
use ottavo_core::{CallContext, Result};
use ottavo_registry::{Catalog, Stores};
use ottavo_test_support::Echo;
use serde_json::{Value, json};
use tonic::transport::Channel;

use crate::block::Block;
use crate::relay::Relay;
use crate::servers::Servers;
use grpc::GrpcBinding;
use relay::RelayBinding;

pub(crate) enum BindingBlock {}

impl Block for BindingBlock {
    type Store = dyn Binding;
    const NAME: &'static str = "binding";
    const DRIVERS: &'static [&'static str] = &["memory", "http", "cron", "file-watch"];

    fn register(catalog: &mut Catalog) {
        catalog.binding.add(ottavo_driver_cron::Cron);
        catalog.binding.add(ottavo_driver_file_watch::FileWatch);
        catalog.binding.add(ottavo_driver_http::Http);
        catalog.binding.add(ottavo_driver_memory::Memory);
    }

    fn options(driver: &str, _: &Servers) -> Value {
        // outside is a server of this process
        static ECHO: LazyLock<Echo> = LazyLock::new(|| Echo::start().unwrap());
        match driver {
            "http" => json!({ "url": ECHO.url() }),
            "cron" => json!({ "schedule": "@yearly" }),
            "file-watch" => json!({ "folder": std::env::temp_dir(), "recursive": false }),
            _ => json!({}),
        }
    }

    fn find(stores: &Stores, name: &str) -> Arc<dyn Binding> {
        let live = Arc::clone(stores.binding(name).unwrap().live());
        match live.capabilities() {
            // outside is a server that answers as the cases want it, which the driver cannot know
            [] => Arc::new(Echoing(live)),
            _ => live,
        }
    }

    fn over_grpc(channel: Channel, name: &str, own: &dyn Binding) -> Arc<dyn Binding> {
        Arc::new(GrpcBinding::new(channel, name, own.capabilities()))
    }

    fn through(relay: Relay, own: &dyn Binding) -> Arc<dyn Binding> {
        Arc::new(RelayBinding::new(relay, own.capabilities()))
    }

    async fn run(harness: Harness<dyn Binding>) -> Report {
        suite::run_all_at_once(&harness).await
    }

    async fn touch(store: &dyn Binding, cx: &CallContext) -> Result<()> {
        let create = Operation::parse("create")?;
        store.invoke(cx, &create, Bytes::new(), &Metadata::default()).await.map(drop)
    }
}

/// A binding whose outside echoes.
struct Echoing(Arc<dyn Binding>);

#[async_trait]
impl Binding for Echoing {
    fn capabilities(&self) -> &'static [Capability] {
        &[Capability::Echo]
    }

    async fn invoke(
        &self,
        cx: &CallContext,
        operation: &Operation,
        data: Bytes,
        metadata: &Metadata,
    ) -> Result<Response> {
        self.0.invoke(cx, operation, data, metadata).await
    }
}
