//! One way to build the functions of a language.

use std::collections::BTreeMap;

use serde::Deserialize;

/// A `[[compilers]]` table.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Compiler {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) targets: Vec<String>,
    #[serde(default)]
    pub(crate) tools: Vec<Tool>,
    #[serde(default)]
    pub(crate) prepare: Vec<Preparation>,
    pub(crate) build: Step,
    #[serde(default)]
    debug: Debug,
}

/// What is different in a build for debugging.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Debug {
    /// Instead of the command of the build.
    command: Option<Vec<String>>,
    /// Beside the variables of the build.
    env: BTreeMap<String, String>,
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

/// A command before the build, such as fetching dependencies, and when it is due.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Preparation {
    pub(crate) command: Vec<String>,
    /// The file in the function's folder that it leaves.
    pub(crate) makes: String,
    /// The files in the function's folder that it depends on.
    pub(crate) from: Vec<String>,
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

impl Compiler {
    /// The command and its variables.
    pub(crate) fn step(&self, debug: bool) -> Step {
        let mut step = self.build.clone();
        if debug {
            step.command = self.debug.command.clone().unwrap_or(step.command);
            step.env.extend(self.debug.env.clone());
        }
        step
    }

    /// The target that is asked for, else the first one; none when it has no such target.
    pub(crate) fn target(&self, asked: Option<&str>) -> Option<String> {
        match asked {
            None => Some(self.targets.first().cloned().unwrap_or_default()),
            Some(asked) => self.targets.iter().find(|target| *target == asked).cloned(),
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_for_debugging_differs_where_the_recipe_says_so() {
        let with = |debug: &str| -> Compiler {
            let text = r#"name = "c"
                [build]
                command = ["fast"]
                env = { A = "1", B = "1" }
                artifact = "x.wasm""#;
            toml::from_str(&format!("{text}\n{debug}")).expect("a compiler")
        };
        let step = |compiler: &Compiler, debug| {
            let Step { command, env, .. } = compiler.step(debug);
            (command.concat(), env.into_values().collect::<String>())
        };
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(step(&with(""), true), pair("fast", "11"));
        let other = with("[debug]\ncommand = [\"slow\"]");
        assert_eq!(
            (step(&other, false), step(&other, true)),
            (pair("fast", "11"), pair("slow", "11"))
        );
        let env = with("[debug]\nenv = { B = \"2\", C = \"3\" }");
        assert_eq!(
            (step(&env, false), step(&env, true)),
            (pair("fast", "11"), pair("fast", "123"))
        );
    }
}
