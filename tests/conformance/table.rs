//! The outcomes of a block as `docs/reference/conformance/<block>.md`: one table per driver.

use ottavo_blocks::suite::{Outcome, Report};

use crate::record::Record;

const INTRODUCTION: &str = "
One set of cases runs over every driver: called directly (`trait`), through the door of apps (`gRPC`),
and through the door of functions, from a program in every guest language and in every way it is
built. `yes`: the case passes. `-`: the driver does not claim the capability that the case is about.
There is no third: a case that fails fails the build.

The test `conformance` compares these tables with what it finds; with `OTTAVO_BLESS=1` it writes them.
";

/// One column: who was called through what, and what every case came to.
pub(crate) struct Column {
    pub(crate) driver: &'static str,
    /// The door, or the guest language.
    pub(crate) title: String,
    /// Every case; none where the compiler is missing.
    pub(crate) report: Option<Report>,
}

/// The document. Columns that were not run show what was recorded of them.
pub(crate) fn render(block: &str, columns: &[Column], recorded: &Record) -> String {
    let mut text = format!("# Conformance of {block}\n{INTRODUCTION}{}", recorded.note());
    let mut drivers: Vec<&str> = Vec::new();
    for column in columns {
        if !drivers.contains(&column.driver) {
            drivers.push(column.driver);
        }
    }
    let cases = columns.iter().find_map(|column| column.report.as_ref());
    let cases: Vec<_> = cases.into_iter().flat_map(Report::rows).map(|(case, _)| *case).collect();
    for driver in drivers {
        let columns: Vec<_> = columns.iter().filter(|column| column.driver == driver).collect();
        text += &format!("\n## {driver}\n\n| case |");
        for column in &columns {
            text += &format!(" {} |", column.title);
        }
        text += "\n|---|";
        text += &"---|".repeat(columns.len());
        for (row, case) in cases.iter().enumerate() {
            let shown = case.replace('_', " ");
            text += &format!("\n| {shown} |");
            for column in &columns {
                text += &format!(" {} |", column.cell(row, case, &shown, recorded));
            }
        }
        text += "\n";
    }
    text
}

impl Column {
    fn cell(&self, row: usize, case: &str, shown: &str, recorded: &Record) -> String {
        let Some(report) = &self.report else {
            return recorded.cell(self.driver, &self.title, shown);
        };
        let (name, outcome) = &report.rows()[row];
        assert_eq!(*name, case, "every column runs the same cases in the same order");
        let cell = match outcome {
            Outcome::Pass => "yes",
            Outcome::NotClaimed => "-",
            Outcome::Fail(_) => "no",
        };
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(driver: &'static str, title: &str, ran: bool) -> Column {
        let mut report = Report::default();
        report.add("keys_are_kept", Outcome::Pass);
        report.add("all_at_once", Outcome::NotClaimed);
        Column { driver, title: title.to_owned(), report: ran.then_some(report) }
    }

    #[test]
    fn a_driver_is_a_table_with_cases_as_rows() {
        let columns =
            [column("a", "trait", true), column("b", "trait", true), column("a", "gRPC", true)];
        let text = render("state", &columns, &Record::default());
        let tables = "\n## a\n\n| case | trait | gRPC |\n|---|---|---|\n\
                      | keys are kept | yes | yes |\n| all at once | - | - |\n\
                      \n## b\n\n| case | trait |\n|---|---|\n\
                      | keys are kept | yes |\n| all at once | - |\n";
        assert!(text.ends_with(tables), "{text}");
    }

    #[test]
    fn what_is_not_run_shows_what_was_recorded() {
        let before = [column("a", "trait", true), column("a", "rare", true)];
        let record = Record::read(&render("state", &before, &Record::default()));
        let now = [column("a", "trait", true), column("a", "rare", false)];
        assert_eq!(render("state", &now, &record), render("state", &before, &record));
        let unknown = [column("a", "trait", true), column("a", "new", false)];
        assert!(render("state", &unknown, &record).contains("| keys are kept | yes | not run |"));
    }
}
