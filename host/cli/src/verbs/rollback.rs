//! `ottavo rollback`: back to the version before.

use std::process::ExitCode;

use clap::Args;
use ottavo_control::TrafficRequest;
use ottavo_core::FunctionName;
use ottavo_settings::Env;

use super::versions::{self, Number};
use crate::arguments::HostArguments;
use crate::failure::Result;
use crate::output::Format;

#[derive(Args, Debug)]
pub(crate) struct Rollback {
    /// The function's name
    name: FunctionName,
    /// Only when this version answers, so that saying it twice goes back once
    #[arg(long, value_name = "VERSION")]
    from: Option<Number>,
    #[command(flatten)]
    host: HostArguments,
}

pub(crate) fn run(rollback: Rollback, format: Format, env: &Env) -> Result<ExitCode> {
    let request = TrafficRequest::Rollback { from: rollback.from.map(|from| from.0) };
    versions::change(&rollback.name, &request, &rollback.host, format, env)
}
