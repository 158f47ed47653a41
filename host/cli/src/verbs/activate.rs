//! `ottavo activate`: makes a kept version the active one.

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
pub(crate) struct Activate {
    /// The function's name
    name: FunctionName,
    /// Which version: `v3`; `ottavo versions NAME` shows those that are kept
    version: Number,
    #[command(flatten)]
    host: HostArguments,
}

pub(crate) fn run(activate: Activate, format: Format, env: &Env) -> Result<ExitCode> {
    let request = TrafficRequest::Activate { version: activate.version.0 };
    versions::change(&activate.name, &request, &activate.host, format, env)
}
