//! The real host.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use bytes::Bytes;
use ottavo_wire::v1::StateGetRequest;
use ottavo_wire::v1::state_client::StateClient;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tonic::transport::Channel;

use crate::{Answer, program, send};

/// For anything that takes long only when it is broken.
const PATIENCE: Duration = Duration::from_secs(60);

/// The binary under test: beside the test's own.
pub fn binary() -> PathBuf {
    let test = std::env::current_exe().expect("this test runs from a file");
    let folder = test.ancestors().nth(2).expect("cargo puts tests into `<profile>/deps`");
    folder.join("ottavo")
}

/// A host in a process of its own, which ends with the value.
pub struct TestHost {
    child: Child,
    folder: TempDir,
    http: SocketAddr,
    grpc: SocketAddr,
    actuator: SocketAddr,
    deploy: Option<SocketAddr>,
}

/// How a host is started.
#[derive(Default)]
pub struct Builder {
    config: String,
    engine: Option<String>,
    folder: Option<TempDir>,
    environment: Vec<(String, String)>,
    arguments: Vec<String>,
    within: Option<String>,
}

impl Builder {
    /// Adds an argument to its command line.
    pub fn arg(mut self, argument: &str) -> Builder {
        self.arguments.push(argument.to_owned());
        self
    }

    /// Starts it by a shell that has run these commands: `ulimit` and the like.
    pub fn within(mut self, commands: &str) -> Builder {
        self.within = Some(commands.to_owned());
        self
    }

    /// Adds a variable to its environment.
    pub fn env(mut self, name: impl Into<String>, value: impl Into<String>) -> Builder {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// The text of its `ottavo.toml`, without `[engine]`.
    pub fn config(mut self, text: impl Into<String>) -> Builder {
        self.config = text.into();
        self
    }

    /// The lines of `[engine]`, in place of `max_instances = 200`.
    pub fn engine(mut self, lines: impl Into<String>) -> Builder {
        self.engine = Some(lines.into());
        self
    }

    /// Uses the folder that an earlier host left behind.
    pub fn folder(mut self, folder: TempDir) -> Builder {
        self.folder = Some(folder);
        self
    }

    /// Starts it and waits until it answers.
    pub async fn start(mut self) -> Result<TestHost> {
        let folder = self.folder.take().map_or_else(tempfile::tempdir, Ok)?;
        let (child, line) = self.spawn(folder.path()).await?;
        TestHost::of(child, folder, &line)
    }

    /// Starts one that does not get ready; how it ended, and what it said.
    pub async fn refused(mut self) -> Result<(ExitStatus, String)> {
        let folder = self.folder.take().map_or_else(tempfile::tempdir, Ok)?;
        self.ends(folder.path()).await
    }

    async fn ends(self, folder: &Path) -> Result<(ExitStatus, String)> {
        let (mut child, line) = self.spawn(folder).await?;
        ensure!(line.is_empty(), "the host started: {line}");
        let ended = tokio::time::timeout(PATIENCE, child.wait()).await;
        let status = ended.context("the host does not end")??;
        Ok((status, fs::read_to_string(folder.join("log"))?))
    }

    /// Starts it and waits for its first line; none when it ended before.
    async fn spawn(self, folder: &Path) -> Result<(Child, String)> {
        #[expect(clippy::disallowed_methods, reason = "how `cargo xtask test` says where it is")]
        let cache = std::env::var_os("OTTAVO_TEST_CACHE").map(PathBuf::from);
        let cache = cache.unwrap_or_else(|| folder.join("compiled"));
        let config = folder.join("ottavo.toml");
        let own = self.engine.unwrap_or_else(|| "max_instances = 200".to_owned());
        let engine = format!("\n[engine]\n{own}\ncache_dir = {cache:?}\n");
        fs::write(&config, self.config + &engine)?;
        let log = fs::File::options().create(true).append(true).open(folder.join("log"))?;
        let mut command = match self.within {
            None => Command::new(binary()),
            Some(commands) => {
                let mut shell = Command::new("sh");
                shell.arg("-c").arg(format!("{commands}; exec \"$0\" \"$@\"")).arg(binary());
                shell
            }
        };
        command.arg("serve").arg("--config").arg(&config);
        command.arg("--data-dir").arg(folder.join("data")).args(self.arguments);
        for listener in ["--http", "--grpc", "--actuator"] {
            command.args([listener, "127.0.0.1:0"]);
        }
        command.args(["--output", "json"]).stdin(Stdio::null()).stdout(Stdio::piped());
        command.envs(self.environment).stderr(log).kill_on_drop(true);
        let mut child = command.spawn().context("start the host")?;
        let stdout = child.stdout.take().expect("piped above");
        let mut line = String::new();
        let mut stdout = BufReader::new(stdout);
        tokio::time::timeout(PATIENCE, stdout.read_line(&mut line))
            .await
            .context("the host does not get ready")??;
        Ok((child, line))
    }
}

impl TestHost {
    /// One that has said where it is.
    fn of(child: Child, folder: TempDir, line: &str) -> Result<TestHost> {
        let log = || fs::read_to_string(folder.path().join("log")).unwrap_or_default();
        ensure!(!line.is_empty(), "the host did not start:\n{}", log());
        let info: serde_json::Value = serde_json::from_str(line)?;
        let address = |name: &str| -> Result<SocketAddr> {
            let text = info[name].as_str().with_context(|| format!("no `{name}` in {line}"))?;
            text.parse().with_context(|| format!("`{name}` in {line}"))
        };
        let (http, grpc, actuator) = (address("http")?, address("grpc")?, address("actuator")?);
        let deploy = info["deploy"].as_str().map(str::parse).transpose()?;
        Ok(TestHost { child, folder, http, grpc, actuator, deploy })
    }

    /// A new process with this configuration takes its place; it has left then.
    pub async fn take_over(self, config: &str) -> Result<TestHost> {
        let TestHost { child: mut old, folder, .. } = self;
        let new = TestHost::builder().config(config).arg("--take-over");
        let (child, line) = new.spawn(folder.path()).await?;
        let host = TestHost::of(child, folder, &line)?;
        let left = tokio::time::timeout(PATIENCE, old.wait()).await;
        let status = left.context("the old host does not leave")??;
        ensure!(status.success(), "the old host failed: {status}:\n{}", host.log());
        Ok(host)
    }

    /// A new process with this configuration tries to take its place and fails; what both said.
    pub async fn no_take_over(&self, config: &str) -> Result<String> {
        let new = TestHost::builder().config(config).arg("--take-over");
        let (status, log) = new.ends(self.folder.path()).await?;
        ensure!(!status.success(), "it ended well:\n{log}");
        Ok(log)
    }

    /// A host with a configuration of its own.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// A host on embedded storage.
    pub async fn start() -> Result<TestHost> {
        TestHost::builder().start().await
    }

    /// The HTTP trigger.
    pub fn http(&self) -> SocketAddr {
        self.http
    }

    /// The gRPC door.
    pub fn grpc(&self) -> SocketAddr {
        self.grpc
    }

    /// The actuator.
    pub fn actuator(&self) -> SocketAddr {
        self.actuator
    }

    /// The deploy API on TCP, where it is configured.
    pub fn deploy_address(&self) -> Option<SocketAddr> {
        self.deploy
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.id().expect("it was not waited for")
    }

    /// Its data directory.
    pub fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Its own folder, which goes with the value.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// How much memory its process holds.
    pub fn resident_bytes(&self) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|line| line.split_whitespace().next()).context("no `VmRSS`")?;
        Ok(kib.parse::<u64>()? << 10)
    }

    /// What it has logged.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// Runs `ottavo` as a user of this host would; its status, standard output and error.
    pub async fn cli(&self, args: &[&str]) -> Result<(ExitStatus, String, String)> {
        let mut command = Command::new(binary());
        command.args(args).env("OTTAVO_HOST", self.data_dir()).stdin(Stdio::null());
        let output = tokio::time::timeout(PATIENCE, command.kill_on_drop(true).output());
        let output = output.await.context("`ottavo` does not end")??;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ok((output.status, text(&output.stdout), text(&output.stderr)))
    }

    /// Deploys the program of a folder under `examples`, `tests/programs` or `guests`.
    pub async fn deploy(&self, folder: impl AsRef<Path>) -> Result<()> {
        let folder = folder.as_ref();
        let name = |path: &Path| path.file_name().map(|n| n.to_string_lossy().into_owned());
        let mut program_name = name(folder).context("a folder with a name")?;
        if program_name == "conformance" {
            let language = folder.parent().and_then(name).context("a language")?;
            program_name = format!("conformance-{language}");
        }
        self.deploy_with(&program(&program_name)?, &folder.join("function.toml")).await
    }

    /// Deploys a `.wasm` with a manifest.
    pub async fn deploy_with(&self, wasm: &Path, manifest: &Path) -> Result<()> {
        let text = |path: &Path| path.to_str().map(str::to_owned).context("a path in UTF-8");
        let (wasm, manifest) = (text(wasm)?, text(manifest)?);
        let (status, out, err) = self.cli(&["deploy", &wasm, "--manifest", &manifest]).await?;
        match status.success() {
            true => Ok(()),
            false => bail!("deploy failed: {out}{err}"),
        }
    }

    /// Deploys these bytes by the route `/NAME/...`, with these lines of `[limits]`.
    pub async fn deploy_bytes(&self, name: &str, wasm: &[u8], limits: &str) -> Result<()> {
        let [program, manifest] =
            ["wasm", "toml"].map(|kind| self.folder.path().join(format!("{name}.{kind}")));
        let text = format!(
            "manifest = 1\nname = \"{name}\"\n[[http]]\nroute = \"/{name}/...\"\n[limits]\n{limits}\n"
        );
        fs::write(&program, wasm)?;
        fs::write(&manifest, text)?;
        self.deploy_with(&program, &manifest).await
    }

    /// One request to the HTTP trigger.
    pub async fn send(&self, method: &str, path: &str, body: impl Into<Bytes>) -> Result<Answer> {
        let request = http::Request::builder().method(method).uri(path).header("host", "localhost");
        send(self.http, request.body(body.into())?).await
    }

    /// A `GET` of the HTTP trigger.
    pub async fn get(&self, path: &str) -> Result<Answer> {
        self.send("GET", path, Bytes::new()).await
    }

    /// A `GET` of the actuator.
    pub async fn health(&self, path: &str) -> Result<Answer> {
        let request = http::Request::builder().uri(path).header("host", "localhost");
        send(self.actuator, request.body(Bytes::new())?).await
    }

    /// A client of the state service of the gRPC door.
    pub async fn state(&self) -> Result<StateClient<Channel>> {
        let endpoint = Channel::from_shared(format!("http://{}", self.grpc))?;
        Ok(StateClient::new(endpoint.connect().await?))
    }

    /// What the gRPC door says of a key of the default store.
    pub async fn value(&self, key: &str) -> Result<Option<Bytes>> {
        let request = StateGetRequest { store: "default".into(), key: key.into(), options: vec![] };
        let answer = self.state().await?.get(request).await?.into_inner();
        Ok(answer.value.map(|value| value.data))
    }

    /// Sends it a signal, as `kill` names it: `-TERM`.
    pub async fn signal(&self, signal: &str) -> Result<()> {
        let pid = self.pid().to_string();
        let status = Command::new("kill").args([signal, &pid]).status().await?;
        ensure!(status.success(), "kill {signal} {pid} failed");
        Ok(())
    }

    /// Kills it without warning; its folder stays for the next one.
    pub async fn kill(mut self) -> Result<TempDir> {
        self.child.kill().await.context("kill the host")?;
        Ok(self.folder)
    }

    /// Waits for its end.
    pub async fn wait(mut self) -> Result<(ExitStatus, TempDir)> {
        let status = tokio::time::timeout(PATIENCE, self.child.wait()).await;
        Ok((status.context("the host does not end")??, self.folder))
    }
}
