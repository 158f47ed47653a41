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

    /// The compiler that a manifest asks for, by itself or by its language.
    pub(crate) fn compiler<'a>(all: &'a [Recipe], build: &Build) -> Option<&'a Compiler> {
        let Build { language, compiler, .. } = build;
        let mut named = all.iter();
        let recipe = named.find(|r| r.language == *language || r.aliases.contains(language))?;
        let mut compilers = recipe.compilers.iter();
        match compiler {
            Some(name) => compilers.find(|compiler| compiler.name == *name),
            None => {
                compilers.find(|compiler| compiler.name == *language).or(recipe.compilers.first())
            }
        }
    }
}
