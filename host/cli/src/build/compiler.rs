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
