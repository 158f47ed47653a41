//! `ottavo promote`: gives all requests to the version that has a share.

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
pub(crate) struct Promote {
    /// The function's name
    name: FunctionName,
    /// Which version, where several have a share: `v3`
    version: Option<Number>,
    #[command(flatten)]
    host: HostArguments,
}

pub(crate) fn run(promote: Promote, format: Format, env: &Env) -> Result<ExitCode> {
    let request = TrafficRequest::Promote { version: promote.version.map(|version| version.0) };
    versions::change(&promote.name, &request, &promote.host, format, env)
}
