//! The summary at the end: a table, and one line with the counts.

use std::time::Duration;

use super::{End, Tally};
use crate::say;

/// One step as it ended.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) step: &'static str,
    pub(crate) end: End,
    pub(crate) time: Duration,
}

impl Line {
    /// Its result in words.
    pub(crate) fn outcome(&self) -> String {
        let (word, tally) = match &self.end {
            End::Passed(tally) => ("ok", tally),
            End::Failed(tally) => ("FAILED", tally),
            End::NotRun(why) => return format!("not run: {why}"),
        };
        if tally.is_empty() {
            return word.to_owned();
        }
        let Tally { passed, failed, ignored } = tally;
        format!("{word}, {passed} passed, {failed} failed, {ignored} ignored")
    }
}

/// All steps as they ended.
#[derive(Clone, Debug, Default)]
pub(crate) struct Report {
    lines: Vec<Line>,
}

impl Report {
    pub(crate) fn add(&mut self, line: Line) {
        self.lines.push(line);
    }

    /// Whether this step ran and did not pass, or could not run.
    pub(crate) fn lacks(&self, step: &str) -> bool {
        let mut lines = self.lines.iter().filter(|line| line.step == step);
        lines.any(|line| !matches!(line.end, End::Passed(_)))
    }

    pub(crate) fn is_good(&self) -> bool {
        !self.lines.iter().any(|line| matches!(line.end, End::Failed(_)))
    }

    /// Tests, and beside them each step that failed without a failed test: a lint, a build.
    fn total(&self) -> Tally {
        let mut total = Tally::default();
        for line in &self.lines {
            match line.end {
                End::Passed(tally) => total.add(tally),
                End::Failed(tally) => {
                    total.add(Tally { failed: tally.failed.max(1), ..tally });
                }
                End::NotRun(_) => {}
            }
        }
        total
    }

    pub(crate) fn print(&self) {
        say::result("");
        for line in &self.lines {
            let seconds = line.time.as_secs_f64();
            say::result(format_args!("{:<10} {seconds:>7.1} s   {}", line.step, line.outcome()));
        }
        let Tally { passed, failed, .. } = self.total();
        say::result(format_args!("\nxtask: {passed} passed, {failed} failed"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(ends: Vec<(&'static str, End)>) -> Report {
        let lines = ends.into_iter();
        Report {
            lines: lines.map(|(step, end)| Line { step, end, time: Duration::ZERO }).collect(),
        }
    }

    #[test]
    fn a_step_that_fails_without_tests_counts_as_one_failure() {
        let tests = Tally { passed: 7, failed: 2, ignored: 0 };
        let all = report(vec![
            ("clippy", End::Failed(Tally::default())),
            ("test", End::Failed(tests)),
            ("tidy", End::Passed(Tally::default())),
        ]);
        assert_eq!(all.total(), Tally { passed: 7, failed: 3, ignored: 0 });
        assert!(!all.is_good());
    }

    #[test]
    fn what_did_not_run_is_neither_good_nor_bad_but_lacking() {
        let all = report(vec![("deny", End::NotRun("not found".to_owned()))]);
        assert!(all.is_good());
        assert!(all.lacks("deny"));
        assert!(!all.lacks("build"));
        assert_eq!(all.lines[0].outcome(), "not run: not found");
    }
}
