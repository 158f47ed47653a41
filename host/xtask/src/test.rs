//! `test`: the steps of CI, in order, each with its heading, result and time.
//!
//! A failing step does not end the run: the next ones are taken unless they need it. A step that
//! cannot run says why, and never counts as passed.

mod report;
mod steps;
mod tally;

use std::time::Instant;

use anyhow::{Result, bail};

use self::report::{Line, Report};
use self::steps::{Bench, STEPS, Step};
pub(crate) use self::tally::Tally;
use crate::place::Place;
use crate::say;

/// How a step ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// Everything was good.
    Passed(Tally),
    /// Something was not; what, was printed.
    Failed(Tally),
    /// It could not run, and why.
    NotRun(String),
}

/// Names the steps.
pub(crate) fn list() {
    for step in STEPS {
        say::result(format_args!("{:<10} {}", step.name, step.what));
    }
}

/// Runs the steps named, or all; says whether all was good.
pub(crate) fn run(place: &Place, named: &[&str]) -> Result<bool> {
    let chosen = choose(named)?;
    let bench = Bench::new(place);
    let mut report = Report::default();
    for step in chosen {
        say::heading(&format!("{}: {}", step.name, step.what));
        let started = Instant::now();
        let end = match step.needs.iter().find(|need| report.lacks(need)) {
            Some(need) => End::NotRun(format!("`{need}` failed")),
            None => (step.run)(&bench).unwrap_or_else(|error| {
                say::failure(&error);
                End::Failed(Tally::default())
            }),
        };
        let line = Line { step: step.name, end, time: started.elapsed() };
        say::line(format_args!("<== {}: {}", step.name, line.outcome()));
        report.add(line);
    }
    report.print();
    Ok(report.is_good())
}

/// The steps named with what they need, in the order of the list.
fn choose(named: &[&str]) -> Result<Vec<&'static Step>> {
    let known: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
    if let Some(unknown) = named.iter().find(|name| !known.contains(*name)) {
        bail!("there is no step `{unknown}`: the steps are {}", known.join(", "));
    }
    if named.is_empty() {
        return Ok(STEPS.iter().collect());
    }
    let mut wanted = named.to_vec();
    // what a step needs stands before it, so one pass from the end finds everything
    for step in STEPS.iter().rev() {
        if wanted.contains(&step.name) {
            wanted.extend(step.needs);
        }
    }
    Ok(STEPS.iter().filter(|step| wanted.contains(&step.name)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(named: &[&str]) -> Vec<&'static str> {
        choose(named).unwrap().iter().map(|step| step.name).collect()
    }

    #[test]
    fn a_step_brings_what_it_needs() {
        assert_eq!(names(&["tidy"]), ["tidy"]);
        assert_eq!(names(&["test", "format"]), ["setup", "format", "build", "programs", "test"]);
        assert_eq!(names(&[]).len(), STEPS.len());
    }

    #[test]
    fn an_unknown_step_is_refused_with_the_known_ones() {
        let Err(error) = choose(&["lint"]) else { panic!("`lint` is no step") };
        assert!(error.to_string().contains("clippy"), "{error}");
    }

    #[test]
    fn needs_stand_before_who_needs_them() {
        for (at, step) in STEPS.iter().enumerate() {
            for need in step.needs {
                assert!(STEPS[..at].iter().any(|before| before.name == *need), "{}", step.name);
            }
        }
    }
}
