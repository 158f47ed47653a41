//! What is built to wasm: examples, test programs, conformance programs. Their cargo workspaces are
//! outside the host's and are found by looking, so that a new one needs no line here.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use cargo_metadata::MetadataCommand;
use toml::Value;

use crate::place::Place;
use crate::setup::Ready;
use crate::{host, process, say};

/// The folders in which each folder is a program.
const PROGRAM_ROOMS: [&str; 2] = ["examples", "tests/programs"];

/// One folder that becomes one `.wasm`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Program {
    /// The folder's name; of a conformance program `conformance-<language>`.
    pub(crate) name: String,
    /// Its folder.
    pub(crate) folder: PathBuf,
}

/// All targets that Rust guests may be built for.
pub(crate) fn rust_targets(place: &Place) -> Result<Vec<String>> {
    let recipe = read_toml(&place.root.join("guests/rust/guest.toml"))?;
    let targets = recipe.get("targets").and_then(Value::as_array).into_iter().flatten();
    let targets: Vec<String> = targets.filter_map(Value::as_str).map(ToOwned::to_owned).collect();
    if targets.is_empty() {
        bail!("`guests/rust/guest.toml` names no `targets`");
    }
    Ok(targets)
}

/// The Rust targets that these functions are built for; the first of all where they do not say.
pub(crate) fn targets_of(place: &Place, functions: &[PathBuf]) -> Result<Vec<String>> {
    let all = rust_targets(place)?;
    let mut targets = Vec::new();
    for function in functions {
        let manifest = read_toml(&function.join("function.toml"))?;
        let build = |key| text(&manifest, &["build", key]);
        if build("language").as_deref() == Some("rust") {
            targets.push(build("target").unwrap_or_else(|| all[0].clone()));
        }
    }
    targets.sort();
    targets.dedup();
    Ok(targets)
}

/// Every program of the repository.
pub(crate) fn programs(place: &Place) -> Result<Vec<Program>> {
    let mut programs = Vec::new();
    for room in PROGRAM_ROOMS {
        for folder in folders(&place.root.join(room))? {
            programs.push(Program { name: file_name(&folder), folder });
        }
    }
    for language in folders(&place.root.join("guests"))? {
        let folder = language.join("conformance");
        if folder.is_dir() {
            programs
                .push(Program { name: format!("conformance-{}", file_name(&language)), folder });
        }
    }
    programs.retain(|program| program.folder.join("function.toml").is_file());
    programs.sort();
    Ok(programs)
}

/// Builds all programs into the folder of programs, and removes from it what is no program any more.
pub(crate) fn build_all(place: &Place, ready: &Ready) -> Result<usize> {
    let programs = programs(place)?;
    std::fs::create_dir_all(place.programs())?;
    for program in &programs {
        build(place, ready, program)
            .with_context(|| format!("build the program `{}`", place.shown(&program.folder)))?;
    }
    for entry in std::fs::read_dir(place.programs())? {
        let file = entry?.path();
        let stem = file.file_stem().unwrap_or_default();
        if !programs.iter().any(|program| program.name.as_str() == stem) {
            std::fs::remove_file(file)?;
        }
    }
    Ok(programs.len())
}

/// Builds one as a user would; with cargo what `ottavo build` rightly refuses.
fn build(place: &Place, ready: &Ready, program: &Program) -> Result<()> {
    let output = place.programs().join(format!("{}.wasm", program.name));
    let Some(target) = cargo_target(&program.folder)? else {
        let mut command = place.command(host::ottavo(place));
        command.arg("build").arg(place.shown(&program.folder)).arg("--out").arg(&output);
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

/// The cargo workspaces of guest code.
pub(crate) fn workspaces(place: &Place) -> Result<BTreeSet<PathBuf>> {
    let mut manifests = Vec::new();
    for language in folders(&place.root.join("guests"))? {
        manifests.push(language.join("Cargo.toml"));
        // a template has no name yet, so that cargo cannot read it
        let parts = folders(&language)?.into_iter().filter(|part| !part.ends_with("template"));
        manifests.extend(parts.map(|part| part.join("Cargo.toml")));
    }
    for program in programs(place)? {
        manifests.push(program.folder.join("Cargo.toml"));
    }
    let mut roots = BTreeSet::new();
    for manifest in manifests.into_iter().filter(|manifest| manifest.is_file()) {
        let metadata = MetadataCommand::new()
            .manifest_path(&manifest)
            .no_deps()
            .exec()
            .with_context(|| format!("read `{}`", place.shown(&manifest)))?;
        roots.insert(metadata.workspace_root.into_std_path_buf());
    }
    Ok(roots)
}

/// `package.metadata.ottavo.target` of a program that is wrong on purpose: cargo alone builds it.
fn cargo_target(folder: &Path) -> Result<Option<String>> {
    let file = folder.join("Cargo.toml");
    if !file.is_file() {
        return Ok(None);
    }
    Ok(text(&read_toml(&file)?, &["package", "metadata", "ottavo", "target"]))
}

fn read_toml(path: &Path) -> Result<Value> {
    let table = std::fs::read_to_string(path).map_err(anyhow::Error::from);
    let table = table.and_then(|text| Ok(text.parse::<toml::Table>()?));
    Ok(Value::Table(table.with_context(|| format!("read `{}`", path.display()))?))
}

fn text(value: &Value, path: &[&str]) -> Option<String> {
    let value = path.iter().try_fold(value, |value, key| value.get(key))?;
    value.as_str().map(ToOwned::to_owned)
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

fn folders(parent: &Path) -> Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    if parent.is_dir() {
        for entry in parent.read_dir()? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            }
        }
    }
    folders.sort();
    Ok(folders)
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_artifact_is_the_one_that_cargo_names_last() {
        let messages = r#"{"reason":"compiler-artifact","filenames":["/t/liba.rlib"]}
{"reason":"compiler-artifact","filenames":["/t/no_world.d","/t/no_world.wasm"]}
{"reason":"build-finished","success":true}"#;
        assert_eq!(artifact(messages).unwrap(), Path::new("/t/no_world.wasm"));
        assert!(artifact(r#"{"reason":"build-finished","success":true}"#).is_err());
    }
}
