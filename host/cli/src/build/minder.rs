//! Looks after the compilers of one function where nobody sits before them: `ottavo dev`.
//!
//! A minded command is the leader of a process group of its own. What it prints goes to files
//! without a name rather than to pipes, so that a process that it leaves behind cannot hold up the
//! build. When the command ends, or the build is cancelled, the whole group is killed.

use std::fs::File;
use std::io::{self, Read as _, Seek as _};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, ExitStatus};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

use super::command::MAX_OUTPUT;

/// The most that is kept of what a failed command said.
const MAX_TALK: usize = 64 << 10;

/// Runs commands one after the other, and ends them all when it is told to.
#[derive(Debug, Default)]
pub(crate) struct Minder {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    cancelled: bool,
    /// The group that runs; its leader is not waited for yet, so that the id is its own.
    running: Option<Pid>,
    /// What the last failed command said.
    talk: String,
}

/// A command's end.
pub(crate) struct Ended {
    pub(crate) status: ExitStatus,
    pub(crate) stdout: String,
}

impl Minder {
    /// Kills what runs, and lets nothing start any more.
    pub(crate) fn cancel(&self) {
        let mut state = self.state();
        state.cancelled = true;
        if let Some(group) = state.running {
            kill(group);
        }
    }

    /// What the command that failed last said; empties it.
    pub(crate) fn take_talk(&self) -> String {
        std::mem::take(&mut self.state().talk)
    }

    /// Runs a command to its end.
    ///
    /// # Errors
    /// When it does not start, or the build was cancelled.
    pub(crate) fn run(&self, command: &mut Command) -> io::Result<Ended> {
        let (mut stdout, mut stderr) = (tempfile::tempfile()?, tempfile::tempfile()?);
        command.stdout(stdout.try_clone()?).stderr(stderr.try_clone()?).process_group(0);
        let mut child = self.start(command)?;
        let status = self.wait(&mut child)?;
        let stdout = text(&mut stdout, MAX_OUTPUT)?;
        if !status.success() {
            let said = text(&mut stderr, MAX_TALK as u64)?;
            let said = if said.trim().is_empty() { &stdout } else { &said };
            // for pages and JSON: a compiler may colour what it writes to a file all the same
            self.state().talk = anstream::adapter::strip_str(cut(said)).to_string();
        }
        Ok(Ended { status, stdout })
    }

    fn start(&self, command: &mut Command) -> io::Result<Child> {
        let mut state = self.state();
        if state.cancelled {
            return Err(io::Error::new(io::ErrorKind::Interrupted, "the build was cancelled"));
        }
        let child = command.spawn()?;
        state.running = Some(Pid::from_child(&child));
        Ok(child)
    }

    /// Waits without taking the status: until it is taken, no other process can get the group's id.
    fn wait(&self, child: &mut Child) -> io::Result<ExitStatus> {
        let leader = Pid::from_child(child);
        let ended = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
        while let Err(error) = waitid(WaitId::Pid(leader), ended) {
            if error != rustix::io::Errno::INTR {
                return Err(error.into());
            }
        }
        let mut state = self.state();
        kill(leader);
        state.running = None;
        child.wait()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Kills a group. One that is gone is no error.
fn kill(group: Pid) {
    kill_process_group(group, Signal::KILL).ok();
}

/// The beginning of a file, as text.
fn text(file: &mut File, most: u64) -> io::Result<String> {
    file.rewind()?;
    let mut bytes = Vec::new();
    file.take(most).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(MAX_TALK)]
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    fn sh(minder: &Minder, script: &str) -> io::Result<Ended> {
        minder.run(Command::new("sh").args(["-c", script]))
    }

    /// Whether a process runs; one that is dead and not waited for does not.
    fn runs(pid: &str) -> bool {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        !matches!(stat.rsplit(") ").next().and_then(|rest| rest.chars().next()), None | Some('Z'))
    }

    fn ends(pid: &str) -> bool {
        let deadline = Instant::now() + Duration::from_secs(20);
        while runs(pid) && Instant::now() < deadline {
            std::thread::yield_now();
        }
        !runs(pid)
    }

    #[test]
    fn what_a_command_prints_is_kept_and_told_when_it_fails() {
        let minder = Minder::default();
        let ended = sh(&minder, "echo out; echo fine >&2").expect("it runs");
        assert!(ended.status.success() && ended.stdout == "out\n");
        assert_eq!(minder.take_talk(), "");
        let ended = sh(&minder, "echo out; echo wrong >&2; exit 3").expect("it runs");
        assert_eq!((ended.status.code(), minder.take_talk().as_str()), (Some(3), "wrong\n"));
        sh(&minder, "echo only here; exit 1").expect("it runs");
        assert_eq!(minder.take_talk(), "only here\n");
    }

    #[test]
    fn what_a_command_leaves_in_the_background_ends_with_it() {
        let ended = sh(&Minder::default(), "sleep 1000 & echo $!").expect("it runs");
        let pid = ended.stdout.trim();
        assert!(!pid.is_empty() && ends(pid), "{pid}");
    }

    #[test]
    fn a_cancelled_build_ends_with_all_its_processes_and_starts_no_more() {
        let minder = Minder::default();
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("pid");
        let script =
            format!("sleep 1000 & echo $! > {0}.part && mv {0}.part {0}; wait", file.display());
        std::thread::scope(|scope| {
            let build = scope.spawn(|| sh(&minder, &script).expect("it starts"));
            let deadline = Instant::now() + Duration::from_secs(20);
            while !file.exists() && Instant::now() < deadline {
                std::thread::yield_now();
            }
            minder.cancel();
            assert!(!build.join().expect("no panic").status.success());
        });
        let pid = std::fs::read_to_string(&file).expect("it had started");
        assert!(ends(pid.trim()), "{pid}");
        assert!(sh(&minder, "true").is_err());
    }
}
