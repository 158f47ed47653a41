//! Running a compiler: its standard error is shown as it comes, its standard output is kept.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

use ottavo_settings::Env;

use super::minder::{Ended, Minder};
use crate::failure::{Failure, Result};
use crate::progress::{self, Progress};

/// The most that a compiler's standard output may be.
pub(super) const MAX_OUTPUT: u64 = 64 << 20;

/// The folder and environment of every command.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Surroundings<'a> {
    dir: &'a Path,
    rust_toolchain: Option<&'a str>,
    minder: Option<&'a Minder>,
}

impl<'a> Surroundings<'a> {
    /// Commands run in `dir`. `OTTAVO_RUST_TOOLCHAIN` names the rustup toolchain for functions.
    pub(crate) fn new(dir: &'a Path, env: &'a Env) -> Surroundings<'a> {
        Surroundings { dir, rust_toolchain: env.get("OTTAVO_RUST_TOOLCHAIN"), minder: None }
    }

    /// Commands are looked after by `minder`, which also keeps what they say.
    pub(crate) fn minded(self, minder: Option<&'a Minder>) -> Surroundings<'a> {
        Surroundings { minder, ..self }
    }

    /// Shows that something is under way, where a person waits for it.
    pub(crate) fn progress(&self, what: String) -> Progress {
        match self.minder {
            Some(_) => Progress::hidden(),
            None => Progress::spinner(what),
        }
    }

    /// A program and its arguments; none when there is no program.
    pub(crate) fn command(&self, line: &[String]) -> Option<Command> {
        let (program, arguments) = line.split_first()?;
        let mut command = Command::new(program);
        command.args(arguments).current_dir(self.dir).stdin(Stdio::null());
        if let Some(toolchain) = self.rust_toolchain {
            command.env("RUSTUP_TOOLCHAIN", toolchain);
        }
        Some(command)
    }
}

/// Runs a command to its end and returns what it printed.
pub(crate) fn run(
    line: &[String],
    env: Vec<(String, String)>,
    surroundings: &Surroundings<'_>,
    progress: &Progress,
) -> Result<String> {
    let shown = line.join(" ");
    let failed = |error| Failure::new(format!("run `{shown}`: {error}"));
    let mut command =
        surroundings.command(line).ok_or_else(|| Failure::new("the build's command is empty"))?;
    command.envs(env);
    if let Some(minder) = surroundings.minder {
        let Ended { status, stdout } = minder.run(&mut command).map_err(failed)?;
        return match status.success() {
            true => Ok(stdout),
            false => Err(not_built(&shown, status)),
        };
    }
    command.stdout(Stdio::piped());
    if progress::shown() {
        command.env("CARGO_TERM_COLOR", "always").stderr(Stdio::piped());
    }
    let mut child = command.spawn().map_err(failed)?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let printed = std::thread::scope(|scope| {
        if let Some(stderr) = stderr {
            scope.spawn(move || {
                let lines = BufReader::new(stderr).lines().map_while(std::result::Result::ok);
                lines.for_each(|line| progress.line(&line));
            });
        }
        let mut printed = Vec::new();
        stdout.map_or(Ok(0), |stdout| stdout.take(MAX_OUTPUT).read_to_end(&mut printed))?;
        Ok(String::from_utf8_lossy(&printed).into_owned())
    });
    let status = child.wait().map_err(failed)?;
    if !status.success() {
        return Err(not_built(&shown, status));
    }
    printed.map_err(failed)
}

fn not_built(shown: &str, status: ExitStatus) -> Failure {
    Failure::new(format!("the build failed ({status}): `{shown}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sh(script: &str) -> Result<String> {
        let env = Env::of([("OTTAVO_RUST_TOOLCHAIN", "mine")]);
        let line = ["sh", "-c", script].map(str::to_owned);
        let extra = vec![("COLOUR".to_owned(), "blue".to_owned())];
        let progress = Progress::spinner(String::new());
        run(&line, extra, &Surroundings::new(Path::new("/"), &env), &progress)
    }

    #[test]
    fn the_output_is_returned_and_a_failure_says_what_was_run() {
        let printed = sh("echo $PWD $COLOUR $RUSTUP_TOOLCHAIN").expect("it runs");
        assert_eq!(printed, "/ blue mine\n");
        let failure = sh("exit 3").expect_err("it fails");
        assert!(failure.messages[0].contains("exit status: 3"), "{failure:?}");
    }
}
