//! The host of the demo: a process of its own that is stopped whatever happens.

use std::fs::File;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::ports::Ports;
use super::request::Request;
use crate::place::Place;
use crate::{host, process, say};

/// A host that is not ready by then will not be.
const START: Duration = Duration::from_secs(60);
/// The host's own deadline for draining is shorter.
const DRAIN: Duration = Duration::from_secs(40);
const POLL: Duration = Duration::from_millis(20);
const LOG: &str = "host.log";
/// How much of the log is shown when something went wrong.
const TAIL: usize = 30;
const READY: &str = "/actuator/health/readiness";

/// A running host and the folder it works in.
pub(super) struct Server {
    child: Child,
    folder: PathBuf,
    stopped: bool,
}

impl Server {
    /// Starts `ottavo serve` in a fresh folder, and waits until it is ready.
    pub(super) fn start(place: &Place, ports: &Ports) -> Result<Self> {
        let name = format!("ottavo-demo-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir(&folder)
            .with_context(|| format!("create the folder `{}`", folder.display()))?;
        let mut command = place.command(host::ottavo(place));
        command.arg("serve").args(ports.flags()).current_dir(&folder);
        // Ctrl-C at the terminal is for the demo, which then ends the host in order
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let log = File::create(folder.join(LOG))?;
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        say::line(format_args!("  $ cd {}", folder.display()));
        say::line(format_args!("  $ {} 2> {LOG} &", say::typed(&command)));
        let child = command.spawn().context("start the host")?;
        let mut server = Self { child, folder, stopped: false };
        if let Err(error) = server.wait_until_ready(ports) {
            server.show_log();
            return Err(error);
        }
        Ok(server)
    }

    /// `ottavo` as a user runs it in the folder of this host, which is how it finds the host.
    pub(super) fn client(&self, place: &Place) -> Command {
        let mut command = place.command(host::ottavo(place));
        command.current_dir(&self.folder);
        command
    }

    /// Whether the process is gone.
    pub(super) fn has_ended(&mut self) -> Result<bool> {
        Ok(self.child.try_wait()?.is_some())
    }

    /// SIGTERM, and the wait for the calls under way.
    pub(super) fn stop(mut self) -> Result<()> {
        let status = self.end()?;
        if !status.success() {
            bail!("the host ended with {status}");
        }
        Ok(())
    }

    /// Shows the end of the host's log.
    pub(super) fn show_log(&self) {
        let log = std::fs::read_to_string(self.folder.join(LOG)).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        say::line(format_args!("the end of {LOG}:"));
        for line in &lines[lines.len().saturating_sub(TAIL)..] {
            say::line(format_args!("  {line}"));
        }
    }

    fn wait_until_ready(&mut self, ports: &Ports) -> Result<()> {
        let deadline = Instant::now() + START;
        let ask = Request::get(ports.actuator, READY);
        loop {
            if let Some(status) = self.child.try_wait()? {
                self.stopped = true;
                bail!("the host did not start: it ended with {status}");
            }
            if ask.send().is_ok_and(|answer| answer.status == 200) {
                return Ok(());
            }
            if Instant::now() > deadline {
                bail!("the host was not ready within {} s: {}", START.as_secs(), ask.as_curl());
            }
            std::thread::sleep(POLL);
        }
    }

    fn end(&mut self) -> Result<ExitStatus> {
        self.stopped = true;
        if let Some(status) = self.child.try_wait()? {
            return Ok(status);
        }
        // the shell's own `kill`, as std has none that asks first
        let mut kill = Command::new("sh");
        kill.args(["-c", "kill -TERM \"$1\"", "sh", &self.child.id().to_string()]);
        process::quietly(&mut kill).context("ask the host to stop")?;
        let deadline = Instant::now() + DRAIN;
        while Instant::now() < deadline {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            std::thread::sleep(POLL);
        }
        self.child.kill()?;
        self.child.wait()?;
        bail!("the host did not stop within {} s of SIGTERM: it was killed", DRAIN.as_secs());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if !self.stopped
            && let Err(error) = self.end()
        {
            say::failure(&error);
        }
        if let Err(error) = std::fs::remove_dir_all(&self.folder) {
            say::line(format_args!("`{}` stays behind: {error}", self.folder.display()));
        }
    }
}
