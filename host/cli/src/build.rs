//! A function's folder becomes a component, by the recipe of its language.

mod artifact;
mod command;
mod recipe;
mod tools;

use std::path::{Path, PathBuf};

use ottavo_manifest::{Build, Manifest};
use ottavo_settings::Env;

use crate::failure::{Failure, Result};
use crate::progress::Progress;
use command::Surroundings;
use recipe::{Artifact, Places, Recipe};

/// The name of a function's manifest.
pub(crate) const MANIFEST: &str = "function.toml";

/// A built function.
#[derive(Debug)]
pub(crate) struct Built {
    pub(crate) component: Vec<u8>,
    pub(crate) language: String,
}

/// Reads the manifest in a function's folder, or the file itself.
pub(crate) fn manifest(path: &Path) -> Result<Manifest> {
    let file = if path.is_dir() { path.join(MANIFEST) } else { path.to_owned() };
    let shown = file.display();
    let text = std::fs::read_to_string(&file).map_err(|error| {
        let failure = Failure::new(format!("read the manifest `{shown}`: {error}"));
        match error.kind() {
            std::io::ErrorKind::NotFound => {
                failure.hint("give the folder of a function, or write its `function.toml`")
            }
            _ => failure,
        }
    })?;
    Manifest::parse(&text).map_err(|error| Failure::from(error.context(format!("`{shown}`"))))
}

/// Builds the function in `dir`.
pub(crate) fn function(dir: &Path, manifest: &Manifest, env: &Env) -> Result<Built> {
    let dir = dir.canonicalize().map_err(|error| {
        Failure::new(format!("find the function's folder `{}`: {error}", dir.display()))
    })?;
    let (module, language) = match &manifest.build.command {
        Some(command) => (by_command(&dir, command, &manifest.build, env)?, "command".to_owned()),
        None => {
            let recipe = Recipe::choose(&recipe::all()?, manifest.build.language.as_deref(), &dir)?;
            (by_recipe(&dir, &recipe, manifest, env)?, recipe.language)
        }
    };
    let bytes = std::fs::read(&module)
        .map_err(|error| Failure::new(format!("read `{}`: {error}", module.display())))?;
    let component = component(&bytes).map_err(|error| {
        Failure::from(error.context(format!("`{}` is built, but", module.display())))
    })?;
    Ok(Built { component, language })
}

/// Makes a component of a module and checks that a host can run it.
fn component(module: &[u8]) -> ottavo_core::Result<Vec<u8>> {
    let component = ottavo_componentize::component(module)?;
    ottavo_componentize::check(&ottavo_componentize::inspect(&component)?)?;
    Ok(component.into_owned())
}

fn by_recipe(dir: &Path, recipe: &Recipe, manifest: &Manifest, env: &Env) -> Result<PathBuf> {
    let places = Places {
        target: recipe.target(manifest.build.target.as_deref())?,
        name: manifest.name.to_string(),
        dir: text(dir)?,
        out: text(&out_dir(&recipe.language, env)?)?,
    };
    let surroundings = Surroundings::new(dir, env);
    tools::check(&recipe.tools, &places, &surroundings)?;
    for (file, content) in &recipe.build.files {
        let file = dir.join(places.fill(file));
        write(&file, places.fill(content).as_bytes())?;
    }
    let command = places.fill_all(&recipe.build.command);
    let extra = recipe.build.env.iter().map(|(name, value)| (name.clone(), places.fill(value)));
    let name = &manifest.name;
    let progress = Progress::spinner(format!("building `{name}` ({})", recipe.language));
    let printed = command::run(&command, extra.collect(), &surroundings, &progress)?;
    match recipe.build.artifact() {
        Artifact::CargoJson => artifact::of_cargo(&printed),
        Artifact::Path(path) => Ok(dir.join(places.fill(path))),
    }
}

fn by_command(dir: &Path, command: &[String], build: &Build, env: &Env) -> Result<PathBuf> {
    let Some(output) = &build.output else {
        return Err(Failure::new("`build.command` is set without `build.output`")
            .hint("name the `.wasm` file that the command writes"));
    };
    let progress = Progress::spinner(format!("building: {}", command.join(" ")));
    command::run(command, Vec::new(), &Surroundings::new(dir, env), &progress)?;
    Ok(dir.join(output))
}

/// The builder's own folder of a language, shared by functions so that they share dependencies.
fn out_dir(language: &str, env: &Env) -> Result<PathBuf> {
    let cache = || env.get("XDG_CACHE_HOME").map(PathBuf::from);
    let home = || env.get("HOME").map(|home| Path::new(home).join(".cache"));
    let base = match env.get("OTTAVO_BUILD_DIR") {
        Some(dir) => PathBuf::from(dir),
        None => cache()
            .or_else(home)
            .ok_or_else(|| Failure::new("no folder to build in").hint("set `OTTAVO_BUILD_DIR`"))?
            .join("ottavo/guests"),
    };
    let dir = std::path::absolute(base.join(language)).map_err(Failure::new)?;
    std::fs::create_dir_all(&dir).map_err(|error| {
        Failure::new(format!("make the folder `{}`: {error}", dir.display()))
            .hint("choose another with `OTTAVO_BUILD_DIR`")
    })?;
    Ok(dir)
}

/// Writes a file and the folders above it.
pub(crate) fn write(file: &Path, content: &[u8]) -> Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(file, content))
        .map_err(|error| Failure::new(format!("write `{}`: {error}", file.display())))
}

fn text(path: &Path) -> Result<String> {
    let text = path.to_str().map(str::to_owned);
    text.ok_or_else(|| Failure::new(format!("the path `{}` is not UTF-8", path.display())))
}
