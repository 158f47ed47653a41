//! `gen`: starts the generators, which live in a crate of their own because they are heavy. Built
//! without optimisation: they run for a second, and that takes a third of the time to build.

use anyhow::{Context, Result};

use crate::place::Place;
use crate::process;

/// The crate that writes generated code.
pub(crate) const PACKAGE: &str = "ottavo-gen";

/// Runs the generators with `args`.
pub(crate) fn run(place: &Place, args: &[&str]) -> Result<()> {
    let mut command = place.cargo();
    command.args(["run", "--quiet", "--package", PACKAGE, "--"]).args(args);
    process::run(&mut command).with_context(|| match args {
        [] => "write the generated code".to_owned(),
        _ => {
            "the committed code is not what `cargo xtask gen` writes: run it and commit".to_owned()
        }
    })
}
