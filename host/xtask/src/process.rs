//! Running a program and judging how it ended.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::say;

/// Shows the command, runs it, fails when it fails.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    say::command(command);
    quietly(command)
}

/// Runs it with its output where ours goes, without showing the command.
pub(crate) fn quietly(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("start `{}`", name(command)))?;
    if !status.success() {
        bail!("`{}` ended with {status}", say::typed(command));
    }
    Ok(())
}

/// What it printed on stdout.
pub(crate) fn capture(command: &mut Command) -> Result<String> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("start `{}`", name(command)))?;
    if !output.status.success() {
        bail!("`{}` ended with {}", say::typed(command), output.status);
    }
    String::from_utf8(output.stdout).with_context(|| format!("read what `{}` said", name(command)))
}

/// What it printed on stdout, or nothing when it failed or is not there.
pub(crate) fn ask(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Shows the command and runs it; each line of its stdout is passed on as it comes, and to `look`.
/// Says whether it succeeded.
pub(crate) fn watch(command: &mut Command, mut look: impl FnMut(&str)) -> Result<bool> {
    say::command(command);
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("start `{}`", name(command)))?;
    let stdout = child.stdout.take().context("the pipe was asked for")?;
    let mut lines = BufReader::new(stdout);
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line)? > 0 {
        std::io::stdout().write_all(&line)?;
        look(String::from_utf8_lossy(&line).trim_end());
        line.clear();
    }
    Ok(child.wait()?.success())
}

fn name(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}
