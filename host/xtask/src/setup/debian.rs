//! Debian packages: asking what is installed, and installing it.

use std::process::Command;

use anyhow::{Result, bail};

use crate::{place, process};

/// Installs those of `packages` that are missing. `instead` is what a person could do otherwise.
pub(super) fn ensure(packages: &[&str], instead: &str) -> Result<()> {
    let missing: Vec<&str> = packages.iter().copied().filter(|name| !installed(name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let install = format!("apt-get install {}", missing.join(" "));
    if place::on_path("apt-get").is_none() {
        bail!("this needs `{instead}`, or on Debian `{install}`");
    }
    let Some(mut update) = as_root("apt-get") else {
        bail!("this needs root: run `{install}`, or `{instead}`");
    };
    process::run(update.args(["update", "-q"]))?;
    let Some(mut command) = as_root("apt-get") else { bail!("this needs root: run `{install}`") };
    command.args(["install", "-qy", "--no-install-recommends"]).args(&missing);
    // a package must not start the service that it brings
    process::run(command.env("DEBIAN_FRONTEND", "noninteractive").env("RUNLEVEL", "1"))
}

/// The installed version of a package.
pub(super) fn version(package: &str) -> Option<String> {
    let mut query = Command::new("dpkg-query");
    query.args(["-W", "-f", "${db:Status-Abbrev} ${Version}", package]);
    let answer = process::ask(&mut query)?;
    let (status, version) = answer.split_once(' ')?;
    status.starts_with("ii").then(|| version.trim().to_owned())
}

fn installed(package: &str) -> bool {
    version(package).is_some()
}

fn as_root(program: &str) -> Option<Command> {
    let user = process::ask(Command::new("id").arg("-u"));
    if user.is_some_and(|id| id.trim() == "0") {
        return Some(Command::new(program));
    }
    place::on_path("sudo")?;
    let mut command = Command::new("sudo");
    command.arg(program);
    Some(command)
}
