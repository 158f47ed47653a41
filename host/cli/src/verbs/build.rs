//! `ottavo build`: a function's folder becomes a component.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use ottavo_core::Digest;
use ottavo_manifest::Manifest;
use ottavo_settings::Env;
use serde::Serialize;

use crate::build;
use crate::failure::Result;
use crate::output::{self, Format};

#[derive(Args, Debug)]
pub(crate) struct Build {
    /// The function's folder, or its manifest
    #[arg(default_value = ".", value_name = "DIR")]
    path: PathBuf,
    /// The file to write [default: `.ottavo/NAME.wasm` in the function's folder]
    #[arg(short = 'o', long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    compiler: CompilerArguments,
}

/// Which compiler builds.
#[derive(Args, Debug)]
pub(super) struct CompilerArguments {
    /// The compiler, where the language has several [default: one that is installed]
    #[arg(long, value_name = "NAME")]
    pub(super) compiler: Option<String>,
    /// Keep what backtraces need to tell files and lines
    #[arg(long)]
    pub(super) debug: bool,
}

/// What was built.
#[derive(Serialize)]
struct Report<'a> {
    name: &'a str,
    path: PathBuf,
    size: usize,
    digest: Digest,
}

pub(crate) fn run(build: Build, format: Format, env: &Env) -> Result<ExitCode> {
    let manifest = build::manifest(&build.path)?;
    let dir = super::folder(&build.path);
    let (component, path) = component(&dir, &manifest, &build.compiler, build.out, env)?;
    let (size, digest) = (component.len(), Digest::of(&component));
    let report = Report { name: manifest.name.as_str(), path, size, digest };
    output::result(format, &report, |report| format!("{}\n", report.path.display()));
    Ok(ExitCode::SUCCESS)
}

/// Builds a function, writes its component and says how large it is.
pub(super) fn component(
    dir: &Path,
    manifest: &Manifest,
    compiler: &CompilerArguments,
    file: Option<PathBuf>,
    env: &Env,
) -> Result<(Vec<u8>, PathBuf)> {
    let built = build::function(dir, manifest, compiler.compiler.as_deref(), compiler.debug, env)?;
    let name = &manifest.name;
    let file = file.unwrap_or_else(|| dir.join(".ottavo").join(format!("{name}.wasm")));
    build::write(&file, &built.component)?;
    let size = output::size(built.component.len() as u64);
    output::say(format_args!("built `{name}` ({}): {size}", built.with));
    Ok((built.component, file))
}
