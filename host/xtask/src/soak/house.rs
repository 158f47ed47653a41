//! A host of the soak: a process that is killed and started again on the same folder.

use std::fs::{self, File};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::demo::ports::Ports;
use crate::demo::request::Request;
use crate::place::Place;
use crate::{host, process};

/// For anything that takes long only when it is broken.
const PATIENCE: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(20);

/// The functions: the program, and its manifest in the repository.
const FURNITURE: [(&str, &str); 4] = [
    ("counter-rust", "examples/counter-rust/function.toml"),
    ("counter-go", "examples/counter-go/function.toml"),
    ("counter-assemblyscript", "examples/counter-assemblyscript/function.toml"),
    ("faults", "tests/programs/faults/function.toml"),
];

/// What a process holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Holds {
    pub(super) memory: u64,
    pub(super) files: usize,
}

pub(super) struct House {
    pub(super) name: &'static str,
    folder: PathBuf,
    ports: Ports,
    child: Child,
}

impl House {
    /// Starts a host whose store of state is this.
    pub(super) fn start(place: &Place, name: &'static str, store: &str) -> Result<House> {
        let folder =
            std::env::temp_dir().join(format!("ottavo-soak-{}-{name}", std::process::id()));
        fs::create_dir(&folder).with_context(|| format!("make {folder:?}"))?;
        let cache = place.test_cache();
        let config = format!("[state.default]\n{store}\n[engine]\ncache_dir = {cache:?}\n");
        fs::write(folder.join("ottavo.toml"), config)?;
        let ports = Ports::free()?;
        let child = spawn(place, &folder, &ports)?;
        let mut house = House { name, folder, ports, child };
        house.wait_until_ready()?;
        Ok(house)
    }

    pub(super) fn http(&self) -> SocketAddr {
        self.ports.http
    }

    /// Whether it is killed now and then: all but the one that keeps everything in memory.
    pub(super) fn is_killed(&self) -> bool {
        self.name != "memory"
    }

    /// Deploys everything.
    pub(super) fn furnish(&mut self, place: &Place) -> Result<()> {
        for (program, manifest) in FURNITURE {
            let manifest = place.root.join(manifest);
            if !self.deploy(place, program, &manifest)? {
                bail!("`{program}` is not deployed on `{}`: see {:?}", self.name, self.folder);
            }
        }
        Ok(())
    }

    /// Deploys one of the counters as another version; whether that was done.
    pub(super) fn deploy_anew(&self, place: &Place, mark: usize) -> Result<bool> {
        let (program, manifest) = FURNITURE[mark / 3 % 3];
        let text = fs::read_to_string(place.root.join(manifest))?;
        let description = format!("description = \"version {mark}\"");
        let line = |line: &str| match line.starts_with("description") {
            true => description.clone(),
            false => line.to_owned(),
        };
        let anew = self.folder.join("anew.toml");
        fs::write(&anew, text.lines().map(line).collect::<Vec<_>>().join("\n"))?;
        self.deploy(place, program, &anew)
    }

    fn deploy(&self, place: &Place, program: &str, manifest: &Path) -> Result<bool> {
        let mut deploy = place.command(host::ottavo(place));
        deploy.arg("deploy").arg(place.programs().join(format!("{program}.wasm")));
        deploy.arg("--manifest").arg(manifest).arg("--accept");
        deploy.arg("--host").arg(self.folder.join("data")).stdin(Stdio::null());
        let log = self.log()?;
        Ok(deploy.stdout(log.try_clone()?).stderr(log).status()?.success())
    }

    /// Kills it without warning, and starts it again on what it left.
    pub(super) fn kill_and_start(&mut self, place: &Place) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        self.child = spawn(place, &self.folder, &self.ports)?;
        self.wait_until_ready()?;
        self.wait_until_it_counts()
    }

    /// Waits until a function answers with what its store has.
    pub(super) fn wait_until_it_counts(&mut self) -> Result<()> {
        self.wait(Request::get(self.ports.http, "/counter/none"))
    }

    pub(super) fn has_ended(&mut self) -> Result<bool> {
        Ok(self.child.try_wait()?.is_some())
    }

    /// What its process holds.
    pub(super) fn holds(&self) -> Result<Holds> {
        let process = PathBuf::from(format!("/proc/{}", self.child.id()));
        let status = fs::read_to_string(process.join("status"))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
        let files = fs::read_dir(process.join("fd"))?.count();
        Ok(Holds { memory: kib.context("read `VmRSS`")? << 10, files })
    }

    /// The same of a process that is new, after it was called for a while.
    pub(super) fn settle(&self) -> Result<Holds> {
        std::thread::sleep(Duration::from_secs(3));
        self.holds()
    }

    /// Stops it in order, and removes its folder.
    pub(super) fn stop(mut self) -> Result<()> {
        let mut kill = std::process::Command::new("sh");
        kill.args(["-c", "kill -TERM \"$1\"", "sh", &self.child.id().to_string()]);
        process::quietly(&mut kill)?;
        let deadline = Instant::now() + PATIENCE;
        while self.child.try_wait()?.is_none() {
            if Instant::now() > deadline {
                bail!("the host on `{}` does not stop", self.name);
            }
            std::thread::sleep(POLL);
        }
        Ok(fs::remove_dir_all(&self.folder)?)
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        self.wait(Request::get(self.ports.actuator, "/actuator/health/readiness"))
    }

    fn wait(&mut self, ask: Request<'_>) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        while !ask.send().is_ok_and(|answer| answer.status == 200) {
            if self.has_ended()? || Instant::now() > deadline {
                bail!("the host on `{}` does not answer: {}", self.name, ask.as_curl());
            }
            std::thread::sleep(POLL);
        }
        Ok(())
    }

    fn log(&self) -> Result<File> {
        Ok(File::options().create(true).append(true).open(self.folder.join("log"))?)
    }
}

impl Drop for House {
    fn drop(&mut self) {
        // it has ended already where it was stopped in order
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn spawn(place: &Place, folder: &Path, ports: &Ports) -> Result<Child> {
    let mut command = place.command(host::ottavo(place));
    command.arg("serve").args(ports.flags()).current_dir(folder);
    command.arg("--data-dir").arg(folder.join("data"));
    let log = File::options().create(true).append(true).open(folder.join("log"))?;
    command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
    command.spawn().context("start a host")
}
