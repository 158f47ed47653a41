//! A function's folder becomes a component, by the recipe of its language.

mod artifact;
mod command;
mod compiler;
mod minder;
mod places;
mod prepare;
pub(crate) mod recipe;
mod sources;
pub(crate) mod survey;
mod tools;

use std::path::{Path, PathBuf};

use ottavo_manifest::{Build, Manifest};
use ottavo_settings::Env;

use crate::cache;
use crate::failure::{Failure, Result};
use command::Surroundings;
use compiler::{Artifact, Compiler};
use places::Places;
use recipe::{Recipe, Wanted};

pub(crate) use minder::Minder;
pub(crate) use sources::Sources;

/// The name of a function's manifest.
pub(crate) const MANIFEST: &str = "function.toml";

/// A built function.
#[derive(Debug)]
pub(crate) struct Built {
    pub(crate) component: Vec<u8>,
    /// The language, or the compiler where the language has several.
    pub(crate) with: String,
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
    Ok(Manifest::parse(&file, &text)?)
}

/// Builds the function in `dir`, with this compiler if one is named. With `debug`, or where the
/// manifest says so, backtraces will tell files and lines.
pub(crate) fn function(
    dir: &Path,
    manifest: &Manifest,
    compiler: Option<&str>,
    debug: bool,
    env: &Env,
) -> Result<Built> {
    minded(dir, manifest, compiler, debug, env, None)
}

/// As [`function`], its commands looked after by a minder.
pub(crate) fn minded(
    dir: &Path,
    manifest: &Manifest,
    compiler: Option<&str>,
    debug: bool,
    env: &Env,
    minder: Option<&Minder>,
) -> Result<Built> {
    let dir = dir.canonicalize().map_err(|error| {
        Failure::new(format!("find the function's folder `{}`: {error}", dir.display()))
    })?;
    let build = &manifest.build;
    let surroundings = Surroundings::new(&dir, env).minded(minder);
    let (module, with) = match &build.command {
        Some(_) if compiler.is_some() => {
            return Err(Failure::new("the manifest builds with a command of its own")
                .hint("leave out `--compiler`, or remove `build.command`"));
        }
        Some(command) => (by_command(&dir, command, build, surroundings)?, "command".to_owned()),
        None => {
            let wanted = Wanted {
                language: build.language.as_deref(),
                compiler: compiler.or(build.compiler.as_deref()),
                target: build.target.as_deref(),
                debug: debug || build.debug,
            };
            by_recipe(&dir, wanted, manifest, env, surroundings)?
        }
    };
    let bytes = std::fs::read(&module)
        .map_err(|error| Failure::new(format!("read `{}`: {error}", module.display())))?;
    let component = component(&bytes).map_err(|error| {
        Failure::from(error.context(format!("`{}` is built, but", module.display())))
    })?;
    Ok(Built { component, with })
}

/// Makes a component of a module and checks that a host can run it.
fn component(module: &[u8]) -> ottavo_core::Result<Vec<u8>> {
    let component = ottavo_componentize::component(module)?;
    ottavo_componentize::check(&ottavo_componentize::inspect(&component)?)?;
    Ok(component.into_owned())
}

/// The module, and what built it.
fn by_recipe(
    dir: &Path,
    wanted: Wanted<'_>,
    manifest: &Manifest,
    env: &Env,
    surroundings: Surroundings<'_>,
) -> Result<(PathBuf, String)> {
    let recipes = recipe::all()?;
    let recipe = Recipe::choose(&recipes, wanted.language, dir)?;
    let mut places = Places {
        target: String::new(),
        name: manifest.name.to_string(),
        dir: text(dir)?,
        out: text(&out_dir(&recipe.language, dir, env)?)?,
    };
    let compiler = installed(recipe, wanted, &mut places, &surroundings)?;
    let with = if recipe.has_choice() { &compiler.name } else { &recipe.language };
    if let Some(sdk) = recipe.sdk_of(dir) {
        sdk.provide(dir, env)?;
    }
    prepare::run(&compiler.prepare, &places, &surroundings)?;
    let step = compiler.step(wanted.debug);
    for (file, content) in &step.files {
        let file = dir.join(places.fill(file));
        write(&file, places.fill(content).as_bytes())?;
    }
    let command = places.fill_all(&step.command);
    let extra = step.env.iter().map(|(name, value)| (name.clone(), places.fill(value)));
    let progress = surroundings.progress(format!("building `{}` ({with})", manifest.name));
    let printed = command::run(&command, extra.collect(), &surroundings, &progress)?;
    let module = match step.artifact() {
        Artifact::CargoJson => artifact::of_cargo(&printed)?,
        Artifact::Path(path) => dir.join(places.fill(path)),
    };
    Ok((module, with.clone()))
}

/// What a new function in this language lacks on this machine; none when it can be built.
pub(crate) fn lacks(recipe: &Recipe, language: &str, dir: &Path, env: &Env) -> Option<Failure> {
    let wanted = Wanted { language: Some(language), ..Wanted::default() };
    let mut places = Places {
        target: String::new(),
        name: String::new(),
        dir: dir.to_string_lossy().into_owned(),
        out: String::new(),
    };
    installed(recipe, wanted, &mut places, &Surroundings::new(dir, env)).err()
}

/// The first compiler that fits and has its tools, with its target filled in.
///
/// # Errors
/// When none has, what the best one misses.
fn installed<'r>(
    recipe: &'r Recipe,
    wanted: Wanted<'_>,
    places: &mut Places,
    surroundings: &Surroundings<'_>,
) -> Result<&'r Compiler> {
    let mut missing = None;
    for (compiler, target) in recipe.candidates(wanted)? {
        places.target = target;
        match tools::check(&compiler.tools, places, surroundings) {
            Ok(()) => return Ok(compiler),
            Err(failure) => missing = missing.or(Some(failure)),
        }
    }
    let language = &recipe.language;
    Err(missing.unwrap_or_else(|| Failure::new(format!("there is no compiler for {language}"))))
}

fn by_command(
    dir: &Path,
    command: &[String],
    build: &Build,
    surroundings: Surroundings<'_>,
) -> Result<PathBuf> {
    let Some(output) = &build.output else {
        return Err(Failure::new("`build.command` is set without `build.output`")
            .hint("name the `.wasm` file that the command writes"));
    };
    let progress = surroundings.progress(format!("building: {}", command.join(" ")));
    command::run(command, Vec::new(), &surroundings, &progress)?;
    Ok(dir.join(output))
}

/// The builder's own folder for one function. Not shared between functions: cargo takes two packages
/// of one name, each at the root of its workspace, for the same.
fn out_dir(language: &str, dir: &Path, env: &Env) -> Result<PathBuf> {
    let base = match env.get("OTTAVO_BUILD_DIR") {
        Some(dir) => PathBuf::from(dir),
        None => cache::folder(env)
            .ok_or_else(|| Failure::new("no folder to build in").hint("set `OTTAVO_BUILD_DIR`"))?
            .join("guests"),
    };
    let dir =
        std::path::absolute(base.join(language).join(of_its_own(dir))).map_err(Failure::new)?;
    std::fs::create_dir_all(&dir).map_err(|error| {
        Failure::new(format!("make the folder `{}`: {error}", dir.display()))
            .hint("choose another with `OTTAVO_BUILD_DIR`")
    })?;
    Ok(dir)
}

/// A name for a folder that no other folder has.
fn of_its_own(dir: &Path) -> String {
    let name = dir.file_name().unwrap_or_default().to_string_lossy();
    let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    let digest = ottavo_core::Digest::of(dir.as_os_str().as_encoded_bytes());
    format!("{name}-{}", digest.short())
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
