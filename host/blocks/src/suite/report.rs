//! The outcomes of a run as text, one line per case.

use std::fmt;

use super::Outcome;

/// What every case of a run came to, in the order they were added.
#[derive(Clone, Debug, Default)]
pub struct Report(Vec<(&'static str, Outcome)>);

impl Report {
    /// Adds the outcome of a case.
    pub fn add(&mut self, name: &'static str, outcome: Outcome) {
        self.0.push((name, outcome));
    }

    /// Every case with its outcome.
    pub fn rows(&self) -> &[(&'static str, Outcome)] {
        &self.0
    }

    /// The cases that failed, as lines of text; empty when none did.
    pub fn failures(&self) -> Vec<String> {
        let failed = self.0.iter().filter(|(_, outcome)| matches!(outcome, Outcome::Fail(_)));
        failed.map(|(name, outcome)| format!("{}: {outcome}", words(name))).collect()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.0.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
        for (name, outcome) in &self.0 {
            writeln!(f, "{:width$}  {outcome}", words(name))?;
        }
        Ok(())
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Outcome::Pass => f.write_str("pass"),
            Outcome::NotClaimed => f.write_str("-"),
            Outcome::Fail(failure) => write!(f, "fail: {failure}"),
        }
    }
}

fn words(name: &str) -> String {
    name.replace('_', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_reads_as_a_table() {
        let mut report = Report::default();
        report.add("keys_are_kept", Outcome::Pass);
        report.add("all", Outcome::NotClaimed);
        report.add("none", Outcome::Fail("expected 1, got 2".to_owned()));
        let table =
            "keys are kept  pass\nall            -\nnone           fail: expected 1, got 2\n";
        assert_eq!(report.to_string(), table);
        assert_eq!(report.failures(), ["none: fail: expected 1, got 2"]);
    }
}
