//! `guest.toml`: how the functions of one language are built. The format: `guests/README.md`.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use crate::failure::{Failure, Result};

/// The recipes that this binary carries, found by `build.rs`.
const RECIPES: &[&str] = include!(concat!(env!("OUT_DIR"), "/recipes.rs"));

/// One language.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Recipe {
    pub(crate) language: String,
    /// The file in a function's folder that shows this language.
    project: String,
    /// For rebuilding on change, which this binary does not do yet.
    #[serde(rename = "watch")]
    _watch: Vec<String>,
    #[serde(default)]
    targets: Vec<String>,
    #[serde(default)]
    pub(crate) tools: Vec<Tool>,
    pub(crate) build: Step,
}

/// Something that must be installed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tool {
    pub(crate) name: String,
    pub(crate) check: Vec<String>,
    #[serde(default)]
    pub(crate) expect: Expect,
    pub(crate) install: String,
}

/// When a tool's check has passed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Expect {
    /// It ended with code 0.
    #[default]
    Success,
    /// And its first line is a path that exists.
    Path,
}

/// The command and what it leaves.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Step {
    pub(crate) command: Vec<String>,
    #[serde(default)]
    pub(crate) env: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) files: BTreeMap<String, String>,
    artifact: String,
}

/// Where the module is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Artifact<'a> {
    CargoJson,
    Path(&'a str),
}

/// What the placeholders stand for.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    pub(crate) target: String,
    pub(crate) name: String,
    pub(crate) dir: String,
    pub(crate) out: String,
}

/// Every recipe, by the language's name.
pub(crate) fn all() -> Result<Vec<Recipe>> {
    let read = |text: &&str| {
        toml::from_str::<Recipe>(text)
            .map_err(|error| Failure::new(format!("a recipe of this binary is wrong: {error}")))
    };
    RECIPES.iter().map(read).collect()
}

impl Recipe {
    /// The recipe of the language that the manifest names, else that the folder shows.
    pub(crate) fn choose(all: &[Recipe], named: Option<&str>, dir: &Path) -> Result<Recipe> {
        let languages: Vec<_> = all.iter().map(|recipe| recipe.language.as_str()).collect();
        let languages = languages.join(", ");
        if let Some(named) = named {
            let found = all.iter().find(|recipe| recipe.language == named);
            return found.cloned().ok_or_else(|| {
                let named = named.escape_debug();
                Failure::new(format!("`build.language` is `{named}`: use one of {languages}"))
                    .hint("`build.command` and `build.output` build with anything else")
            });
        }
        let found = all.iter().find(|recipe| dir.join(&recipe.project).exists());
        found.cloned().ok_or_else(|| {
            let projects: Vec<_> = all.iter().map(|r| format!("`{}`", r.project)).collect();
            let (dir, projects) = (dir.display(), projects.join(", "));
            Failure::new(format!("the language of `{dir}` is unknown: it has none of {projects}"))
                .hint(format!("set `build.language` in its manifest to one of {languages}"))
        })
    }

    /// The target that the manifest asks for, else the first one.
    pub(crate) fn target(&self, asked: Option<&str>) -> Result<String> {
        let Some(asked) = asked else {
            return Ok(self.targets.first().cloned().unwrap_or_default());
        };
        if self.targets.iter().any(|target| target == asked) {
            return Ok(asked.to_owned());
        }
        let (asked, language) = (asked.escape_debug(), &self.language);
        let accepted = match self.targets.is_empty() {
            true => "leave it out, there is only one".to_owned(),
            false => format!("use one of {}", self.targets.join(", ")),
        };
        Err(Failure::new(format!("`build.target` is `{asked}`: for {language}, {accepted}")))
    }
}

impl Step {
    pub(crate) fn artifact(&self) -> Artifact<'_> {
        match self.artifact.as_str() {
            "cargo-json" => Artifact::CargoJson,
            path => Artifact::Path(path),
        }
    }
}

impl Places {
    /// Replaces the placeholders in one pass; other braces stay.
    pub(crate) fn fill(&self, text: &str) -> String {
        let places = [
            ("{target}", &self.target),
            ("{name}", &self.name),
            ("{dir}", &self.dir),
            ("{out}", &self.out),
        ];
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find('{') {
            filled.push_str(&rest[..at]);
            rest = &rest[at..];
            match places.iter().find(|(place, _)| rest.starts_with(place)) {
                Some((place, value)) => {
                    filled.push_str(value);
                    rest = &rest[place.len()..];
                }
                None => {
                    filled.push('{');
                    rest = &rest[1..];
                }
            }
        }
        filled.push_str(rest);
        filled
    }

    pub(crate) fn fill_all(&self, texts: &[String]) -> Vec<String> {
        texts.iter().map(|text| self.fill(text)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rust() -> Recipe {
        Recipe::choose(&all().expect("valid"), Some("rust"), Path::new("/")).expect("rust is there")
    }

    #[test]
    fn every_recipe_of_the_repository_reads_and_names_itself_once() {
        let all = all().expect("all are valid");
        let mut names: Vec<_> = all.iter().map(|recipe| &recipe.language).collect();
        names.dedup();
        assert_eq!(names.len(), all.len());
        assert_eq!(rust().build.artifact(), Artifact::CargoJson);
    }

    #[test]
    fn a_language_is_found_by_its_project_file() {
        let dir = tempfile::tempdir().expect("a folder");
        let all = all().expect("valid");
        let failure = Recipe::choose(&all, None, dir.path()).expect_err("an empty folder");
        assert!(failure.messages[0].contains("`Cargo.toml`"), "{failure:?}");
        std::fs::write(dir.path().join("Cargo.toml"), "").expect("a file");
        assert_eq!(Recipe::choose(&all, None, dir.path()).expect("found").language, "rust");

        let failure = Recipe::choose(&all, Some("cobol"), dir.path()).expect_err("no such recipe");
        assert!(failure.messages[0].starts_with("`build.language` is `cobol`: use one of"));
    }

    #[test]
    fn targets_are_those_of_the_recipe() {
        let recipe = rust();
        assert_eq!(recipe.target(None).expect("the default"), recipe.targets[0]);
        assert_eq!(recipe.target(Some("wasm32-wasip2")).expect("known"), "wasm32-wasip2");
        let failure = recipe.target(Some("x86_64")).expect_err("not a target");
        assert!(failure.messages[0].contains("wasm32-wasip1"), "{failure:?}");
    }

    #[test]
    fn placeholders_are_filled_once_and_other_braces_stay() {
        let places = Places {
            target: "wasm32".into(),
            name: "{dir}".into(),
            dir: "/f".into(),
            out: "/o".into(),
        };
        assert_eq!(places.fill("{out}/{name}.{target}{"), "/o/{dir}.wasm32{");
        assert_eq!(places.fill(r#"{ "a": {dir} }"#), r#"{ "a": /f }"#);
    }
}
