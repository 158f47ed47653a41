//! What is built to wasm: examples, test programs, conformance programs. Their cargo workspaces are
//! outside the host's. All is found by looking, so that a new one needs no line here.

mod build;
mod workspaces;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use toml::Value;

pub(crate) use self::build::build_all;
pub(crate) use self::workspaces::workspaces;
use crate::place::Place;

/// The folders in which each folder is a program.
const PROGRAM_ROOMS: [&str; 2] = ["examples", "tests/programs"];

/// One manifest that becomes one `.wasm`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Program {
    /// The folder's name; of a conformance program `conformance-<language>`. For
    /// `function-<variant>.toml`, the same program built otherwise, `-<variant>` follows.
    pub(crate) name: String,
    /// Its folder.
    pub(crate) folder: PathBuf,
    /// Its manifest.
    pub(crate) manifest: PathBuf,
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
    programs.sort();
    Ok(programs)
}

/// One of the examples.
pub(crate) fn example(place: &Place, name: &str) -> Program {
    let folder = place.root.join("examples").join(name);
    Program { name: name.to_owned(), manifest: folder.join("function.toml"), folder }
}

/// The Rust targets that these are built for.
pub(crate) fn rust_targets(place: &Place, programs: &[Program]) -> Result<Vec<String>> {
    let recipe = read_toml(&place.root.join("guests/rust/guest.toml"))?;
    let targets = recipe.get("compilers").and_then(|all| all.get(0)?.get("targets"));
    let Some(default) = targets.and_then(|targets| targets.get(0)?.as_str()) else {
        bail!("`guests/rust/guest.toml` names no `targets`");
    };
    let mut targets = Vec::new();
    for program in programs {
        let manifest = read_toml(&program.manifest)?;
        if text(&manifest, &["build", "language"]).as_deref() == Some("rust") {
            let named = text(&manifest, &["build", "target"]).or(program.cargo_target()?);
            targets.push(named.unwrap_or_else(|| default.to_owned()));
        }
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
        Ok(text(&read_toml(&file)?, &["package", "metadata", "ottavo", "target"]))
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
            programs.push(Program { name, folder: folder.to_owned(), manifest });
        }
    }
    Ok(programs)
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
