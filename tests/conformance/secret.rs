//! Secrets, as the suite meets them.

mod grpc;
mod refusals;
mod relay;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::sync::Arc;

use ottavo_blocks::secret::suite::{self, FIXTURE, Report};
use ottavo_blocks::secret::{Key, Secrets};
use ottavo_blocks::suite::Harness;
use ottavo_core::{CallContext, Result};
use ottavo_registry::{Catalog, Stores};
use serde_json::{Value, json};
use tonic::transport::Channel;

use crate::block::Block;
use crate::relay::Relay;
use crate::servers::Servers;
use grpc::GrpcSecrets;
use relay::RelaySecrets;

/// What the variables of the suite begin with.
const PREFIX: &str = "OTTAVO_SUITE_";

pub(crate) enum SecretBlock {}

impl Block for SecretBlock {
    type Store = dyn Secrets;
    const NAME: &'static str = "secret";
    const DRIVERS: &'static [&'static str] = &["memory", "env", "file"];

    fn register(catalog: &mut Catalog) {
        catalog.secret.add(ottavo_driver_memory::Memory);
        catalog.secret.add(ottavo_driver_env::Env::new(variables()));
        catalog.secret.add(ottavo_driver_file::File);
    }

    fn options(driver: &str, _: &Servers) -> Value {
        match driver {
            "env" => json!({ "prefix": PREFIX }),
            "file" => json!({ "path": file() }),
            _ => json!({ "values": BTreeMap::from(FIXTURE) }),
        }
    }

    fn find(stores: &Stores, name: &str) -> Arc<dyn Secrets> {
        Arc::clone(stores.secret(name).unwrap().live())
    }

    fn over_grpc(channel: Channel, name: &str, own: &dyn Secrets) -> Arc<dyn Secrets> {
        Arc::new(GrpcSecrets::new(channel, name, own.capabilities()))
    }

    fn through(relay: Relay, own: &dyn Secrets) -> Arc<dyn Secrets> {
        Arc::new(RelaySecrets { relay, capabilities: own.capabilities() })
    }

    async fn run(harness: Harness<dyn Secrets>) -> Report {
        suite::run_all_at_once(&harness).await
    }

    async fn touch(store: &dyn Secrets, cx: &CallContext) -> Result<()> {
        store.get(cx, &Key::parse("a")?, None).await.map(drop)
    }
}

/// The secrets of the suite as the environment of a host.
pub(crate) fn variables() -> BTreeMap<String, String> {
    let variable = |name: &str| format!("{PREFIX}{}", name.to_uppercase().replace('/', "__"));
    FIXTURE.iter().map(|(name, value)| (variable(name), (*value).to_owned())).collect()
}

/// The secrets of the suite as a file for this user alone.
fn file() -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let path = path.join(format!("secrets-{}.json", std::process::id()));
    // several tests of this process ask for it: each writes the same
    if !path.exists() {
        let fresh = path.with_extension(format!("{:?}", std::thread::current().id()));
        fs::write(&fresh, json!(BTreeMap::from(FIXTURE)).to_string()).unwrap();
        fs::set_permissions(&fresh, fs::Permissions::from_mode(0o600)).unwrap();
        fs::rename(&fresh, &path).unwrap();
    }
    path
}
