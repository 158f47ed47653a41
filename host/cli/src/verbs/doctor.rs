//! `ottavo doctor`: what this machine has and lacks, each with what to do.

mod host;
mod machine;
mod report;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use ottavo_settings::{Env, Settings};

use crate::arguments::HostArguments;
use crate::build::survey;
use crate::failure::{Failure, Result};
use crate::output::{self, Format};
use report::{Finding, Report, Status};

#[derive(Args, Debug)]
pub(crate) struct Doctor {
    /// The configuration [default: $OTTAVO_CONFIG, else `ottavo.toml` here, else none]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    host: HostArguments,
}

pub(crate) fn run(doctor: Doctor, format: Format, env: &Env) -> Result<ExitCode> {
    let current = std::env::current_dir()
        .map_err(|error| Failure::new(format!("find the current folder: {error}")))?;
    let mut findings = Vec::new();
    let running = host::running(&doctor.host, env, &mut findings);
    match Settings::load(doctor.config.as_deref(), env, &ottavo_app::drivers()) {
        Ok(settings) => {
            findings.push(Finding::new("configuration", "", Status::Ok, "it reads"));
            machine::check(&settings, running.as_ref(), &mut findings);
        }
        Err(problems) => findings.extend(problems.iter().map(|problem| {
            Finding::new("configuration", "", Status::Wrong, problem.to_string())
                .fix("correct it; docs/reference/configuration.md lists every key")
        })),
    }
    let needed = match survey::language(&current) {
        Ok(language) => language,
        Err(failure) => {
            let text = failure.messages.join("; ");
            findings.push(Finding::new("function", "", Status::Wrong, text).hint(failure.hint));
            None
        }
    };
    findings.extend(compilers(&survey::all(&current, env)?, needed.as_deref()));
    let report = Report::new(findings);
    output::result(format, &report, Report::text);
    Ok(if report.healthy { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A line for each compiler, and one for each tool that it lacks. None is needed by itself: people
/// write in one language. That of the function in this folder is.
fn compilers(all: &[survey::Surveyed], needed: Option<&str>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for surveyed in all {
        let built =
            |other: &survey::Surveyed| other.language == surveyed.language && other.is_whole();
        let lacking = match needed == Some(&surveyed.language) && !all.iter().any(built) {
            true => Status::Wrong,
            false => Status::Absent,
        };
        let what = match surveyed.compiler == surveyed.language {
            true => surveyed.language.clone(),
            false => format!("{} ({})", surveyed.language, surveyed.compiler),
        };
        if surveyed.is_whole() {
            let found: Vec<_> =
                surveyed.tools.iter().filter_map(|tool| tool.found.as_deref()).collect();
            // some checks print nothing, or a path
            let versions = found.into_iter().filter(|t| !t.is_empty() && !t.starts_with('/'));
            let versions = versions.collect::<Vec<_>>().join(", ");
            findings.push(Finding::new("compiler", &what, Status::Ok, versions));
            continue;
        }
        for tool in surveyed.tools.iter().filter(|tool| tool.found.is_none()) {
            let text = format!("{} is missing", tool.name);
            findings.push(Finding::new("compiler", &what, lacking, text).fix(&tool.install));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn surveyed(language: &str, compiler: &str, found: bool) -> survey::Surveyed {
        survey::Surveyed {
            language: language.into(),
            compiler: compiler.into(),
            tools: vec![survey::SurveyedTool {
                name: compiler.into(),
                found: found.then(|| "1.0".into()),
                install: format!("get {compiler}"),
            }],
        }
    }

    #[test]
    fn a_compiler_is_needed_for_the_function_here_and_one_of_a_language_is_enough() {
        let all = [surveyed("go", "go", false), surveyed("go", "tinygo", true)];
        let found = compilers(&all, Some("go"));
        assert_eq!((found[0].status, found[1].status), (Status::Absent, Status::Ok));
        assert_eq!(found[0].fix.as_deref(), Some("get go"));

        let all = [surveyed("go", "go", false), surveyed("rust", "rustc", false)];
        let found = compilers(&all, Some("rust"));
        assert_eq!((found[0].status, found[1].status), (Status::Absent, Status::Wrong));
        assert!(!Report::new(found).healthy);
        assert!(Report::new(compilers(&all, None)).healthy);
    }
}
