//! `ottavo config`: a host's configuration, checked, shown and described, without starting it.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use ottavo_settings::{Effective, Env, Origin, Problem, Problems, Settings};
use serde_json::{Value, json};

use super::serve::Flags;
use crate::failure::{Failure, Result};
use crate::output::{self, Format};

#[derive(Args, Debug)]
pub(crate) struct Config {
    #[command(subcommand)]
    question: Question,
}

#[derive(Debug, Subcommand)]
enum Question {
    /// Find everything that is wrong in a configuration; exits with 78 when there is something
    Check {
        /// The configuration [default: $OTTAVO_CONFIG, else `ottavo.toml` here, else none]
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
    },
    /// Print every setting in force and where its value comes from; secrets do not show
    Show {
        /// The configuration [default: $OTTAVO_CONFIG, else `ottavo.toml` here, else none]
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
        #[command(flatten)]
        flags: Flags,
    },
    /// Print the JSON schema of `ottavo.toml`, for editors
    Schema,
}

pub(crate) fn run(config: Config, format: Format, env: &Env) -> Result<ExitCode> {
    match config.question {
        Question::Check { file } => check(file, format, env),
        Question::Show { file, flags } => {
            let settings = flags.settings(file.as_deref(), env)?;
            let all = settings.effective(&ottavo_app::drivers());
            output::result(format, &all.iter().map(as_json).collect::<Vec<_>>(), |_| toml(&all));
            Ok(ExitCode::SUCCESS)
        }
        Question::Schema => {
            let schema = Settings::schema(&ottavo_app::drivers());
            let text = serde_json::to_string_pretty(&schema).map_err(Failure::new)?;
            output::data(format!("{text}\n").as_bytes());
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn check(file: Option<PathBuf>, format: Format, env: &Env) -> Result<ExitCode> {
    let read = Settings::load(file.as_deref(), env, &ottavo_app::drivers());
    let found = Settings::file(file.as_deref(), env);
    let (problems, warnings) = match &read {
        Ok(settings) => (Vec::new(), settings.warnings.as_slice()),
        Err(problems) => (Problems::iter(problems).collect(), [].as_slice()),
    };
    if format == Format::Json {
        let problems: Vec<_> = problems.into_iter().map(problem).collect();
        let warnings: Vec<_> = warnings.iter().map(problem).collect();
        output::json(&json!({ "file": found, "problems": problems, "warnings": warnings }));
    }
    for warning in warnings {
        output::say(format_args!("warning: {warning}"));
    }
    read?;
    match found {
        Some(file) => output::say(format_args!("`{}` has no problems", file.display())),
        None => output::say("there is no configuration: every setting has its default"),
    }
    Ok(ExitCode::SUCCESS)
}

fn problem(problem: &Problem) -> Value {
    let Problem { place, path, message } = problem;
    let (file, line, column) = (&place.file, place.line, place.column);
    json!({ "file": file, "line": line, "column": column, "path": path, "message": message })
}

fn as_json(setting: &Effective) -> Value {
    let origin = match &setting.origin {
        Origin::Default => json!({ "from": "default" }),
        Origin::File { place, via } => json!({
            "from": "file", "file": place.file, "line": place.line, "column": place.column, "via": via,
        }),
        Origin::Environment(name) => json!({ "from": "environment", "name": name }),
        Origin::Flag(flag) => json!({ "from": "flag", "name": flag }),
    };
    json!({ "path": setting.path, "value": setting.value, "origin": origin })
}

/// The settings as a file would have them, each with its origin.
fn toml(all: &[Effective]) -> String {
    let mut text = String::new();
    let mut table = "";
    for setting in all {
        let (of, key) = setting.path.rsplit_once('.').unwrap_or(("", &setting.path));
        if of != table {
            text.push_str(&format!("\n[{of}]\n"));
            table = of;
        }
        let line = match toml::Value::try_from(&setting.value) {
            Ok(value) => format!("{key} = {value}"),
            // TOML has no null
            Err(_) => format!("# {key} is not set"),
        };
        match &setting.origin {
            Origin::Default if line.starts_with('#') => text.push_str(&line),
            origin => text.push_str(&format!("{line:<39} # {origin}")),
        }
        text.push('\n');
    }
    text
}
