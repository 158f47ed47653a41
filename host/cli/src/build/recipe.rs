//! `guest.toml`: how the functions of one language are built. The format: `guests/README.md`.

use std::path::Path;

use serde::Deserialize;

use super::compiler::Compiler;
use crate::failure::{Failure, Result};
use crate::language::{File, LANGUAGES, Language};
use crate::sdk::{LINK, Sdk};
use crate::template::Kind;

/// One language.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Recipe {
    pub(crate) language: String,
    /// Other names of it in manifests.
    #[serde(default)]
    aliases: Vec<String>,
    /// The file in a function's folder that shows this language.
    project: String,
    /// The extensions of the files that a function of it is made of.
    pub(super) watch: Vec<String>,
    /// What `ottavo new` makes; `build.rs` reads the rest of it.
    new: Option<New>,
    /// In order of preference.
    compilers: Vec<Compiler>,
    /// What else the binary carries for it.
    #[serde(skip)]
    carried: Option<&'static Language>,
}

/// `[new]`: new functions and their SDK.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct New {
    /// Where the SDK is in the language's folder; for `build.rs`.
    #[serde(rename = "sdk")]
    _sdk: String,
    /// What of it functions do not need; for `build.rs`.
    #[serde(default, rename = "without")]
    _without: Vec<String>,
    /// The file in a function's folder that says where the SDK is.
    refers: String,
}

/// Which compiler builds, as far as the command line and the manifest say.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Wanted<'a> {
    pub(crate) language: Option<&'a str>,
    pub(crate) compiler: Option<&'a str>,
    pub(crate) target: Option<&'a str>,
    pub(crate) debug: bool,
}

/// A compiler that may build a function, and for which target.
pub(crate) type Candidate<'a> = (&'a Compiler, String);

/// Every recipe, by the language's name.
pub(crate) fn all() -> Result<Vec<Recipe>> {
    let read = |carried: &'static Language| {
        let mut recipe = toml::from_str::<Recipe>(carried.recipe)
            .map_err(|error| Failure::new(format!("a recipe of this binary is wrong: {error}")))?;
        recipe.carried = Some(carried);
        Ok(recipe)
    };
    LANGUAGES.iter().map(read).collect()
}

impl Recipe {
    /// The recipe of the language that the manifest names, else that the folder shows.
    pub(crate) fn choose<'a>(
        all: &'a [Recipe],
        named: Option<&str>,
        dir: &Path,
    ) -> Result<&'a Recipe> {
        let languages = listed(all.iter().flat_map(Recipe::names));
        if let Some(named) = named {
            let found = all.iter().find(|recipe| recipe.names().any(|name| name == named));
            return found.ok_or_else(|| {
                let named = named.escape_debug();
                Failure::new(format!("`build.language` is `{named}`: use one of {languages}"))
                    .hint("`build.command` and `build.output` build with anything else")
            });
        }
        let found = all.iter().find(|recipe| dir.join(&recipe.project).exists());
        found.ok_or_else(|| {
            let projects: Vec<_> = all.iter().map(|r| format!("`{}`", r.project)).collect();
            let (dir, projects) = (dir.display(), projects.join(", "));
            Failure::new(format!("the language of `{dir}` is unknown: it has none of {projects}"))
                .hint(format!("set `build.language` in its manifest to one of {languages}"))
        })
    }

    /// Whether there is a choice between compilers.
    pub(crate) fn has_choice(&self) -> bool {
        self.compilers.len() > 1
    }

    /// The compilers that fit what is wanted, the best one first: one that has the very name of the
    /// language as the manifest writes it, then in the order of the recipe.
    ///
    /// # Errors
    /// When none fits, with those that there are.
    pub(crate) fn candidates(&self, wanted: Wanted<'_>) -> Result<Vec<Candidate<'_>>> {
        let language = &self.language;
        let mut compilers: Vec<&Compiler> = self.compilers.iter().collect();
        if let Some(asked) = wanted.compiler {
            compilers.retain(|compiler| compiler.name == asked);
            if compilers.is_empty() {
                let (asked, names) = (asked.escape_debug(), self.compiler_names());
                let text = format!("`{asked}` is no compiler for {language}: use one of {names}");
                return Err(Failure::new(text));
            }
        }
        let named = wanted.language.unwrap_or(language);
        compilers.sort_by_key(|compiler| compiler.name != named);
        let targets = listed(compilers.iter().flat_map(|c| c.targets.iter().map(String::as_str)));
        let fit = |compiler: &'_ Compiler| compiler.target(wanted.target);
        let candidates: Vec<_> = compilers.into_iter().filter_map(|c| Some((c, fit(c)?))).collect();
        match (wanted.target, candidates.is_empty()) {
            (Some(asked), true) => {
                let accepted = match targets.is_empty() {
                    true => "leave it out, there is only one".to_owned(),
                    false => format!("use one of {targets}"),
                };
                let asked = asked.escape_debug();
                let text = format!("`build.target` is `{asked}`: for {language}, {accepted}");
                Err(Failure::new(text))
            }
            _ => Ok(candidates),
        }
    }

    /// Whether `ottavo new` makes functions in it.
    pub(crate) fn makes_new(&self) -> bool {
        self.new.is_some()
    }

    /// The files of a new function.
    pub(crate) fn template(&self, kind: Kind) -> &'static [File] {
        self.carried.map_or(&[], |carried| match kind {
            Kind::Http => carried.template,
            Kind::Event => carried.event,
        })
    }

    /// The SDK that the binary carries.
    pub(crate) fn sdk(&self) -> Sdk<'_> {
        Sdk { language: &self.language, files: self.carried.map_or(&[], |carried| carried.sdk) }
    }

    /// The SDK that a function refers to, if it is the one that the binary carries.
    pub(crate) fn sdk_of(&self, dir: &Path) -> Option<Sdk<'_>> {
        let text = std::fs::read_to_string(dir.join(&self.new.as_ref()?.refers)).ok()?;
        text.contains(LINK).then(|| self.sdk())
    }

    /// What manifests may call it.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.language).chain(&self.aliases).map(String::as_str)
    }

    fn compiler_names(&self) -> String {
        listed(self.compilers.iter().map(|compiler| compiler.name.as_str()))
    }
}

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::compiler::Artifact;

    fn recipe(text: &str) -> Recipe {
        toml::from_str(text).expect("a recipe")
    }

    fn two_compilers() -> Recipe {
        recipe(
            r#"
            language = "two"
            aliases = ["second"]
            project = "two.mod"
            watch = ["two"]
            [[compilers]]
            name = "first"
            targets = ["a", "b"]
            [compilers.build]
            command = ["one"]
            artifact = "{out}/x.wasm"
            [[compilers]]
            name = "second"
            [[compilers.prepare]]
            command = ["fetch"]
            makes = "got"
            from = ["list"]
            [compilers.build]
            command = ["two"]
            artifact = "cargo-json"
            "#,
        )
    }

    fn names(wanted: Wanted<'_>) -> Vec<(String, String)> {
        let recipe = two_compilers();
        let candidates = recipe.candidates(wanted).expect("some fit");
        candidates.into_iter().map(|(compiler, target)| (compiler.name.clone(), target)).collect()
    }

    #[test]
    fn every_recipe_of_the_repository_reads_and_names_itself_once() {
        let all = all().expect("all are valid");
        let mut names: Vec<_> = all.iter().flat_map(Recipe::names).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
        let rust = Recipe::choose(&all, Some("rust"), Path::new("/")).expect("rust is there");
        let candidates = rust.candidates(Wanted::default()).expect("its compiler");
        assert_eq!(candidates[0].0.build.artifact(), Artifact::CargoJson);
    }

    #[test]
    fn a_language_is_found_by_its_project_file_and_by_any_of_its_names() {
        let dir = tempfile::tempdir().expect("a folder");
        let all = [two_compilers()];
        let failure = Recipe::choose(&all, None, dir.path()).expect_err("an empty folder");
        assert!(failure.messages[0].contains("`two.mod`"), "{failure:?}");
        std::fs::write(dir.path().join("two.mod"), "").expect("a file");
        assert_eq!(Recipe::choose(&all, None, dir.path()).expect("found").language, "two");
        let by_alias = Recipe::choose(&all, Some("second"), Path::new("/")).expect("found");
        assert_eq!(by_alias.language, "two");

        let failure = Recipe::choose(&all, Some("cobol"), dir.path()).expect_err("no such recipe");
        assert_eq!(
            failure.messages,
            ["`build.language` is `cobol`: use one of two, second".to_owned()]
        );
    }

    #[test]
    fn the_compiler_named_like_the_language_comes_first() {
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        let named = |language| Wanted { language, ..Wanted::default() };
        let in_order = [pair("first", "a"), pair("second", "")];
        assert_eq!(names(named(None)), in_order);
        assert_eq!(names(named(Some("two"))), in_order);
        assert_eq!(names(named(Some("second"))), [pair("second", ""), pair("first", "a")]);
    }

    #[test]
    fn compilers_and_targets_are_those_of_the_recipe() {
        let of = |compiler, target| Wanted { compiler, target, ..Wanted::default() };
        assert_eq!(names(of(None, Some("b"))), [("first".to_owned(), "b".to_owned())]);
        let recipe = two_compilers();
        let told = |wanted| recipe.candidates(wanted).expect_err("none").messages.concat();
        assert_eq!(
            told(of(Some("third"), None)),
            "`third` is no compiler for two: use one of first, second"
        );
        assert_eq!(told(of(None, Some("x"))), "`build.target` is `x`: for two, use one of a, b");
        assert_eq!(
            told(of(Some("second"), Some("a"))),
            "`build.target` is `a`: for two, leave it out, there is only one"
        );
    }
}
