//! What is built to wasm: examples, test programs, conformance programs. Their cargo workspaces are
//! outside the host's. All is found by looking, so that a new one needs no line here.

mod build;
mod checks;
mod recipe;
mod workspaces;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use toml::Value;

pub(crate) use self::build::build_all;
pub(crate) use self::checks::checks;
use self::recipe::Build;
pub(crate) use self::recipe::{Compiler, Recipe};
pub(crate) use self::workspaces::workspaces;
use crate::place::Place;

/// The folders in which each folder is a program.
const PROGRAM_ROOMS: [&str; 2] = ["examples", "tests/programs"];

/// One manifest that becomes one `.wasm`.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    /// The folder's name; of a conformance program `conformance-<language>`. For
    /// `function-<variant>.toml`, the same program built otherwise, `-<variant>` follows.
    pub(crate) name: String,
    /// Its folder.
    pub(crate) folder: PathBuf,
    /// Its manifest.
    pub(crate) manifest: PathBuf,
    /// How it is built.
    pub(crate) build: Build,
}

/// Whether a folder holds the files of new functions, which have no name yet.
fn is_template(folder: &Path) -> bool {
    folder.file_name().is_some_and(|name| name == "template" || name == "template-event")
}

/// Every program of the repository.
pub(crate) fn programs(place: &Place) -> Result<Vec<Program>> {
    let mut programs = Vec::new();
    for room in PROGRAM_ROOMS {
        for folder in folders(&place.root.join(room))? {
            programs.extend(variants(&file_name(&folder), &folder)?);
        }
    }
    for language in folders(&place.root.join("guests"))? {
        let name = format!("conformance-{}", file_name(&language));
        programs.extend(variants(&name, &language.join("conformance"))?);
    }
    programs.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(programs)
}

/// One of the examples.
pub(crate) fn example(place: &Place, name: &str) -> Result<Program> {
    let folder = place.root.join("examples").join(name);
    let manifest = folder.join("function.toml");
    let build = Build::read(&manifest)?;
    Ok(Program { name: name.to_owned(), folder, manifest, build })
}

/// The Rust targets that these are built for.
pub(crate) fn rust_targets(place: &Place, programs: &[Program]) -> Result<Vec<String>> {
    let recipes = Recipe::all(place)?;
    let mut targets = Vec::new();
    for program in programs.iter().filter(|program| program.build.language == "rust") {
        let compilers = Recipe::compilers(&recipes, &program.build);
        let default = || compilers.first().and_then(|compiler| compiler.targets.first().cloned());
        let named = program.build.target.clone().or(program.cargo_target()?);
        targets.extend(named.or_else(default));
    }
    targets.sort();
    targets.dedup();
    Ok(targets)
}

impl Program {
    /// `package.metadata.ottavo.target`, where the program is wrong on purpose: cargo alone builds it.
    fn cargo_target(&self) -> Result<Option<String>> {
        let file = self.folder.join("Cargo.toml");
        if !file.is_file() {
            return Ok(None);
        }
        Ok(text(&read::<Value>(&file)?, &["package", "metadata", "ottavo", "target"]))
    }
}

fn variants(name: &str, folder: &Path) -> Result<Vec<Program>> {
    let mut programs = Vec::new();
    if !folder.is_dir() {
        return Ok(programs);
    }
    for entry in folder.read_dir()? {
        let manifest = entry?.path();
        let file = file_name(&manifest);
        let variant = file.strip_prefix("function").and_then(|rest| rest.strip_suffix(".toml"));
        if let Some(variant) = variant.filter(|text| text.is_empty() || text.starts_with('-')) {
            let name = format!("{name}{variant}");
            let build = Build::read(&manifest)?;
            programs.push(Program { name, folder: folder.to_owned(), manifest, build });
        }
    }
    Ok(programs)
}

fn read<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T> {
    let text = std::fs::read_to_string(path).map_err(anyhow::Error::from);
    let value = text.and_then(|text| Ok(toml::from_str(&text)?));
    value.with_context(|| format!("read `{}`", path.display()))
}

fn text(value: &Value, path: &[&str]) -> Option<String> {
    let value = path.iter().try_fold(value, |value, key| value.get(key))?;
    value.as_str().map(ToOwned::to_owned)
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
