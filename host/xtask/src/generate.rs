//! `gen`: starts the generators, which live in a crate of their own because they are heavy, and writes
//! what needs none of them. Built without optimisation: they run for a second, and that takes a third of
//! the time to build.

mod conformance;

use anyhow::{Context, Result};

use crate::place::Place;
use crate::process;

/// The crate that writes generated code.
pub(crate) const PACKAGE: &str = "ottavo-gen";

/// Whether what differs is written or told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Write,
    Check,
}

/// Runs the generators.
pub(crate) fn run(place: &Place, mode: Mode) -> Result<()> {
    let check = mode == Mode::Check;
    conformance::run(place, check)?;
    let mut command = place.cargo();
    command.args(["run", "--quiet", "--package", PACKAGE, "--"]);
    command.args(check.then_some("--check"));
    process::run(&mut command).with_context(|| match mode {
        Mode::Write => "write the generated code",
        Mode::Check => "the committed code is not what `cargo xtask gen` writes: run it and commit",
    })
}
