//! The compilers of guest languages other than Rust: found, or installed where setup knows how.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use super::tools;
use crate::guests::{Compiler, Program, Recipe};
use crate::place::{self, Place};
use crate::{process, say};

/// The tools that are in no package registry, so that a machine may well be without them.
const OPTIONAL: [&str; 1] = ["tinygo"];

/// What is there and what is not.
#[derive(Clone, Debug, Default)]
pub(crate) struct Compilers {
    /// Folders to look for programs in before those of `PATH`.
    folders: Vec<PathBuf>,
    /// Compilers that cannot be had.
    missing: BTreeMap<String, Lack>,
}

/// Why a compiler cannot be had.
#[derive(Clone, Debug)]
struct Lack {
    /// The tool that it wants.
    tool: String,
    why: String,
}

impl Compilers {
    /// Those that the programs need, looked for and installed.
    pub(super) fn ready(place: &Place, programs: &[Program]) -> Result<Compilers> {
        let recipes = Recipe::all(place)?;
        let mut compilers = Compilers::default();
        let mut seen = Vec::new();
        for program in programs {
            for compiler in Recipe::compilers(&recipes, &program.build) {
                if !seen.contains(&&compiler.name) {
                    seen.push(&compiler.name);
                    compilers.find(place, compiler);
                }
                if !compilers.lacks_compiler(&compiler.name) {
                    break;
                }
            }
        }
        Ok(compilers)
    }

    /// Why a program cannot be built; none when it can.
    pub(crate) fn lacks(&self, recipes: &[Recipe], program: &Program) -> Option<&str> {
        let compilers = Recipe::compilers(recipes, &program.build).into_iter();
        let mut missing = compilers.map(|compiler| self.missing.get(&compiler.name));
        let first = missing.next()??;
        missing.all(|missing| missing.is_some()).then_some(first.why.as_str())
    }

    /// What is missing and should not be: each with the reason.
    pub(crate) fn wanting(&self) -> impl Iterator<Item = &str> {
        let wanting = self.missing.values().filter(|lack| !OPTIONAL.contains(&lack.tool.as_str()));
        wanting.map(|lack| lack.why.as_str())
    }

    /// Everything that is missing, in one line; empty when nothing is.
    pub(crate) fn missing(&self) -> String {
        // several compilers may want one tool
        let all: BTreeSet<_> = self.missing.values().map(|lack| lack.why.as_str()).collect();
        all.into_iter().collect::<Vec<_>>().join("; ")
    }

    /// Whether this compiler is missing.
    pub(crate) fn lacks_compiler(&self, name: &str) -> bool {
        self.missing.contains_key(name)
    }

    /// The file of a program, looked for where setup installed something first.
    pub(super) fn program(&self, name: &str) -> PathBuf {
        let here = self.folders.iter().map(|folder| folder.join(name));
        here.into_iter().find(|file| file.is_file()).unwrap_or_else(|| name.into())
    }

    /// `PATH` with what setup installed before it; none when it installed nothing.
    pub(super) fn path(&self) -> Option<OsString> {
        self.path_after(&[])
    }

    /// The same after folders of others.
    pub(super) fn path_after(&self, others: &[PathBuf]) -> Option<OsString> {
        if self.folders.is_empty() && others.is_empty() {
            return None;
        }
        let ours = others.iter().chain(&self.folders).cloned();
        std::env::join_paths(ours.chain(place::path())).ok()
    }

    fn find(&mut self, place: &Place, compiler: &Compiler) {
        // the targets of Rust are found, or made, by a part of setup of their own
        let tools = compiler.tools.iter().filter(|tool| !tool.name.contains("{target}"));
        for tool in tools {
            if self.passes(&tool.check) {
                continue;
            }
            let program = tool.check.first().map_or("", String::as_str);
            let installed = tools::bringing(program).and_then(|known| known.install(place).ok());
            if let Some(folder) = installed.as_deref().and_then(std::path::Path::parent) {
                self.folders.insert(0, folder.to_owned());
            }
            if !self.passes(&tool.check) {
                let why = format!("{} is missing: {}", tool.name, tool.install);
                say::line(format_args!("{why}"));
                let lack = Lack { tool: tool.name.clone(), why };
                self.missing.insert(compiler.name.clone(), lack);
                return;
            }
        }
    }

    fn passes(&self, check: &[String]) -> bool {
        let Some((program, arguments)) = check.split_first() else { return true };
        let mut command = Command::new(self.program(program));
        if let Some(path) = self.path() {
            command.env("PATH", path);
        }
        process::ask(command.args(arguments)).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tool_in_no_registry_may_be_missing_whatever_wants_it() {
        let lack = |tool: &str| Lack { tool: tool.to_owned(), why: format!("no {tool}") };
        let named = |name: &str, tool: &str| (name.to_owned(), lack(tool));
        let tinygo = [named("tinygo", "tinygo"), named("tinygo-goroutines", "tinygo")];
        let mut compilers = Compilers { missing: tinygo.into(), ..Compilers::default() };
        assert_eq!(compilers.wanting().next(), None);
        assert_eq!(compilers.missing(), "no tinygo");
        compilers.missing.extend([named("go", "go")]);
        assert_eq!(compilers.wanting().collect::<Vec<_>>(), ["no go"]);
    }
}
