//! `ottavo delete`: takes a function away.

use std::process::ExitCode;

use clap::Args;
use ottavo_core::FunctionName;
use ottavo_settings::Env;

use crate::arguments::HostArguments;
use crate::failure::Result;
use crate::output::{self, Format};

#[derive(Args, Debug)]
pub(crate) struct Delete {
    /// The function's name
    name: FunctionName,
    #[command(flatten)]
    host: HostArguments,
}

pub(crate) fn run(delete: Delete, format: Format, env: &Env) -> Result<ExitCode> {
    let client = super::client(&delete.host, env)?;
    let reply = super::talk(client.delete(&delete.name))?;
    output::result(format, &reply, |reply| {
        format!("deleted `{}`, which was at version {}\n", reply.name, reply.version)
    });
    Ok(ExitCode::SUCCESS)
}
