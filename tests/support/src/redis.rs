//! A real redis server, sentinel or node of a cluster.

use std::fs;
use std::net::Ipv4Addr;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::Instant;

use crate::port;

/// For anything that takes long only when it is broken.
const PATIENCE: Duration = Duration::from_secs(60);

/// How often a server that is about to answer is asked.
const POLL: Duration = Duration::from_millis(10);

/// A `redis-server` on a free port of loopback, with nothing on disk, which ends with the value.
pub struct TestRedis {
    child: Option<Child>,
    folder: TempDir,
    port: u16,
    config: String,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Plain,
    Tls,
    Sentinel,
}

impl TestRedis {
    /// A server that anybody may use.
    pub async fn start() -> Result<TestRedis> {
        TestRedis::with_config("").await
    }

    /// A server with these lines in its configuration, beside its port and folder.
    pub async fn with_config(lines: &str) -> Result<TestRedis> {
        TestRedis::launch(lines, Kind::Plain).await
    }

    /// A sentinel with these lines in its configuration.
    pub async fn sentinel(lines: &str) -> Result<TestRedis> {
        TestRedis::launch(lines, Kind::Sentinel).await
    }

    /// A server that speaks TLS only; the lines name its certificate, key and CA.
    pub async fn with_tls(lines: &str) -> Result<TestRedis> {
        TestRedis::launch(lines, Kind::Tls).await
    }

    async fn launch(lines: &str, kind: Kind) -> Result<TestRedis> {
        // another process may take the port before redis does
        for _ in 0..5 {
            let port = port::free()?;
            let (child, folder, config) = (None, tempfile::tempdir()?, lines.to_owned());
            let mut redis = TestRedis { child, folder, port, config, kind };
            if redis.run().await? {
                return Ok(redis);
            }
        }
        bail!("redis does not start: is the configuration right?\n{lines}")
    }

    /// Starts the process; whether it answers, rather than ends.
    async fn run(&mut self) -> Result<bool> {
        let (folder, port) = (self.folder.path().display(), self.port);
        let own = match self.kind {
            Kind::Plain => format!("port {port}\nsave \"\"\n"),
            Kind::Tls => format!("port 0\ntls-port {port}\nsave \"\"\n"),
            Kind::Sentinel => format!("port {port}\n"),
        };
        let file = self.folder.path().join("redis.conf");
        let lines = &self.config;
        let text = format!("bind 127.0.0.1\n{own}dir {folder}\nlogfile log\n{lines}\n");
        fs::write(&file, text)?;
        let mut command = Command::new("redis-server");
        command.arg(&file);
        if self.kind == Kind::Sentinel {
            command.arg("--sentinel");
        }
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.kill_on_drop(true).spawn();
        let child = self.child.insert(child.context("start `redis-server`: install redis")?);
        let deadline = Instant::now() + PATIENCE;
        while !answers(self.port, self.kind == Kind::Tls).await {
            if child.try_wait()?.is_some() {
                return Ok(false);
            }
            ensure!(Instant::now() < deadline, "redis does not answer");
            tokio::time::sleep(POLL).await;
        }
        Ok(true)
    }

    /// Where it listens, on loopback.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its address as redis clients write it.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Its folder, which goes with the value.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Kills it without warning. Everything it held is lost.
    pub async fn kill(&mut self) -> Result<()> {
        let child = self.child.as_mut().context("it does not run")?;
        child.kill().await.context("kill redis")?;
        self.child = None;
        Ok(())
    }

    /// Starts it again on the same port, after [`TestRedis::kill`].
    pub async fn start_again(&mut self) -> Result<()> {
        ensure!(self.child.is_none(), "it still runs");
        ensure!(self.run().await?, "redis does not start again on port {}", self.port);
        Ok(())
    }

    /// Stops the process where it is: connections stay, nothing is answered.
    pub async fn pause(&self) -> Result<()> {
        self.signal("-STOP").await
    }

    /// Goes on after [`TestRedis::pause`].
    pub async fn resume(&self) -> Result<()> {
        self.signal("-CONT").await
    }

    async fn signal(&self, signal: &str) -> Result<()> {
        let child = self.child.as_ref().context("it does not run")?;
        let pid = child.id().context("it ended")?.to_string();
        let status = Command::new("kill").args([signal, &pid]).status().await?;
        ensure!(status.success(), "kill {signal} {pid} failed");
        Ok(())
    }

    /// What `redis-cli` prints for these arguments.
    pub async fn cli(&self, arguments: &[&str]) -> Result<String> {
        let mut command = Command::new("redis-cli");
        command.args(["-p", &self.port.to_string()]).args(arguments).stdin(Stdio::null());
        let output = tokio::time::timeout(PATIENCE, command.kill_on_drop(true).output());
        let output = output.await.context("`redis-cli` does not end")??;
        let text = String::from_utf8_lossy(&output.stdout).trim_end().to_owned();
        let error = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "redis-cli {arguments:?}: {text}{error}");
        Ok(text)
    }

    /// Makes one cluster of nodes that were started with `cluster-enabled yes`, and waits until
    /// each of them says so.
    pub async fn cluster(nodes: &[TestRedis]) -> Result<()> {
        let first = nodes.first().context("no nodes")?;
        let addresses: Vec<_> = nodes.iter().map(|n| format!("127.0.0.1:{}", n.port)).collect();
        let mut arguments = vec!["--cluster", "create"];
        arguments.extend(addresses.iter().map(String::as_str));
        arguments.push("--cluster-yes");
        first.cli(&arguments).await?;
        let deadline = Instant::now() + PATIENCE;
        for node in nodes {
            while !node.cli(&["cluster", "info"]).await?.contains("cluster_state:ok") {
                ensure!(Instant::now() < deadline, "the cluster does not form");
                tokio::time::sleep(POLL).await;
            }
        }
        Ok(())
    }
}

/// Whether something answers on the port; over TLS only that it listens.
async fn answers(port: u16, tls: bool) -> bool {
    let Ok(mut stream) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await else {
        return false;
    };
    if tls {
        return true;
    }
    let mut answer = [0; 8];
    let asked = stream.write_all(b"PING\r\n").await.is_ok();
    asked && stream.read(&mut answer).await.is_ok_and(|n| n > 0 && !answer.starts_with(b"-LOAD"))
}
