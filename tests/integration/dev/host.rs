//! `ottavo dev` in a process of its own, over folders that a test writes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use ottavo_test_support::{Answer, binary, send};
use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

/// For anything that takes long only when it is broken, or when a compiler is slow.
pub(super) const PATIENCE: Duration = Duration::from_secs(300);

/// How often something that is about to be is looked at.
pub(super) const POLL: Duration = Duration::from_millis(20);

/// Folders of functions.
pub(super) struct Place(TempDir);

impl Place {
    pub(super) fn new() -> Place {
        Place(tempfile::tempdir().unwrap())
    }

    pub(super) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file at once, as a good editor does: nobody sees half of it.
    pub(super) fn write(&self, file: &str, content: impl AsRef<[u8]>) {
        let path = self.path().join(file);
        let folder = path.parent().unwrap();
        fs::create_dir_all(folder).unwrap();
        let part = folder.join(".part");
        fs::write(&part, content).unwrap();
        fs::rename(part, path).unwrap();
    }

    /// Waits until a build has left a file.
    pub(super) async fn until(&self, file: &str) {
        let path = self.path().join(file);
        let there = async {
            while !path.exists() {
                tokio::time::sleep(POLL).await;
            }
        };
        timeout(PATIENCE, there).await.unwrap_or_else(|_| panic!("no build leaves `{file}`"));
    }

    /// A function that a shell script builds, with the route `/<name>` and the store.
    pub(super) fn function(&self, name: &str, script: &str) {
        let text = format!(
            "manifest = 1\nname = \"{name}\"\n\
             [build]\ncommand = [\"sh\", \"build.sh\"]\noutput = \"out.wasm\"\n\
             [[http]]\nroute = \"/{name}\"\n[needs]\nstate = [\"default\"]\n"
        );
        self.write(&format!("{name}/function.toml"), text);
        self.write(&format!("{name}/build.sh"), script);
    }

    /// Runs `dev` over these folders.
    pub(super) async fn dev(&self, arguments: &[&str]) -> Dev {
        Dev::start(self.path(), arguments).await
    }

    /// Runs `dev` where it does not start; its code and what it says.
    pub(super) async fn refused(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let output = timeout(PATIENCE, command(self.path(), arguments).output());
        let output = output.await.unwrap().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(binary());
    command.arg("dev").args(arguments).args(["--output", "json"]);
    for listener in ["--http", "--grpc", "--actuator"] {
        if !arguments.contains(&listener) {
            command.args([listener, "127.0.0.1:0"]);
        }
    }
    command.current_dir(folder).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    for name in ["OTTAVO_CONFIG", "OTTAVO_DATA_DIR"] {
        command.env_remove(name);
    }
    command.kill_on_drop(true);
    command
}

/// A running `dev`.
pub(super) struct Dev {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    http: std::net::SocketAddr,
    folder: PathBuf,
}

impl Dev {
    async fn start(folder: &Path, arguments: &[&str]) -> Dev {
        let log = fs::File::options().create(true).append(true).open(folder.join("log")).unwrap();
        let mut child = command(folder, arguments).stderr(log).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = timeout(PATIENCE, lines.next_line()).await.unwrap().unwrap();
        let log = fs::read_to_string(folder.join("log")).unwrap();
        let info: Value = serde_json::from_str(&line.expect(&log)).unwrap();
        let http = info["http"].as_str().unwrap().parse().unwrap();
        Dev { child, lines, http, folder: folder.to_owned() }
    }

    /// The next thing that happens.
    pub(super) async fn event(&mut self) -> Value {
        let line = timeout(PATIENCE, self.lines.next_line()).await.expect("nothing happens");
        serde_json::from_str(&line.unwrap().expect("it ended")).unwrap()
    }

    /// The end of the next build of a function.
    pub(super) async fn built(&mut self, function: &str) -> Value {
        loop {
            let event = self.event().await;
            let ends = event["event"] == "deployed" || event["event"] == "failed";
            if event["function"] == function && ends {
                return event;
            }
        }
    }

    /// The version that the next build deploys.
    pub(super) async fn deployed(&mut self, function: &str) -> u64 {
        let event = self.built(function).await;
        assert_eq!(event["event"], "deployed", "{event:#}");
        event["version"].as_u64().unwrap()
    }

    pub(super) async fn get(&self, path: &str) -> Answer {
        self.send("GET", path).await
    }

    pub(super) async fn send(&self, method: &str, path: &str) -> Answer {
        let request = http::Request::builder().method(method).uri(path).header("host", "localhost");
        send(self.http, request.body(bytes::Bytes::new()).unwrap()).await.unwrap()
    }

    pub(super) fn pid(&self) -> u32 {
        self.child.id().unwrap()
    }

    /// Where the host keeps everything.
    pub(super) fn data_dir(&self) -> PathBuf {
        self.folder.join(".ottavo")
    }

    /// Sends it a signal and waits for its end.
    pub(super) async fn stop(mut self, signal: &str) -> ExitStatus {
        let pid = self.pid().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().await.unwrap().success());
        timeout(PATIENCE, self.child.wait()).await.expect("it does not end").unwrap()
    }
}
