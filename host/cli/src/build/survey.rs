//! Which compilers are here, for every recipe.

use std::path::Path;

use ottavo_settings::Env;

use super::command::Surroundings;
use super::places::Places;
use super::recipe::{self, Recipe, Wanted};
use super::tools;
use crate::failure::Result;

/// One compiler of one language.
#[derive(Debug)]
pub(crate) struct Surveyed {
    pub(crate) language: String,
    pub(crate) compiler: String,
    pub(crate) tools: Vec<SurveyedTool>,
}

/// One tool that it needs.
#[derive(Debug)]
pub(crate) struct SurveyedTool {
    pub(crate) name: String,
    /// What it says of itself; none when it is missing.
    pub(crate) found: Option<String>,
    pub(crate) install: String,
}

impl Surveyed {
    /// Whether it can build.
    pub(crate) fn is_whole(&self) -> bool {
        self.tools.iter().all(|tool| tool.found.is_some())
    }
}

/// Looks for the tools of every compiler, as a build in `dir` would.
pub(crate) fn all(dir: &Path, env: &Env) -> Result<Vec<Surveyed>> {
    let surroundings = Surroundings::new(dir, env);
    let mut surveyed = Vec::new();
    for recipe in recipe::all()? {
        for (compiler, target) in recipe.candidates(Wanted::default())? {
            let (name, out) = (String::new(), String::new());
            let places = Places { target, name, dir: dir.display().to_string(), out };
            let tool = |tool: &super::compiler::Tool| SurveyedTool {
                name: places.fill(&tool.name),
                found: tools::find(tool, &places, &surroundings),
                install: places.fill(&tool.install),
            };
            surveyed.push(Surveyed {
                language: recipe.language.clone(),
                compiler: compiler.name.clone(),
                tools: compiler.tools.iter().map(tool).collect(),
            });
        }
    }
    Ok(surveyed)
}

/// The language of the function in `dir`; none when there is no function.
///
/// # Errors
/// What is wrong with its manifest.
pub(crate) fn language(dir: &Path) -> Result<Option<String>> {
    if !dir.join(super::MANIFEST).exists() {
        return Ok(None);
    }
    let build = super::manifest(dir)?.build;
    if build.command.is_some() {
        return Ok(None);
    }
    let recipes = recipe::all()?;
    Ok(Some(Recipe::choose(&recipes, build.language.as_deref(), dir)?.language.clone()))
}
