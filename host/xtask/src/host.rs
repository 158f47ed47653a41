//! The host workspace: which packages are built together, and the binaries that come out.
//!
//! One selection for demo and tests: cargo unifies features over what is selected, and another
//! selection would build wasmtime and tokio a second time. xtask and the generators stay outside,
//! as their dependencies ask for features that the host does not.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::place::Place;
use crate::{generate, process};

/// Tools of developers, with dependencies and features of their own.
pub(crate) const OUTSIDE: [&str; 3] = ["xtask", generate::PACKAGE, "ottavo-bindgen-assemblyscript"];

/// `cargo <verb> --release` over the host's packages.
pub(crate) fn cargo(place: &Place, verb: &str) -> Command {
    cargo_in(place, verb, &["--release"])
}

/// The same in another profile: the verb's own when none is named.
pub(crate) fn cargo_in(place: &Place, verb: &str, profile: &[&str]) -> Command {
    let mut command = place.cargo();
    command.arg(verb).args(profile).arg("--workspace");
    for package in OUTSIDE {
        command.args(["--exclude", package]);
    }
    command
}

/// Builds the host's binaries.
pub(crate) fn build(place: &Place) -> Result<()> {
    process::run(cargo(place, "build").arg("--bins"))
}

/// The host itself.
pub(crate) fn ottavo(place: &Place) -> PathBuf {
    place.release().join("ottavo")
}

/// A client from outside: reads one key through the gRPC door.
pub(crate) fn grpc_get(place: &Place) -> PathBuf {
    place.release().join("grpc-get")
}
