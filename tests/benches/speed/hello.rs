//! Functions that say hello, in a host as it comes.

use std::net::SocketAddr;
use std::path::Path;

use anyhow::Result;
use ottavo_test_support::{TestHost, program};

use crate::load::Load;
use crate::server::Server;

/// What all of them answer.
pub(crate) const SAYS: &str = "Hello, Ada!";

/// How many ask at once where nothing else is said.
const CONNECTIONS: usize = 32;

/// A host with the limits and the engine of its defaults.
pub(crate) async fn host() -> Result<TestHost> {
    TestHost::builder().engine("").start().await
}

/// Deploys a program as `name`, at `/name/:name`, with these lines in its `[limits]`.
pub(crate) async fn deploy(host: &TestHost, name: &str, from: &str, limits: &str) -> Result<()> {
    deploy_file(host, name, &program(from)?, limits).await
}

/// The same of a file.
pub(crate) async fn deploy_file(
    host: &TestHost,
    name: &str,
    wasm: &Path,
    limits: &str,
) -> Result<()> {
    let manifest = host.folder().join(format!("{name}.toml"));
    let text = format!(
        "manifest = 1\nname = \"{name}\"\n[[http]]\nroute = \"/{name}/:name\"\n[limits]\n{limits}\n"
    );
    std::fs::write(&manifest, text)?;
    host.deploy_with(wasm, &manifest).await
}

/// Asks the function of this name.
pub(crate) fn load(address: SocketAddr, name: &str) -> Load {
    Load {
        address,
        paths: vec![format!("/{name}/Ada")],
        says: SAYS.to_owned(),
        connections: CONNECTIONS,
        rate: None,
    }
}

pub(crate) fn server(host: &TestHost) -> Server {
    Server { pid: host.pid() }
}
