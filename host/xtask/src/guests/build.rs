//! Building programs, each as a user would.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use super::{Program, Recipe, programs};
use crate::place::Place;
use crate::setup::Ready;
use crate::{host, process, say};

/// In the folder of programs: a line for each that was not built, `<name>: <reason>`.
const NOT_BUILT: &str = "not-built";

/// Builds all programs into the folder of programs, and removes from it what is no program any more.
/// Those whose compiler is missing are left out, with the reason beside the others.
pub(crate) fn build_all(place: &Place, ready: &Ready) -> Result<()> {
    let (mut programs, recipes) = (programs(place)?, Recipe::all(place)?);
    std::fs::create_dir_all(place.programs())?;
    let mut not_built = String::new();
    programs.retain(|program| match ready.compilers.lacks(&recipes, program) {
        None => true,
        Some(why) => {
            say::line(format_args!("not built: {}: {why}", program.name));
            not_built.push_str(&format!("{}: {why}\n", program.name));
            false
        }
    });
    for program in &programs {
        build(place, ready, program)
            .with_context(|| format!("build the program `{}`", place.shown(&program.manifest)))?;
    }
    for entry in std::fs::read_dir(place.programs())? {
        let file = entry?.path();
        let stem = file.file_stem().unwrap_or_default();
        if !programs.iter().any(|program| program.name.as_str() == stem) {
            std::fs::remove_file(file)?;
        }
    }
    Ok(std::fs::write(place.programs().join(NOT_BUILT), not_built)?)
}

/// With `ottavo build`; with cargo what that rightly refuses.
fn build(place: &Place, ready: &Ready, program: &Program) -> Result<()> {
    let output = place.programs().join(format!("{}.wasm", program.name));
    let Some(target) = program.cargo_target()? else {
        let mut command = place.command(host::ottavo(place));
        command.arg("build").arg(place.shown(&program.manifest)).arg("--out").arg(&output);
        return process::run(ready.tell(&mut command));
    };
    let mut cargo = place.command("cargo");
    cargo.args(["build", "--quiet", "--release", "--message-format", "json-render-diagnostics"]);
    cargo.args(["--target", &target, "--manifest-path"]).arg(program.folder.join("Cargo.toml"));
    say::command(&cargo);
    let messages = process::capture(ready.for_rust(&mut cargo))?;
    std::fs::copy(artifact(&messages)?, &output)?;
    Ok(())
}

/// The `.wasm` that cargo says it has made.
fn artifact(messages: &str) -> Result<PathBuf> {
    for line in messages.lines().rev() {
        let message: serde_json::Value = serde_json::from_str(line)?;
        let files = message["filenames"].as_array().into_iter().flatten();
        let mut files = files.filter_map(serde_json::Value::as_str);
        if let Some(file) = files.find(|file| file.ends_with(".wasm")) {
            return Ok(PathBuf::from(file));
        }
    }
    bail!("cargo made no `.wasm`: is `crate-type` in `[lib]` without \"cdylib\"?")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_artifact_is_the_one_that_cargo_names_last() {
        let messages = r#"{"reason":"compiler-artifact","filenames":["/t/liba.rlib"]}
{"reason":"compiler-artifact","filenames":["/t/no_world.d","/t/no_world.wasm"]}
{"reason":"build-finished","success":true}"#;
        assert_eq!(artifact(messages).unwrap(), PathBuf::from("/t/no_world.wasm"));
        assert!(artifact(r#"{"reason":"build-finished","success":true}"#).is_err());
    }
}
