//! `ottavo delete`: takes a function away, or one of its versions.

use std::process::ExitCode;

use clap::Args;
use ottavo_core::FunctionName;
use ottavo_settings::Env;

use super::versions::Number;
use crate::arguments::HostArguments;
use crate::failure::Result;
use crate::output::{self, Format};

#[derive(Args, Debug)]
pub(crate) struct Delete {
    /// The function's name
    name: FunctionName,
    /// Only this version of it, which answers no requests: `v3`
    #[arg(long, value_name = "VERSION")]
    version: Option<Number>,
    #[command(flatten)]
    host: HostArguments,
}

pub(crate) fn run(delete: Delete, format: Format, env: &Env) -> Result<ExitCode> {
    let client = super::client(&delete.host, env)?;
    let reply = match delete.version {
        Some(Number(version)) => super::talk(client.delete_version(&delete.name, version))?,
        None => super::talk(client.delete(&delete.name))?,
    };
    output::result(format, &reply, |reply| match delete.version {
        Some(_) => format!("deleted version {} of `{}`\n", reply.version, reply.name),
        None => format!("deleted `{}`, which was at version {}\n", reply.name, reply.version),
    });
    Ok(ExitCode::SUCCESS)
}
