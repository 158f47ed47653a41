//! Why a verb failed, for people, and the process's exit code.

use std::fmt::Display;
use std::process::ExitCode;

use ottavo_settings::Problems;

use crate::output;

/// The configuration is wrong (`EX_CONFIG` of `sysexits.h`).
const CONFIGURATION: u8 = 78;
/// What is needed cannot be reached now (`EX_UNAVAILABLE`).
const UNAVAILABLE: u8 = 69;
const USAGE: u8 = 2;
const FAILED: u8 = 1;

pub(crate) type Result<T, E = Failure> = std::result::Result<T, E>;

/// One or several errors and the next step.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) messages: Vec<String>,
    pub(crate) hint: Option<String>,
    /// What a program may act on: the details of the host's error.
    pub(crate) details: Vec<(String, String)>,
    code: u8,
}

impl Failure {
    pub(crate) fn new(message: impl Display) -> Failure {
        Failure {
            messages: vec![message.to_string()],
            hint: None,
            details: Vec::new(),
            code: FAILED,
        }
    }

    /// What was typed is wrong.
    pub(crate) fn usage(message: impl Display) -> Failure {
        Failure { code: USAGE, ..Failure::new(message) }
    }

    /// The configuration is wrong: one problem a line.
    pub(crate) fn configuration(problems: &str) -> Failure {
        let messages = problems.lines().map(str::to_owned).collect();
        Failure { messages, hint: None, details: Vec::new(), code: CONFIGURATION }
    }

    /// What is needed cannot be reached now.
    pub(crate) fn unavailable(message: impl Display) -> Failure {
        Failure { code: UNAVAILABLE, ..Failure::new(message) }
    }

    /// One of the details.
    pub(crate) fn detail(&self, name: &str) -> Option<&str> {
        self.details.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Adds the next step.
    pub(crate) fn hint(mut self, hint: impl Display) -> Failure {
        self.hint = Some(hint.to_string());
        self
    }

    /// Says it and gives the exit code.
    pub(crate) fn report(&self) -> ExitCode {
        for message in &self.messages {
            output::say(format_args!("error: {message}"));
        }
        if let Some(hint) = &self.hint {
            output::say(format_args!("hint: {hint}"));
        }
        ExitCode::from(self.code)
    }
}

impl From<ottavo_core::Error> for Failure {
    fn from(error: ottavo_core::Error) -> Failure {
        let details = error.details().to_vec();
        let failure = match error.source_text() {
            Some(source) => Failure::new(format_args!("{error} ({source})")),
            None => Failure::new(error),
        };
        Failure { details, ..failure }
    }
}

impl From<Problems> for Failure {
    fn from(problems: Problems) -> Failure {
        Failure::configuration(&problems.to_string())
    }
}
