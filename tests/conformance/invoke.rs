//! Service invocation, as the suite meets it: an app that is a real server, and functions that stand in
//! for it.

mod context;
mod depth;
mod egress;
mod endings;
mod functions;
mod grpc;
mod relay;
mod scene;

use std::sync::{Arc, LazyLock};

use bytes::Bytes;
use http::Request;
use ottavo_blocks::invoke::suite::{self, PEER, Report};
use ottavo_blocks::invoke::{AppId, Call, Invoke};
use ottavo_blocks::suite::Harness;
use ottavo_core::units::ByteCount;
use ottavo_core::{CallContext, Result};
use ottavo_registry::{Catalog, Stores};
use ottavo_test_support::Peer;
use serde_json::{Value, json};
use tokio::runtime::Builder;
use tonic::transport::Channel;

use crate::block::Block;
use crate::relay::Relay;
use crate::servers::Servers;
use grpc::GrpcInvoke;
use relay::RelayInvoke;

pub(crate) enum InvokeBlock {}

/// The app. Stores are opened from options, and so it must be there when those are asked for.
///
/// It has a runtime of its own: that of the test which comes first ends with it.
static APP: LazyLock<Peer> = LazyLock::new(|| {
    let (sender, started) = std::sync::mpsc::sync_channel(1);
    std::thread::spawn(move || {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            sender.send(Peer::start().await.unwrap()).unwrap();
            std::future::pending::<()>().await;
        });
    });
    started.recv().unwrap()
});

fn app(id: &AppId) -> String {
    format!("app:{id}")
}

impl Block for InvokeBlock {
    type Store = dyn Invoke;
    const NAME: &'static str = "invoke";
    const DRIVERS: &'static [&'static str] = &["http"];

    fn register(catalog: &mut Catalog) {
        catalog.invoke.add(ottavo_driver_http::Http);
    }

    fn options(_driver: &str, _servers: &Servers) -> Value {
        json!({ "apps": { PEER: format!("http://{}", APP.address()) } })
    }

    fn find(stores: &Stores, name: &str) -> Arc<dyn Invoke> {
        Arc::clone(stores.invoke(name).unwrap().live())
    }

    fn over_grpc(channel: Channel, _name: &str, own: &dyn Invoke) -> Arc<dyn Invoke> {
        let capabilities = own.capabilities();
        Arc::new(GrpcInvoke { channel, target: Box::new(app), capabilities })
    }

    fn through(relay: Relay, own: &dyn Invoke) -> Arc<dyn Invoke> {
        let capabilities = own.capabilities();
        Arc::new(RelayInvoke { relay, target: Box::new(app), capabilities })
    }

    async fn run(harness: Harness<dyn Invoke>) -> Report {
        suite::run_all_at_once(&harness).await
    }

    async fn touch(store: &dyn Invoke, cx: &CallContext) -> Result<()> {
        let request = Request::get("/").body(Bytes::new()).expect("a request");
        let call = Call { request, max_body: ByteCount::mib(1) };
        store.call(cx, &"nowhere".parse()?, call).await.map(drop)
    }
}
