//! `docs/reference/conformance.md`: how many cases pass, block by block and driver by driver.
//!
//! It is counted from the documents of the blocks, so that what is recorded there counts as well.

use anyhow::Result;

use crate::record::{committed, settle};

const INTRODUCTION: &str = "\
# Conformance

Every block has one set of cases, which runs over every driver: called directly (`trait`), through the
door of apps (`gRPC`), and through the door of functions, from a program in every guest language and in
every way it is built. The figures are the cases that pass; after them, those that the driver does not
claim. There is no third: a case that fails fails the build.
";

/// Compares the summary with what is committed, or writes it when asked to.
///
/// # Errors
/// When they differ.
pub(crate) fn compare(documents: &[(&str, String)]) -> Result<()> {
    settle("conformance.md", &committed("conformance.md"), &render(documents))
}

fn render(documents: &[(&str, String)]) -> String {
    let mut text = INTRODUCTION.to_owned();
    for (block, document) in documents {
        text += &format!("\n## [{block}](conformance/{block}.md)\n");
        for (at, driver) in document.split("\n## ").skip(1).enumerate() {
            let mut lines = driver.lines();
            let name = lines.next().unwrap_or_default();
            let rows: Vec<Vec<&str>> =
                lines.filter(|line| line.starts_with('|')).map(cells).collect();
            let Some((heading, cases)) = rows.split_first() else { continue };
            if at == 0 {
                text += &format!("\n| driver | {} |\n", heading[1..].join(" | "));
                text += &format!("|---|{}\n", "---|".repeat(heading.len() - 1));
            }
            let counts: Vec<_> =
                (1..heading.len()).map(|column| count(&cases[1..], column)).collect();
            text += &format!("| {name} | {} |\n", counts.join(" | "));
        }
    }
    text
}

fn cells(line: &str) -> Vec<&str> {
    line.trim_matches('|').split('|').map(str::trim).collect()
}

/// The cases of a column that pass, and those that are not claimed.
fn count(cases: &[Vec<&str>], column: usize) -> String {
    let of = |word: &str| cases.iter().filter(|case| case.get(column) == Some(&word)).count();
    match (of("yes"), of("-"), of("not run")) {
        (_, _, missing) if missing > 0 => format!("{missing} not run"),
        (passed, 0, _) => passed.to_string(),
        (passed, not_claimed, _) => format!("{passed}, {not_claimed} not claimed"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_are_counted_by_what_they_came_to() {
        let table = "# x\n\n## a\n\n| case | trait | rare |\n|---|---|---|\n| one | yes | not run |\n\
                     | two | - | not run |\n\n## b\n\n| case | trait | rare |\n|---|---|---|\n\
                     | one | yes | yes |\n| two | yes | - |\n";
        let text = render(&[("state", table.to_owned())]);
        let expected = "\n## [state](conformance/state.md)\n\n| driver | trait | rare |\n|---|---|---|\n\
                        | a | 1, 1 not claimed | 2 not run |\n| b | 2 | 1, 1 not claimed |\n";
        assert!(text.ends_with(expected), "{text}");
    }
}
