//! AssemblyScript bindings for a WIT world, from the command line.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use ottavo_bindgen_assemblyscript::{Options, generate};

const USAGE: &str = "\
Writes AssemblyScript bindings for a WIT world

Usage: ottavo-bindgen-assemblyscript [OPTIONS] <WIT>

Arguments:
  <WIT>  A WIT file, or the folder of a package

Options:
      --world <NAME>      The world [default: the only one of the package]
      --out <DIR>         Where the files go [default: bindings]
      --component-type <FILE>
                          Also writes what a module embeds to be a component of the world
      --sdk               Leaves `ottavo:runtime` to `@ottavo/sdk`: what a world exports of it is
                          answered by the function's `handle` and `receive`
      --exports <MODULE>  The module with the functions of the world's exports, as the files of
                          <DIR> import it [default: ../index]
  -h, --help              Print help";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    match run(&mut arguments) {
        Ok(said) => {
            let written = writeln!(std::io::stdout(), "{said}");
            if written.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            // nobody is left to tell if this fails
            drop(writeln!(std::io::stderr(), "error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &mut impl Iterator<Item = String>) -> Result<String> {
    let mut options = Options::default();
    let (mut wit, mut out, mut component_type) = (None, PathBuf::from("bindings"), None);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().with_context(|| format!("`{argument}` needs a value"));
        match argument.as_str() {
            "-h" | "--help" => return Ok(USAGE.to_owned()),
            "--world" => options.world = Some(value()?),
            "--out" => out = value()?.into(),
            "--component-type" => component_type = Some(PathBuf::from(value()?)),
            "--sdk" => options.sdk = true,
            "--exports" => options.implementation = value()?,
            flag if flag.starts_with('-') => bail!("unknown option `{flag}`: see `--help`"),
            _ if wit.is_some() => bail!("one WIT package at a time, and `{argument}` is another"),
            _ => wit = Some(PathBuf::from(argument)),
        }
    }
    let wit = wit.context("no WIT package was named: see `--help`")?;
    let files = generate(&wit, &options)?;
    write(&out, &files)?;
    if let Some(path) = component_type {
        let bytes = ottavo_bindgen_assemblyscript::component_type(&wit, options.world.as_deref())?;
        std::fs::write(&path, bytes).with_context(|| format!("writing `{}`", path.display()))?;
    }
    Ok(format!("{} files in `{}`", files.len(), out.display()))
}

fn write(folder: &Path, files: &[(String, String)]) -> Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("creating `{}`", folder.display()))?;
    for (name, text) in files {
        let path = folder.join(name);
        std::fs::write(&path, text).with_context(|| format!("writing `{}`", path.display()))?;
    }
    Ok(())
}
