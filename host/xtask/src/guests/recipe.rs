//! `guests/*/guest.toml`, as far as setup and the build of programs need it.

use std::path::Path;

use anyhow::Result;
use serde::Deserialize;

use super::{folders, read};
use crate::place::Place;

/// One language.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Recipe {
    language: String,
    #[serde(default)]
    aliases: Vec<String>,
    pub(crate) compilers: Vec<Compiler>,
}

/// One way to build its functions.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Compiler {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) targets: Vec<String>,
    #[serde(default)]
    pub(crate) tools: Vec<Tool>,
}

/// What must be installed for it.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Tool {
    pub(crate) name: String,
    pub(crate) check: Vec<String>,
    pub(crate) install: String,
}

/// `[build]` of a function's manifest.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Build {
    #[serde(default)]
    pub(crate) language: String,
    pub(crate) compiler: Option<String>,
    pub(crate) target: Option<String>,
}

#[derive(Deserialize)]
struct Manifest {
    #[serde(default)]
    build: Build,
}

impl Build {
    /// Of a manifest.
    pub(crate) fn read(manifest: &Path) -> Result<Build> {
        Ok(read::<Manifest>(manifest)?.build)
    }
}

impl Recipe {
    /// Every language.
    pub(crate) fn all(place: &Place) -> Result<Vec<Recipe>> {
        let folders = folders(&place.root.join("guests"))?.into_iter();
        let recipes = folders.map(|folder| folder.join("guest.toml"));
        recipes.filter(|recipe| recipe.is_file()).map(|recipe| read(&recipe)).collect()
    }

    /// The compilers that may build what a manifest describes, as `ottavo build` looks for them: the one
    /// that it names, else the one named like its language, then the others in their order.
    pub(crate) fn compilers<'a>(all: &'a [Recipe], build: &Build) -> Vec<&'a Compiler> {
        let Build { language, compiler, .. } = build;
        let named = |r: &&Recipe| r.language == *language || r.aliases.contains(language);
        let Some(recipe) = all.iter().find(named) else { return Vec::new() };
        let mut compilers: Vec<_> = recipe.compilers.iter().collect();
        match compiler {
            Some(name) => compilers.retain(|compiler| compiler.name == *name),
            None => compilers.sort_by_key(|compiler| compiler.name != *language),
        }
        compilers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_compiler_named_like_the_language_comes_first_unless_one_is_named() {
        let compiler =
            |name: &str| Compiler { name: name.to_owned(), targets: Vec::new(), tools: Vec::new() };
        let go = Recipe {
            language: "go".to_owned(),
            aliases: vec!["tinygo".to_owned()],
            compilers: vec![compiler("go"), compiler("tinygo"), compiler("other")],
        };
        let found = |language: &str, named: Option<&str>| {
            let (language, compiler) = (language.to_owned(), named.map(ToOwned::to_owned));
            let build = Build { language, compiler, target: None };
            let compilers = Recipe::compilers(std::slice::from_ref(&go), &build);
            compilers.into_iter().map(|c| c.name.clone()).collect::<Vec<_>>()
        };
        assert_eq!(found("go", None), ["go", "tinygo", "other"]);
        assert_eq!(found("tinygo", None), ["tinygo", "go", "other"]);
        assert_eq!(found("tinygo", Some("go")), ["go"]);
        assert_eq!(found("zig", None), [""; 0]);
    }
}
