//! The outcomes of all doors as `docs/reference/conformance.md`.

use std::fs;

use anyhow::{Context, Result, bail};
use ottavo_blocks::state::suite::{Outcome, Report};
use ottavo_test_support::root;

const INTRODUCTION: &str = "\
# Conformance of state

One set of cases runs through every door, over every driver, and for the door of functions in every
guest language: a column says door, driver and, for WIT, the language and how it is built. `yes`: the
case passes. `-`: the driver does not claim the capability that the case is about. There is no third:
a case that fails fails the build.

The test `conformance` compares this table with what it finds; with `OTTAVO_BLESS=1` it writes it.
";

/// One column: who was called through what, and what every case came to.
pub(crate) struct Column {
    /// Door, driver and language.
    pub(crate) title: String,
    /// Every case.
    pub(crate) report: Report,
}

/// The document.
pub(crate) fn render(columns: &[Column]) -> String {
    let mut text = format!("{INTRODUCTION}\n| case |");
    for column in columns {
        text += &format!(" {} |", column.title);
    }
    text += "\n|---|";
    text += &"---|".repeat(columns.len());
    let cases = columns.first().map(|column| column.report.rows()).unwrap_or_default();
    for (row, (case, _)) in cases.iter().enumerate() {
        text += &format!("\n| {} |", case.replace('_', " "));
        for column in columns {
            let (name, outcome) = &column.report.rows()[row];
            assert_eq!(name, case, "every column runs the same cases in the same order");
            let cell = match outcome {
                Outcome::Pass => "yes",
                Outcome::NotClaimed => "-",
                Outcome::Fail(_) => "no",
            };
            text += &format!(" {cell} |");
        }
    }
    text + "\n"
}

/// Compares with the document as committed, or writes it when asked to.
///
/// # Errors
/// When they differ.
pub(crate) fn compare(rendered: &str) -> Result<()> {
    let path = root().join("docs/reference/conformance.md");
    #[expect(clippy::disallowed_methods, reason = "a switch of the test, not of the host")]
    let bless = std::env::var_os("OTTAVO_BLESS").is_some();
    if bless {
        return fs::write(&path, rendered).context("writing the table");
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    if committed != rendered {
        bail!(
            "`{}` is not what this run gives: run it with OTTAVO_BLESS=1 and commit\n{rendered}",
            path.display()
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_are_rows_and_doors_columns() {
        let mut report = Report::default();
        report.add("keys_are_kept", Outcome::Pass);
        report.add("all_at_once", Outcome::NotClaimed);
        let column = |title: &str| Column { title: title.to_owned(), report: report.clone() };
        let text = render(&[column("trait, memory"), column("gRPC, local")]);
        let table = "\n| case | trait, memory | gRPC, local |\n|---|---|---|\n\
                     | keys are kept | yes | yes |\n| all at once | - | - |\n";
        assert!(text.ends_with(table), "{text}");
    }
}
