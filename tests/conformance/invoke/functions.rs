//! Functions that call functions: the cases of an app hold for a function, from every language to every
//! language.

use std::sync::Arc;

use ottavo_blocks::invoke::suite::{self, Harness, PEER, Time};
use ottavo_blocks::invoke::{AppId, Invoke};
use ottavo_core::Shutdown;
use ottavo_test_support::TestHost;
use tonic::transport::Channel;

use super::grpc::GrpcInvoke;
use super::relay::{Naming, RelayInvoke};
use super::scene::{self, Scene};
use crate::relay::{Connection, Relay};

/// The peer of the cases is this function.
fn function(name: &str) -> Naming {
    let name = name.to_owned();
    Box::new(move |app: &AppId| match app.as_str() {
        PEER => format!("fn:peer-{name}"),
        other => format!("fn:{other}"),
    })
}

async fn passes(what: &str, store: Arc<dyn Invoke>) {
    let report = suite::run_all_at_once(&Harness { store, time: Time::Real }).await;
    assert_eq!(report.failures(), [""; 0], "{what}\n{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn functions_answer_as_apps_do_from_every_language_to_every_language() {
    let scene = Scene::set(TestHost::start().await.unwrap(), |_| String::new()).await;
    let endpoint = Channel::from_shared(format!("http://{}", scene.host.grpc())).unwrap();
    let channel = endpoint.connect().await.unwrap();
    let shutdown = Shutdown::new();
    for callee in &scene.guests {
        // it may answer more than its callers may take
        let needs = "[limits]\nbody = \"8MiB\"\n";
        scene::deploy_as(&scene.host, callee, &format!("peer-{}", callee.name), needs).await;
        let target = function(&callee.name);
        let store = GrpcInvoke { channel: channel.clone(), target, capabilities: &[] };
        passes(&format!("gRPC calls {}", callee.title), Arc::new(store)).await;
        for caller in &scene.guests {
            let path = format!("/conformance/{}", caller.name);
            let connection = Connection::open(scene.host.http(), &path, &shutdown).await.unwrap();
            let relay = Relay::new(connection, "none").beside(channel.clone());
            let store = RelayInvoke { relay, target: function(&callee.name), capabilities: &[] };
            passes(&format!("{} calls {}", caller.title, callee.title), Arc::new(store)).await;
        }
    }
}
