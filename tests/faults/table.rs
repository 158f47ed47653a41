//! What became of the faults, counted.

use std::fmt;

use anyhow::Result;
use ottavo_test_support::Answer;

/// One row for each kind of fault.
pub(crate) struct Table {
    only: Option<String>,
    rows: Vec<(&'static str, Row)>,
}

/// What one kind of fault did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) tried: u64,
    pub(crate) survived: u64,
    pub(crate) lost: u64,
}

/// How many of those that were not survived a row tells of.
const TOLD: u64 = 5;

impl Row {
    /// One more was tried; whether it was survived.
    pub(crate) fn tried(&mut self, survived: bool) {
        self.tried += 1;
        self.survived += u64::from(survived);
    }

    /// One more was tried; whether it was survived, and what was seen of it: printed when it was not.
    pub(crate) fn saw(&mut self, survived: bool, seen: impl fmt::Debug) {
        self.tried(survived);
        // the first ones say enough
        if !survived && self.tried - self.survived <= TOLD {
            let seen: String = format!("{seen:?}").chars().take(2000).collect();
            println!("try {} was not survived: {seen}", self.tried);
        }
    }

    /// One more was tried, which was to have such an answer.
    pub(crate) fn asked(&mut self, answer: &Result<Answer>, right: impl FnOnce(&Answer) -> bool) {
        match answer {
            Ok(answer) => {
                let text = String::from_utf8_lossy(&answer.body);
                self.saw(right(answer), (answer.status, text));
            }
            Err(error) => self.saw(false, error),
        }
    }
}

impl Table {
    pub(crate) fn new() -> Table {
        Table { only: std::env::var("OTTAVO_FAULTS").ok(), rows: Vec::new() }
    }

    /// Whether the fault of this name is to be tried.
    pub(crate) fn wants(&self, name: &str) -> bool {
        self.only.as_ref().is_none_or(|only| name.contains(only.as_str()))
    }

    pub(crate) fn add(&mut self, name: &'static str, row: Row) {
        println!("{name}: {row:?}");
        self.rows.push((name, row));
    }

    /// Fails unless every fault was tried and survived, and nothing was lost.
    pub(crate) fn check(&self) {
        assert!(!self.rows.is_empty(), "no fault was tried");
        for (name, Row { tried, survived, lost }) in &self.rows {
            assert!(*tried > 0, "{name} was not tried");
            assert_eq!(survived, tried, "{name} was not survived");
            assert_eq!(*lost, 0, "{name} lost something");
        }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| fault | tried | survived | lost |\n|---|---:|---:|---:|")?;
        for (name, Row { tried, survived, lost }) in &self.rows {
            writeln!(f, "| {name} | {tried} | {survived} | {lost} |")?;
        }
        Ok(())
    }
}
