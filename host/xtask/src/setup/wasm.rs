//! A Rust standard library for the targets of guests, in three steps: it is there, `rustup` adds it,
//! or it is built from Debian's packages into a sysroot of our own.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use super::sysroot::Sysroot;
use crate::place::{self, Place};
use crate::{process, say};

/// The name of the toolchain that step three links.
pub(super) const OURS: &str = "ottavo-wasm";

/// The name of the rustup toolchain that has all of `targets`.
pub(super) fn ready(place: &Place, targets: &[String]) -> Result<Option<String>> {
    if place::on_path("rustup").is_none() {
        let lacking = lacking(targets, &Command::new("rustc"));
        if lacking.is_empty() {
            return Ok(None);
        }
        bail!(
            "rust has no {}, and there is no rustup to add them: install it from https://rustup.rs",
            lacking.join(", ")
        );
    }
    let active = active()?;
    let missing = lacking(targets, &rustc(&active));
    if missing.is_empty() {
        return Ok(Some(active));
    }
    let sysroot = Sysroot::new(place, &active)?;
    if sysroot.has(targets)? {
        return Ok(Some(OURS.to_owned()));
    }
    if !place.registries_only {
        say::heading(&format!("setup: {} for {active}", missing.join(", ")));
        let mut add = Command::new("rustup");
        add.args(["target", "add", "--toolchain", &active]).args(&missing);
        match process::run(&mut add) {
            Ok(()) if lacking(targets, &rustc(&active)).is_empty() => return Ok(Some(active)),
            Ok(()) => say::line("rustup said yes, but the targets are not there"),
            Err(error) => say::line(format_args!("refused: {error}")),
        }
    }
    say::heading("setup: the Rust standard library for wasm, from Debian's packages");
    sysroot.build(targets)?;
    Ok(Some(OURS.to_owned()))
}

/// Whether a folder of target libraries holds `std`.
pub(super) fn has_std(folder: &Path) -> bool {
    let Ok(entries) = folder.read_dir() else { return false };
    entries.flatten().any(|entry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        name.starts_with("libstd-") && name.ends_with(".rlib")
    })
}

/// The targets for which this compiler has no standard library.
fn lacking<'t>(targets: &'t [String], rustc: &Command) -> Vec<&'t str> {
    let has = |target: &str| {
        let mut ask = Command::new(rustc.get_program());
        ask.args(rustc.get_args()).args(["--print", "target-libdir", "--target", target]);
        process::ask(&mut ask).is_some_and(|folder| has_std(Path::new(folder.trim())))
    };
    targets.iter().map(String::as_str).filter(|target| !has(target)).collect()
}

fn rustc(toolchain: &str) -> Command {
    let mut command = Command::new("rustup");
    command.args(["run", toolchain, "rustc"]);
    command
}

/// The toolchain of the host: it brings cargo and the linkers.
fn active() -> Result<String> {
    let name = match place::rustup_toolchain() {
        Some(name) => name,
        None => {
            let shown =
                process::capture(Command::new("rustup").args(["show", "active-toolchain"]))?;
            shown.split_whitespace().next().unwrap_or("stable").to_owned()
        }
    };
    Ok(if name == OURS { "stable".to_owned() } else { name })
}
