//! `ottavo compile`: the process that compiles for a host. Not for people: the host starts it.

use std::process::ExitCode;

use clap::Args;
use ottavo_core::units::{ByteCount, Span};

use crate::failure::{Failure, Result};

#[derive(Args, Debug)]
pub(crate) struct Compile {
    /// The most memory
    #[arg(long)]
    memory: ByteCount,
    /// The most CPU time
    #[arg(long)]
    cpu: Span,
}

pub(crate) fn run(compile: &Compile) -> Result<ExitCode> {
    ottavo_app::compile(compile.memory, compile.cpu).map_err(Failure::new)?;
    Ok(ExitCode::SUCCESS)
}
