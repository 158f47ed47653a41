//! What we are compared with: the same work by the libraries that we use ourselves, without anything of ours.
//! Each that serves is a process of its own, as we are.

mod hyper;
mod memory;
mod passing;
pub(crate) mod redb;
pub(crate) mod streams;
mod tonic;

use std::io::Read as _;
use std::net::SocketAddr;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::server::Server;

/// For anything that takes long only when it is broken.
const PATIENCE: Duration = Duration::from_secs(60);

/// Is the floor of this name, until standard input ends.
pub(crate) fn serve(name: &str, arguments: &[&str]) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let _entered = runtime.enter();
    let address = match (name, arguments) {
        ("hyper", []) => runtime.block_on(hyper::start())?,
        ("tonic", []) => runtime.block_on(memory::start())?,
        ("tonic-redis", [block, url]) => runtime.block_on(passing::start(block, url))?,
        (other, _) => bail!("there is no floor `{other}` with these arguments"),
    };
    println!("{address}");
    // whoever started it is gone
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}

/// A floor that runs; it ends with the value.
pub(crate) struct Floor {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Floor {
    pub(crate) async fn start(name: &str, arguments: &[String]) -> Result<Floor> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["floor", name]).args(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().context("start a floor")?;
        let mut line = String::new();
        let stdout = child.stdout.take().context("it was piped")?;
        let mut stdout = BufReader::new(stdout);
        let read = tokio::time::timeout(PATIENCE, stdout.read_line(&mut line));
        read.await.context("a floor does not start")??;
        Ok(Floor { child, address: line.trim().parse().context(line)? })
    }

    pub(crate) fn server(&self) -> Result<Server> {
        Ok(Server { pid: self.child.id().context("it ended")? })
    }
}
