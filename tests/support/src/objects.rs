//! A real server of the S3 protocol.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::{Child, Command};
use tokio::time::Instant;

use crate::port;

/// For anything that takes long only when it is broken.
const PATIENCE: Duration = Duration::from_secs(30);

/// The server on the PATH, else the one that setup installed.
fn program() -> PathBuf {
    #[expect(clippy::disallowed_methods, reason = "where setup puts what it installs")]
    let (path, cache) = (std::env::var_os("PATH"), std::env::var_os("XDG_CACHE_HOME"));
    let name = Path::new("versitygw");
    let mut folders = path.iter().flat_map(std::env::split_paths);
    if folders.any(|folder| folder.join(name).is_file()) {
        return name.to_owned();
    }
    let home = || std::env::home_dir().map(|home| home.join(".cache"));
    let tools = cache.map(PathBuf::from).or_else(home).map(|cache| cache.join("ottavo/tools"));
    let tools = tools.and_then(|tools| tools.read_dir().ok()).into_iter().flatten().flatten();
    let mut found = tools.map(|tool| tool.path().join(name));
    found.find(|program| program.is_file()).unwrap_or_else(|| name.to_owned())
}

/// How often a server that is about to answer is asked.
const POLL: Duration = Duration::from_millis(10);

/// A `versitygw` on a free port of loopback, with one bucket in a folder, which ends with the value.
pub struct TestObjects {
    child: Option<Child>,
    folder: TempDir,
    port: u16,
    tls: Option<(PathBuf, PathBuf)>,
}

impl TestObjects {
    /// Its one access key.
    pub const ACCESS_KEY: &str = "test-access-key";
    /// The secret of the key.
    pub const SECRET_KEY: &str = "test-secret-key";
    /// Its one bucket.
    pub const BUCKET: &str = "files";

    /// A server.
    pub async fn start() -> Result<TestObjects> {
        TestObjects::launch(None).await
    }

    /// A server that speaks TLS only, with this certificate and its key.
    pub async fn with_tls(cert: &Path, key: &Path) -> Result<TestObjects> {
        TestObjects::launch(Some((cert.to_owned(), key.to_owned()))).await
    }

    async fn launch(tls: Option<(PathBuf, PathBuf)>) -> Result<TestObjects> {
        // another process may take the port before the server does
        for _ in 0..5 {
            let (child, folder, port) = (None, tempfile::tempdir()?, port::free()?);
            let mut server = TestObjects { child, folder, port, tls: tls.clone() };
            fs::create_dir_all(server.bucket())?;
            if server.run().await? {
                return Ok(server);
            }
        }
        bail!("versitygw does not start")
    }

    /// Starts the process; whether it answers, rather than ends.
    async fn run(&mut self) -> Result<bool> {
        let log = fs::File::create(self.folder.path().join("log"))?;
        let mut command = Command::new(program());
        command.args(["--port", &format!("127.0.0.1:{}", self.port), "--quiet", "--keep-alive"]);
        command.env("ROOT_ACCESS_KEY", TestObjects::ACCESS_KEY);
        command.env("ROOT_SECRET_KEY", TestObjects::SECRET_KEY);
        if let Some((cert, key)) = &self.tls {
            command.arg("--cert").arg(cert).arg("--key").arg(key);
        }
        command.arg("posix").arg(self.folder.path().join("data"));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        let child = command.kill_on_drop(true).spawn();
        let child = child.context("start `versitygw`: `cargo xtask setup` installs it")?;
        let child = self.child.insert(child);
        let deadline = Instant::now() + PATIENCE;
        while !port::listens(self.port).await {
            if child.try_wait()?.is_some() {
                return Ok(false);
            }
            ensure!(Instant::now() < deadline, "versitygw does not answer");
            tokio::time::sleep(POLL).await;
        }
        Ok(true)
    }

    /// Its address.
    pub fn url(&self) -> String {
        let (scheme, host) = match self.tls {
            Some(_) => ("https", "localhost"),
            None => ("http", "127.0.0.1"),
        };
        format!("{scheme}://{host}:{}", self.port)
    }

    /// The table of a store in its bucket.
    pub fn table(&self) -> Value {
        json!({
            "endpoint": self.url(),
            "bucket": TestObjects::BUCKET,
            "access_key_id": TestObjects::ACCESS_KEY,
            "secret_access_key": TestObjects::SECRET_KEY,
        })
    }

    /// The folder of its bucket: objects are files there, and the parts of uploads below `.sgwtmp`.
    pub fn bucket(&self) -> PathBuf {
        self.folder.path().join("data").join(TestObjects::BUCKET)
    }

    /// Kills it without warning. What it holds is on the disk.
    pub async fn kill(&mut self) -> Result<()> {
        let child = self.child.as_mut().context("it does not run")?;
        child.kill().await.context("kill versitygw")?;
        self.child = None;
        Ok(())
    }

    /// Starts it again on the same port, after [`TestObjects::kill`].
    pub async fn start_again(&mut self) -> Result<()> {
        ensure!(self.child.is_none(), "it still runs");
        ensure!(self.run().await?, "versitygw does not start again on port {}", self.port);
        Ok(())
    }

    /// Stops the process where it is: connections stay, nothing is answered.
    pub async fn pause(&self) -> Result<()> {
        self.signal("-STOP").await
    }

    /// Goes on after [`TestObjects::pause`].
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
}
