//! `fuzz`: the targets of `tests/fuzz`, one after the other, and a line for each.
//!
//! On the stable compiler, without a sanitizer and without cargo-fuzz: coverage is counted by flags of
//! the compiler, which go to the target's crates alone because the target is named.

mod run;
mod seeds;

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use self::run::Figures;
use crate::place::Place;
use crate::{process, say};

/// What is run when nothing else is said.
const SECONDS: u32 = 10;

/// What counts which edges were taken, and what was compared with what.
const COVERAGE: &[&str] = &[
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "--cfg=fuzzing",
];

/// Where everything of the targets is.
struct Bench<'p> {
    place: &'p Place,
    /// The sources.
    folder: PathBuf,
    /// What is built and found.
    target: PathBuf,
    /// The compiler's name for this machine.
    machine: String,
}

/// Runs the targets named, or all; says whether none was broken.
pub(crate) fn run(place: &Place, arguments: &[&str]) -> Result<bool> {
    let (seconds, named) = read(arguments)?;
    let bench = Bench::of(place)?;
    let known = bench.targets()?;
    if let Some(unknown) = named.iter().find(|name| !known.iter().any(|known| known == *name)) {
        bail!("there is no target `{unknown}`: the targets are {}", known.join(", "));
    }
    process::run(&mut bench.build())?;
    let chosen = known.iter().filter(|name| named.is_empty() || named.contains(&name.as_str()));
    let mut all = Vec::new();
    for name in chosen {
        say::heading(&format!("{name}: {seconds} s"));
        let figures = run::target(&bench, name, seconds)?;
        say::line(format_args!("  {figures}"));
        all.push(figures);
    }
    say::result(Figures::head());
    all.iter().for_each(say::result);
    Ok(all.iter().all(|figures| figures.crashes == 0))
}

/// The step of the tests: each target for a moment.
pub(crate) fn shortly(place: &Place) -> Result<bool> {
    run(place, &["--seconds", "5"])
}

fn read<'a>(arguments: &[&'a str]) -> Result<(u32, Vec<&'a str>)> {
    let (mut seconds, mut named) = (SECONDS, Vec::new());
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match *argument {
            "--seconds" => {
                let number = arguments.next().and_then(|number| number.parse().ok());
                seconds = number.filter(|n| *n > 0).context("`--seconds` wants a number")?;
            }
            flag if flag.starts_with('-') => bail!("`fuzz` has no flag `{flag}`: only `--seconds`"),
            name => named.push(name),
        }
    }
    Ok((seconds, named))
}

impl<'p> Bench<'p> {
    fn of(place: &'p Place) -> Result<Bench<'p>> {
        let about = process::capture(place.command("rustc").arg("-vV"))?;
        let machine = about.lines().find_map(|line| line.strip_prefix("host: "));
        let machine = machine.context("find the name of this machine in `rustc -vV`")?.to_owned();
        let (folder, target) = (place.root.join("tests/fuzz"), place.target.join("fuzz"));
        Ok(Bench { place, folder, target, machine })
    }

    /// The names of the targets: each is a file.
    fn targets(&self) -> Result<Vec<String>> {
        let folder = self.folder.join("targets");
        let files = std::fs::read_dir(&folder).with_context(|| format!("read {folder:?}"))?;
        let name = |file: std::io::Result<std::fs::DirEntry>| {
            Some(file.ok()?.path().file_stem()?.to_str()?.to_owned())
        };
        let mut names: Vec<_> = files.filter_map(name).collect();
        names.sort();
        Ok(names)
    }

    fn build(&self) -> std::process::Command {
        let mut cargo = self.place.command("cargo");
        cargo.args(["build", "--release", "--bins", "--locked", "--target", &self.machine]);
        cargo.arg("--manifest-path").arg(self.folder.join("Cargo.toml"));
        cargo.env("CARGO_TARGET_DIR", self.target.join("build"));
        cargo.env("RUSTFLAGS", COVERAGE.join(" "));
        cargo
    }

    fn program(&self, name: &str) -> PathBuf {
        self.target.join("build").join(&self.machine).join("release").join(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_a_time_and_names() {
        assert_eq!(read(&[]).unwrap(), (SECONDS, vec![]));
        assert_eq!(read(&["module", "--seconds", "3"]).unwrap(), (3, vec!["module"]));
        for wrong in [&["--seconds"][..], &["--seconds", "0"], &["--minutes", "1"]] {
            assert!(read(wrong).is_err(), "{wrong:?}");
        }
    }
}
