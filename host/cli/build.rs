//! Packs what `guests/*` hold for functions, so that the binary carries it and a new language is a new
//! folder and nothing else: the recipe `guest.toml`, the templates of new functions, and the SDK as
//! the recipe's `[new]` says.
//!
//! The files stand in the generated source as text, in the order of their paths: the same folder gives
//! the same binary.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// From this crate's folder, where cargo runs a build script: no path of one checkout is kept, so
/// that another may use the same target folder.
const GUESTS: &str = "../../guests";

/// What is no part of an SDK in any language: files of the repository, and what tools leave behind.
const NEVER: [&str; 6] =
    ["template", "template-event", "guest.toml", "checks.toml", "target", "node_modules"];

#[derive(Deserialize)]
struct Recipe {
    new: Option<New>,
}

#[derive(Deserialize)]
struct New {
    sdk: PathBuf,
    #[serde(default)]
    without: Vec<String>,
}

type Result<T, E = Box<dyn Error>> = std::result::Result<T, E>;

fn main() -> Result<()> {
    println!("cargo::rerun-if-changed={GUESTS}");
    let mut languages = Vec::new();
    for entry in std::fs::read_dir(GUESTS)? {
        let folder = entry?.path();
        if folder.join("guest.toml").is_file() {
            languages.push(folder);
        }
    }
    languages.sort();
    let mut code = String::from("&[\n");
    for folder in languages {
        language(&folder, &mut code).map_err(|error| format!("`{}`: {error}", folder.display()))?;
    }
    code.push_str("]\n");
    std::fs::write(out_dir()?.join("languages.rs"), code)?;
    Ok(())
}

fn language(folder: &Path, code: &mut String) -> Result<()> {
    let text = std::fs::read_to_string(folder.join("guest.toml"))?;
    let recipe: Recipe = toml::from_str(&text)?;
    let (mut template, mut event, mut sdk) = (Vec::new(), Vec::new(), Vec::new());
    if let Some(new) = recipe.new {
        files(&folder.join("template"), Path::new(""), &|_| true, &mut template)?;
        // what differs from the other, file by file
        files(&folder.join("template-event"), Path::new(""), &|_| true, &mut event)?;
        let same = template.iter().filter(|(path, _)| !event.iter().any(|(own, _)| own == path));
        let same: Vec<_> = same.cloned().collect();
        event.extend(same);
        event.sort();
        let is_part = |name: &str| {
            let without = new.without.iter().map(String::as_str).chain(NEVER);
            !name.starts_with('.') && without.into_iter().all(|other| other != name)
        };
        files(&folder.join(new.sdk), Path::new(""), &is_part, &mut sdk)?;
    }
    writeln!(
        code,
        "Language {{ recipe: {text:?}, template: &{template:?}, event: &{event:?}, sdk: &{sdk:?} }},"
    )?;
    Ok(())
}

/// The files below a folder by their paths there, but for those with a name that is no part.
fn files(
    root: &Path,
    below: &Path,
    is_part: &dyn Fn(&str) -> bool,
    found: &mut Vec<(String, String)>,
) -> Result<()> {
    let entries = std::fs::read_dir(root.join(below))?;
    let mut names = entries.map(|entry| Ok(entry?.file_name())).collect::<Result<Vec<_>>>()?;
    names.sort();
    for name in names {
        let path = below.join(&name);
        let (name, text) = (name.to_str(), path.to_str());
        let (Some(name), Some(text)) = (name, text) else {
            return Err(format!("the name of `{}` is not UTF-8", path.display()).into());
        };
        match root.join(&path).is_dir() {
            _ if !is_part(name) => {}
            true => files(root, &path, is_part, found)?,
            false => {
                let content = std::fs::read_to_string(root.join(&path));
                let content = content.map_err(|error| format!("read `{text}`: {error}"))?;
                found.push((text.to_owned(), content));
            }
        }
    }
    Ok(())
}

fn out_dir() -> Result<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "cargo tells a build script by environment")]
    let folder = std::env::var_os("OUT_DIR").ok_or("cargo sets `OUT_DIR`")?;
    Ok(PathBuf::from(folder))
}
