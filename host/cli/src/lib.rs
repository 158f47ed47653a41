//! The command line.
//!
//! Standard output is data, standard error is talk: what a verb finds goes to the one, progress and
//! errors to the other. Every error is `error: ...`, followed by `hint: ...` when the next step is
//! known. Exit codes: 0, 1 failure, 2 usage, 78 wrong configuration.
//!
//! One file per verb in `verbs`. They talk to a host through the deploy API ([`client`]) and know
//! nothing of what is behind it; `serve` and `dev` are the host, and hand over to `ottavo_app`.

mod arguments;
mod build;
mod cache;
mod client;
mod dev;
mod failure;
mod host;
mod language;
mod output;
mod progress;
mod sdk;
mod template;
mod triggers;
mod verbs;

use std::process::ExitCode;

use clap::Parser as _;

use crate::arguments::Arguments;

/// Does what the process's arguments say.
pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // help and version are printed the same way, to standard output
            drop(error.print());
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    match verbs::run(arguments) {
        Ok(code) => code,
        Err(failure) => failure.report(),
    }
}
