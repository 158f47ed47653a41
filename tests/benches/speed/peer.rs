//! `wasmtime serve`, the host of `wasi:http` components that comes with wasmtime.
//!
//! Where it is stands in `OTTAVO_BENCH_WASMTIME`; its rows are left out without.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result};
use ottavo_test_support::program;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::server::Server;

/// For anything that takes long only when it is broken.
const PATIENCE: Duration = Duration::from_secs(60);

/// One instance after the other serves so many requests.
pub(crate) const REUSE: [&str; 2] = ["--max-instance-reuse-count", "128"];

/// The best settings that we know: the pool as ours is.
pub(crate) const TUNED: [&str; 12] = [
    "-Opooling-allocator=y",
    "-Opooling-pagemap-scan=auto",
    "-Opooling-memory-keep-resident=10485760",
    "-Opooling-table-keep-resident=10485760",
    "-Opooling-async-stack-keep-resident=65536",
    "-Opooling-total-core-instances=6000",
    "-Opooling-total-component-instances=1000",
    "-Opooling-total-memories=1000",
    "-Opooling-total-tables=3000",
    "-Opooling-total-stacks=1000",
    "-Opooling-max-memory-size=134217728",
    "-Opooling-max-unused-warm-slots=64",
];

/// One that runs; it ends with the value.
pub(crate) struct Peer {
    child: Child,
    pub(crate) address: SocketAddr,
}

/// Its program.
pub(crate) fn binary() -> Option<PathBuf> {
    std::env::var_os("OTTAVO_BENCH_WASMTIME").map(PathBuf::from)
}

/// What it serves.
pub(crate) fn component() -> Result<PathBuf> {
    program("hello-wasi-http")
}

impl Peer {
    /// Serves a component, or what was compiled of one.
    pub(crate) async fn start(binary: &Path, file: &Path, settings: &[&str]) -> Result<Peer> {
        let mut command = Command::new(binary);
        // the standard library of Rust asks for file systems, which only this brings
        command.args(["serve", "-Scli", "--addr", "127.0.0.1:0"]).args(settings).arg(file);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.kill_on_drop(true).spawn().context("start `wasmtime serve`")?;
        let mut said = BufReader::new(child.stderr.take().context("it was piped")?);
        let mut line = String::new();
        let read = tokio::time::timeout(PATIENCE, said.read_line(&mut line));
        read.await.context("`wasmtime serve` does not start")??;
        let address = line.trim().trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let address = address.parse().with_context(|| format!("`wasmtime serve` said: {line}"))?;
        // what it says later is nobody's
        tokio::spawn(async move { tokio::io::copy(&mut said, &mut tokio::io::sink()).await });
        Ok(Peer { child, address })
    }

    pub(crate) fn server(&self) -> Result<Server> {
        Ok(Server { pid: self.child.id().context("it ended")? })
    }
}
