//! The summary of conformance in `README.md`: what `docs/reference/conformance.md` says, one row per
//! block. It is text of text, so it needs none of the heavy generators.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::place::Place;
use crate::say;

const FROM: &str = "docs/reference/conformance.md";
const TO: &str = "README.md";
const BEGIN: &str =
    "<!-- conformance: written by `cargo xtask gen` from docs/reference/conformance.md -->\n";
const END: &str = "<!-- end -->\n";

/// Writes the summary, or fails when another one is committed.
pub(super) fn run(place: &Place, check: bool) -> Result<()> {
    let read = |file: &str| {
        fs::read_to_string(place.root.join(file)).with_context(|| format!("read `{file}`"))
    };
    let readme = read(TO)?;
    let text = with_summary(&readme, &summary(&read(FROM)?)?)?;
    if text == readme {
        return Ok(());
    }
    if check {
        bail!(
            "the conformance in `{TO}` is not that of `{FROM}`: run `cargo xtask gen` and commit"
        );
    }
    fs::write(place.root.join(TO), text).with_context(|| format!("write `{TO}`"))?;
    say::line(format_args!("written: {TO}"));
    Ok(())
}

fn with_summary(readme: &str, summary: &str) -> Result<String> {
    let parts = readme.split_once(BEGIN).and_then(|(before, rest)| {
        let (_, after) = rest.split_once(END)?;
        Some((before, after))
    });
    let (before, after) =
        parts.with_context(|| format!("`{TO}` has no line `{}`", BEGIN.trim()))?;
    Ok(format!("{before}{BEGIN}\n{summary}\n{END}{after}"))
}

/// What came of some runs of cases.
#[derive(Clone, Copy, Default)]
struct Count {
    passed: usize,
    not_claimed: usize,
    not_run: usize,
}

impl Count {
    /// Of a cell: `93`, `93, 3 not claimed` or `96 not run`.
    fn read(cell: &str) -> Result<Count> {
        let mut count = Count::default();
        for part in cell.split(", ") {
            let (number, what) = part.split_once(' ').unwrap_or((part, ""));
            let number = number.parse().with_context(|| format!("`{cell}` in `{FROM}`"))?;
            match what {
                "" => count.passed = number,
                "not claimed" => count.not_claimed = number,
                "not run" => count.not_run = number,
                _ => bail!("`{cell}` in `{FROM}` is no count"),
            }
        }
        Ok(count)
    }

    fn and(self, other: Count) -> Count {
        Count {
            passed: self.passed + other.passed,
            not_claimed: self.not_claimed + other.not_claimed,
            not_run: self.not_run + other.not_run,
        }
    }
}

/// The table, with what it counts before it.
fn summary(conformance: &str) -> Result<String> {
    let mut ways = Vec::new();
    let mut rows = String::new();
    for section in conformance.split("\n## ").skip(1) {
        let (heading, rest) = section.split_once('\n').unwrap_or((section, ""));
        let link = heading.replace("(conformance/", "(docs/reference/conformance/");
        let mut lines = rest.lines().filter(|line| line.starts_with('|')).map(cells);
        ways = lines.next().unwrap_or_default().split_off(1);
        let (mut drivers, mut cases, mut all) = (Vec::new(), 0, Count::default());
        for row in lines.skip(1) {
            drivers.push(row[0]);
            for cell in &row[1..] {
                let count = Count::read(cell)?;
                cases = cases.max(count.passed + count.not_claimed);
                all = all.and(count);
            }
        }
        let or_none = |count: usize| if count == 0 { "-".to_owned() } else { count.to_string() };
        let Count { passed, not_claimed, not_run } = all;
        let (drivers, left_out) = (drivers.join(", "), or_none(not_claimed));
        rows += &format!(
            "| {link} | {cases} | {drivers} | {passed} | {left_out} | {} |\n",
            or_none(not_run)
        );
    }
    let ways = ways.join(", ");
    Ok(format!(
        "Each case runs over each driver in each way: {ways}.\n\
         What a driver or a door does not claim is counted apart; a case that fails fails the build.\n\n\
         | block | cases | drivers | runs that pass | not claimed | not run |\n\
         |---|---|---|---|---|---|\n{rows}"
    ))
}

fn cells(line: &str) -> Vec<&str> {
    line.trim_matches('|').split('|').map(str::trim).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFORMANCE: &str = "\
# Conformance

## [lock](conformance/lock.md)

| driver | trait | gRPC | tinygo |
|---|---|---|---|
| memory | 31 | 31 | 31 not run |

## [state](conformance/state.md)

| driver | trait | gRPC | tinygo |
|---|---|---|---|
| memory | 96 | 96 | 96 |
| redis | 93, 3 not claimed | 93, 3 not claimed | 93, 3 not claimed |
";

    #[test]
    fn each_block_has_a_row_with_what_came_of_its_cases() {
        let summary = summary(CONFORMANCE).unwrap();
        assert!(summary.starts_with(
            "Each case runs over each driver in each way: trait, gRPC, tinygo.\nWhat"
        ));
        let rows = "| [lock](docs/reference/conformance/lock.md) | 31 | memory | 62 | - | 31 |\n\
                    | [state](docs/reference/conformance/state.md) | 96 | memory, redis | 567 | 9 | - |\n";
        assert!(summary.ends_with(rows), "{summary}");
    }

    #[test]
    fn what_is_between_the_marks_is_replaced_and_nothing_else() {
        let readme = format!("before\n{BEGIN}old\n{END}after\n");
        let written = with_summary(&readme, "new\n").unwrap();
        assert_eq!(written, format!("before\n{BEGIN}\nnew\n\n{END}after\n"));
        assert_eq!(with_summary(&written, "new\n").unwrap(), written);
        assert!(with_summary("no marks", "new\n").is_err());
    }

    #[test]
    fn what_is_no_count_is_told() {
        assert!(Count::read("many").is_err());
        assert!(Count::read("3 odd").is_err());
    }
}
