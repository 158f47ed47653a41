//! Where things are: the repository, the target folder, the cache. The only file that reads the
//! environment.

#![expect(clippy::disallowed_methods, reason = "a developer's tool is configured by environment")]

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

/// The folders everything else is given.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// The root of the repository.
    pub(crate) root: PathBuf,
    /// What cargo builds: `CARGO_TARGET_DIR`, or `target` in the cache.
    pub(crate) target: PathBuf,
    /// What xtask installs for itself, under the user's cache folder.
    pub(crate) cache: PathBuf,
    /// Use package registries only, never `rustup target add` (`WASM_REGISTRIES_ONLY`).
    pub(crate) registries_only: bool,
}

impl Place {
    /// Finds them.
    pub(crate) fn find() -> Result<Self> {
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = manifest.ancestors().nth(2).context("find the root of the repository")?;
        let cache = user_cache()?.join("ottavo");
        let target = set("CARGO_TARGET_DIR").map_or_else(|| cache.join("target"), PathBuf::from);
        Ok(Self {
            target: std::path::absolute(target)?,
            root: root.to_owned(),
            cache,
            registries_only: set("WASM_REGISTRIES_ONLY").is_some(),
        })
    }

    /// Where the release binaries of the host are.
    pub(crate) fn release(&self) -> PathBuf {
        self.target.join("release")
    }

    /// The target folder that this very program was built in: `target` in the repository when
    /// nothing else was said to the outer cargo.
    pub(crate) fn own_target(&self) -> PathBuf {
        let program = std::env::current_exe().unwrap_or_default();
        program.ancestors().nth(2).map_or_else(|| self.target.clone(), Path::to_owned)
    }

    /// Where guests are built: other targets, other lock files, other compilers.
    pub(crate) fn guest_target(&self) -> PathBuf {
        self.target.join("guests")
    }

    /// Where the programs of the tests lie as `.wasm`.
    pub(crate) fn programs(&self) -> PathBuf {
        self.target.join("programs")
    }

    /// The artifact cache that all test hosts share.
    pub(crate) fn test_cache(&self) -> PathBuf {
        self.target.join("test-cache")
    }

    /// A command in the root of the repository, without what the outer `cargo run` says about this
    /// crate: build scripts would run again on seeing it.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy();
            if ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_"]
                .iter()
                .any(|prefix| name.starts_with(prefix))
            {
                command.env_remove(name.as_ref());
            }
        }
        // a host of the user's own is not what tests and demo are about
        for name in ["OTTAVO_CONFIG", "OTTAVO_DATA_DIR", "OTTAVO_HOST"] {
            command.env_remove(name);
        }
        command
    }

    /// `cargo` for the host workspace.
    pub(crate) fn cargo(&self) -> Command {
        let mut command = self.command("cargo");
        command.env("CARGO_TARGET_DIR", &self.target);
        command
    }

    /// A path as a person reads it: relative to the repository when it is inside.
    pub(crate) fn shown(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).display().to_string()
    }
}

/// The full path of a program on `PATH`.
pub(crate) fn on_path(program: &str) -> Option<PathBuf> {
    path().into_iter().map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// The folders of `PATH`.
pub(crate) fn path() -> Vec<PathBuf> {
    std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default()
}

/// The toolchain that rustup chose for this very process.
pub(crate) fn rustup_toolchain() -> Option<String> {
    set("RUSTUP_TOOLCHAIN")
}

fn user_cache() -> Result<PathBuf> {
    if let Some(folder) = set("XDG_CACHE_HOME") {
        return Ok(PathBuf::from(folder));
    }
    let home = std::env::home_dir().context("find a cache folder: set `XDG_CACHE_HOME`")?;
    Ok(home.join(".cache"))
}

fn set(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
