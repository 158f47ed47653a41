//! Which files a function is made of, so that a change of them means a build.

use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

use ottavo_manifest::Manifest;

use super::MANIFEST;
use super::recipe::{self, Recipe};
use crate::failure::Result;

/// Folders of what tools make and keep, at any depth, beside those whose name begins with a dot.
const KEPT_BY_TOOLS: [&str; 7] =
    ["__pycache__", "build", "dist", "node_modules", "obj", "target", "zig-out"];

/// How the names of files end that editors and tools write on the side.
const ON_THE_SIDE: [&str; 6] = ["~", ".bak", ".log", ".swp", ".tmp", ".part"];

/// The rule for one function's folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sources {
    /// None: any file, because the manifest's own command may read any.
    extensions: Option<Vec<String>>,
    /// What the manifest's own command writes, relative to the folder.
    output: Option<PathBuf>,
}

impl Sources {
    /// The manifest alone.
    pub(crate) fn manifest() -> Sources {
        Sources { extensions: Some(Vec::new()), output: None }
    }

    /// Every file.
    pub(crate) fn any() -> Sources {
        Sources { extensions: None, output: None }
    }

    /// The manifest's `build.watch`, else the extensions of the recipe; every file where a command
    /// of its own replaces the recipe.
    ///
    /// # Errors
    /// When no language can be found.
    pub(crate) fn of(manifest: &Manifest, dir: &Path) -> Result<Sources> {
        let build = &manifest.build;
        let extensions = match (&build.watch, &build.command) {
            (Some(watch), _) => Some(watch.clone()),
            (None, Some(_)) => None,
            (None, None) => {
                let recipes = recipe::all()?;
                let recipe = Recipe::choose(&recipes, build.language.as_deref(), dir)?;
                Some(recipe.watch.clone())
            }
        };
        let plain = |part: &Component<'_>| *part != Component::CurDir;
        let output = |text: &String| Path::new(text).components().filter(plain).collect();
        let output = build.output.as_ref().map(output);
        Ok(Sources { extensions, output })
    }

    /// Whether the file at this path, relative to the folder, is one.
    pub(crate) fn has(&self, file: &Path) -> bool {
        if file == Path::new(MANIFEST) {
            return true;
        }
        let Some(name) = file.file_name().and_then(OsStr::to_str) else { return false };
        if on_the_side(name) || self.output.as_deref() == Some(file) {
            return false;
        }
        match &self.extensions {
            None => true,
            Some(all) => {
                let extension = file.extension().and_then(OsStr::to_str);
                extension.is_some_and(|extension| all.iter().any(|one| one == extension))
            }
        }
    }

    /// Whether a folder of this name may hold any.
    pub(crate) fn may_be_below(&self, folder: &Path) -> bool {
        match folder.components().next_back() {
            Some(Component::Normal(name)) => name
                .to_str()
                .is_some_and(|name| !name.starts_with('.') && !KEPT_BY_TOOLS.contains(&name)),
            _ => true,
        }
    }
}

/// Whether an editor or a tool wrote it for itself. Lock files are written by builds; who changes
/// dependencies changes the file beside them too.
fn on_the_side(name: &str) -> bool {
    let lock = name == "go.sum" || name.ends_with(".lock") || name.contains("-lock.");
    let vim_probe = name == "4913";
    let ends = ON_THE_SIDE.iter().any(|end| name.ends_with(end));
    lock || vim_probe || ends || name.starts_with(['.', '#'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(build: &str) -> Sources {
        let text = format!("manifest = 1\nname = \"f\"\n[build]\n{build}\n");
        Sources::of(
            &Manifest::parse(Path::new("function.toml"), &text).expect("valid"),
            Path::new("/"),
        )
        .expect("known")
    }

    #[test]
    fn a_recipe_says_which_files_count() {
        let rust = sources("language = \"rust\"");
        for file in ["function.toml", "Cargo.toml", "src/lib.rs", "src/a/b.rs"] {
            assert!(rust.has(Path::new(file)), "{file}");
        }
        for file in ["Cargo.lock", "README.md", "src/.#lib.rs", "src/lib.rs~", "src/.lib.rs.swp"] {
            assert!(!rust.has(Path::new(file)), "{file}");
        }
        let assemblyscript = sources("language = \"assemblyscript\"");
        assert!(assemblyscript.has(Path::new("package.json")));
        assert!(!assemblyscript.has(Path::new("package-lock.json")));
        assert!(!sources("language = \"go\"").has(Path::new("go.sum")));
    }

    #[test]
    fn a_command_may_read_any_file_but_what_it_writes() {
        let command = "command = [\"make\"]\noutput = \"./out/f.wasm\"";
        let any = sources(command);
        assert!(any.has(Path::new("page.html")) && any.has(Path::new("out/other.wasm")));
        assert!(!any.has(Path::new("out/f.wasm")) && !any.has(Path::new(".hidden")));
        let some = sources(&format!("{command}\nwatch = [\"html\"]"));
        assert!(some.has(Path::new("page.html")) && some.has(Path::new("function.toml")));
        assert!(!some.has(Path::new("page.css")));
    }

    #[test]
    fn folders_of_tools_hold_no_sources() {
        let any = sources("language = \"rust\"");
        for folder in [".ottavo", ".git", "target", "node_modules", "a/target"] {
            assert!(!any.may_be_below(Path::new(folder)), "{folder}");
        }
        assert!(any.may_be_below(Path::new("src")) && any.may_be_below(Path::new("")));
    }
}
