//! `setup`: everything a fresh machine needs for demo and tests, installed once.
//!
//! Nothing that the user has is changed: no file of a toolchain is written, no default is set. What
//! can only be installed system-wide (Debian packages, in the fallback) is said before it is done.

mod compilers;
mod debian;
mod objects;
mod sysroot;
mod tools;
mod wasm;

use std::fs::File;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

pub(crate) use self::compilers::Compilers;
pub(crate) use self::tools::{DENY, TYPOS, Tool, WASMTIME};
use crate::guests::Program;
use crate::place::Place;
use crate::{guests, place, say};

/// What setup found or made.
#[derive(Clone, Debug)]
pub(crate) struct Ready {
    /// The rustup toolchain that builds guests; none where Rust is there without rustup.
    toolchain: Option<String>,
    /// Where `ottavo build` lets compilers work.
    build_dir: PathBuf,
    /// The compilers of the other languages.
    pub(crate) compilers: Compilers,
    /// Folders of servers that setup installed.
    servers: Vec<PathBuf>,
}

impl Ready {
    /// Tells a command, and whatever it starts, which toolchain builds guests and where to.
    pub(crate) fn tell<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        command.env("OTTAVO_BUILD_DIR", &self.build_dir);
        if let Some(path) = self.compilers.path_after(&self.servers) {
            command.env("PATH", path);
        }
        if let Some(name) = &self.toolchain {
            command.env("OTTAVO_RUST_TOOLCHAIN", name);
        }
        command
    }

    /// A program of a language's tools.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.compilers.program(name)
    }

    /// Makes `command`, a cargo, the one that can build guests, and lets it share what it builds
    /// with `ottavo build`.
    pub(crate) fn for_rust<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        command.env("CARGO_TARGET_DIR", self.build_dir.join("rust"));
        if let Some(name) = &self.toolchain {
            command.env("RUSTUP_TOOLCHAIN", name);
        }
        command
    }
}

/// What building these programs needs.
pub(crate) fn for_guests(place: &Place, programs: &[Program]) -> Result<Ready> {
    std::fs::create_dir_all(&place.cache)
        .with_context(|| format!("create the cache folder `{}`", place.cache.display()))?;
    // one setup at a time on this machine: the second finds everything done
    let lock = File::create(place.cache.join("setup.lock")).context("open the lock of setup")?;
    lock.lock().context("wait for another setup")?;
    let toolchain = wasm::ready(place, &guests::rust_targets(place, programs)?)?;
    if let Some(name) = &toolchain {
        say::line(format_args!("guests are built with the Rust toolchain `{name}`"));
    }
    let compilers = Compilers::ready(place, programs)?;
    let servers = Vec::new();
    Ok(Ready { toolchain, build_dir: place.guest_target(), compilers, servers })
}

/// What the tests need beyond that: the tools of single steps. A tool that cannot be had is named
/// here, and its step says that it was not run.
pub(crate) fn for_tests(place: &Place) -> Result<Ready> {
    let ready = with_servers(place, for_guests(place, &guests::programs(place)?)?)?;
    for tool in tools::ALL {
        match tool.find_or_install(place) {
            Ok(path) => say::line(format_args!("{}: {}", tool.name, path.display())),
            Err(error) => say::line(format_args!("{}: {error:#}", tool.name)),
        }
    }
    Ok(ready)
}

/// The servers that tests start, each for itself.
pub(crate) fn with_servers(place: &Place, ready: Ready) -> Result<Ready> {
    if place::on_path("redis-server").is_none() {
        say::heading("setup: redis, which the tests start on ports of their own");
        debian::ensure(&["redis-server"], "a redis-server on PATH")?;
    }
    let servers = objects::ready(place)?.into_iter().collect();
    Ok(Ready { servers, ..ready })
}
