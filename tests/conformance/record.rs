//! The document as committed: what a column is compared with, and what is known of one that cannot be
//! run for want of its compiler.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::SystemTime;

use anyhow::{Context, Result, bail};
use ottavo_test_support::root;

use crate::table::{Column, render};

/// The guest whose compiler is in no package registry.
const RARE: &str = "tinygo";

/// What the line about it begins with.
const NOTE: &str = "`tinygo` was run ";

/// The document as it was read.
#[derive(Default)]
pub(crate) struct Record(String);

impl Record {
    pub(crate) fn read(document: &str) -> Record {
        Record(document.to_owned())
    }

    /// When the rare column was last run and with what, as a paragraph; empty when it never was.
    pub(crate) fn note(&self) -> String {
        let line = self.0.lines().find(|line| line.starts_with(NOTE));
        line.map(|line| format!("\n{line}\n")).unwrap_or_default()
    }

    /// A cell of a driver's table.
    pub(crate) fn cell(&self, driver: &str, title: &str, case: &str) -> String {
        let cells = |line: &str| -> Vec<String> {
            line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
        };
        let heading = format!("## {driver}");
        let table = self.0.lines().skip_while(|line| **line != *heading).skip(1);
        let mut table = table.take_while(|line| !line.starts_with("## "));
        let column = table
            .find(|line| line.starts_with("| case |"))
            .and_then(|line| cells(line).iter().position(|cell| cell == title));
        let row = table.map(cells).find(|row| row.first().is_some_and(|first| first == case));
        let found = column.zip(row).and_then(|(column, row)| row.get(column).cloned());
        found.unwrap_or_else(|| "not run".to_owned())
    }
}

/// Compares what was found with the block's document as committed, or writes it when asked to;
/// returns its text.
///
/// # Errors
/// When they differ.
pub(crate) fn compare(block: &str, columns: &[Column]) -> Result<String> {
    let path = format!("conformance/{block}.md");
    let committed = committed(&path);
    let mut record = Record::read(&committed);
    if blesses() && columns.iter().any(|column| column.title == RARE && column.report.is_some()) {
        record.0 = format!("{}\n{committed}", note()?);
    }
    let rendered = render(block, columns, &record);
    settle(&path, &committed, &rendered)?;
    Ok(rendered)
}

/// A document of the reference; empty when there is none yet.
pub(crate) fn committed(path: &str) -> String {
    fs::read_to_string(document(path)).unwrap_or_default()
}

/// Fails when a document is not as committed, or writes it when asked to.
pub(crate) fn settle(path: &str, committed: &str, rendered: &str) -> Result<()> {
    if blesses() {
        let file = document(path);
        fs::create_dir_all(file.parent().context("a file has a folder")?)?;
        return fs::write(file, rendered).context("writing the table");
    }
    if committed != rendered {
        bail!(
            "`{path}` is not what this run gives: run it with OTTAVO_BLESS=1 and commit\n{rendered}"
        );
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "a switch of the test, not of the host")]
fn blesses() -> bool {
    std::env::var_os("OTTAVO_BLESS").is_some()
}

fn document(path: &str) -> PathBuf {
    root().join("docs/reference").join(path)
}

/// The line for a run of today.
fn note() -> Result<String> {
    let output = Command::new(RARE).arg("version").output().context("run `tinygo version`")?;
    let version = String::from_utf8_lossy(&output.stdout);
    let now = humantime::format_rfc3339_seconds(SystemTime::now()).to_string();
    let (day, version) = (&now[..10], version.trim());
    Ok(format!(
        "{NOTE}last on {day}, with {version}: it is in no package registry, so that runs without it \
         keep what was found then."
    ))
}
