//! `guests/*/checks.toml`: formatter, lints and tests of guest code that is not Rust.

use std::path::PathBuf;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::{folders, read};
use crate::place::Place;
use crate::process;

/// The checks of one language.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Checks {
    /// The compiler of `guest.toml` without which nothing is checked.
    pub(crate) compiler: String,
    /// They run in each folder of the repository that has a file of this name; without one, in the
    /// folder of the language.
    beside: Option<String>,
    #[serde(skip)]
    home: PathBuf,
    /// In order.
    pub(crate) checks: Vec<Check>,
}

/// One command.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Check {
    pub(crate) command: Vec<String>,
    /// Output on standard output is a complaint.
    #[serde(default)]
    pub(crate) silent: bool,
}

/// Those of every language that has some.
pub(crate) fn checks(place: &Place) -> Result<Vec<Checks>> {
    let files = folders(&place.root.join("guests"))?.into_iter().map(|f| f.join("checks.toml"));
    let files = files.filter(|file| file.is_file());
    files
        .map(|file| {
            let home = file.parent().map(PathBuf::from).unwrap_or_default();
            Ok(Checks { home, ..read(&file)? })
        })
        .collect()
}

impl Checks {
    /// Where they run.
    pub(crate) fn folders(&self, place: &Place) -> Result<Vec<PathBuf>> {
        let Some(beside) = &self.beside else { return Ok(vec![self.home.clone()]) };
        let mut list = place.command("git");
        list.args(["ls-files", "--cached", "--others", "--exclude-standard", "--"]);
        list.args([beside, &format!("*/{beside}")]);
        let files = process::capture(&mut list).context("list the files of the repository")?;
        let folders =
            files.lines().filter_map(|file| place.root.join(file).parent().map(PathBuf::from));
        // a template has no name yet, so that no tool can read it
        Ok(folders.filter(|folder| !super::is_template(folder)).collect())
    }
}
