//! What CI runs, step by step.

use std::cell::OnceCell;
use std::process::Command;

use anyhow::{Context, Result};

use super::{End, Tally};
use crate::place::Place;
use crate::setup::{self, DENY, Ready, TYPOS, Tool};
use crate::{bench, fuzz, generate, guests, host, process, say, tidy};

/// One step.
pub(super) struct Step {
    pub(super) name: &'static str,
    pub(super) what: &'static str,
    /// Steps that must have passed.
    pub(super) needs: &'static [&'static str],
    pub(super) run: fn(&Bench<'_>) -> Result<End>,
}

/// What the steps work with.
pub(super) struct Bench<'p> {
    place: &'p Place,
    /// What the step `setup` found.
    ready: OnceCell<Ready>,
}

/// All steps, cheap ones first.
pub(super) const STEPS: &[Step] = &[
    step("setup", "compilers of guests, servers of tests", set_up),
    Step { needs: &["setup"], ..step("languages", "every guest language can be built", languages) },
    step("format", "rustfmt, host and guests", format),
    step("tidy", "floors, sources, manifests, links", |bench| passed(tidy::run(bench.place)?)),
    step("spelling", "typos", spelling),
    step("deny", "licences, sources and bans of dependencies", deny),
    step("tools", "the tests of xtask", tools),
    step("build", "the host and its tests", build),
    step("gen", "generated code is what is committed", generated),
    Step {
        needs: &["setup", "build"],
        ..step("programs", "examples and test programs to wasm", programs)
    },
    Step {
        needs: &["setup", "build", "programs"],
        ..step("test", "unit, driver, integration, conformance", test)
    },
    Step {
        needs: &["setup"],
        ..step("guests", "lints and tests of guest code on this machine", guest_code)
    },
    step("clippy", "lints of the host", clippy),
    Step {
        needs: &["setup", "build", "programs"],
        ..step("bench", "the benchmark runs, and every answer is right", |bench| {
            bench::quickly(bench.place, bench.ready()?)?;
            passed(true)
        })
    },
    step("fuzz", "what parses others' bytes, each for a moment", |bench| {
        passed(fuzz::shortly(bench.place)?)
    }),
];

const fn step(name: &'static str, what: &'static str, run: fn(&Bench<'_>) -> Result<End>) -> Step {
    Step { name, what, needs: &[], run }
}

impl<'p> Bench<'p> {
    pub(super) fn new(place: &'p Place) -> Self {
        Self { place, ready: OnceCell::new() }
    }

    fn ready(&self) -> Result<&Ready> {
        self.ready.get().context("the step `setup` has not run")
    }
}

fn set_up(bench: &Bench<'_>) -> Result<End> {
    let ready = setup::for_guests(bench.place, &guests::programs(bench.place)?)?;
    let ready = setup::with_servers(bench.place, ready)?;
    bench.ready.get_or_init(|| ready);
    passed(true)
}

/// What is missing by right is said, and its programs do not count as passed.
fn languages(bench: &Bench<'_>) -> Result<End> {
    let compilers = &bench.ready()?.compilers;
    compilers.wanting().for_each(|why| say::line(format_args!("  {why}")));
    if compilers.wanting().next().is_some() {
        return passed(false);
    }
    match compilers.missing() {
        missing if missing.is_empty() => passed(true),
        missing => Ok(End::NotRun(missing)),
    }
}

fn format(bench: &Bench<'_>) -> Result<End> {
    let mut good = succeeds(bench.place.cargo().args(["fmt", "--all", "--check"]))?;
    for root in guests::workspaces(bench.place)? {
        let manifest = root.join("Cargo.toml");
        let mut fmt = bench.place.command("cargo");
        fmt.args(["fmt", "--all", "--check", "--manifest-path"]).arg(manifest);
        good &= succeeds(&mut fmt)?;
    }
    passed(good)
}

fn spelling(bench: &Bench<'_>) -> Result<End> {
    with_tool(bench, TYPOS, |typos| typos.args(["--config", ".typos.toml"]))
}

/// Without advisories: their database is on the network, which CI does not reach.
fn deny(bench: &Bench<'_>) -> Result<End> {
    with_tool(bench, DENY, |deny| {
        deny.args(["--all-features", "--locked", "--config", ".deny.toml"]);
        deny.args(["check", "bans", "licenses", "sources"])
    })
}

/// xtask where it was built, and in the same profile: what it depends on is there already.
fn tools(bench: &Bench<'_>) -> Result<End> {
    let mut cargo = bench.place.cargo();
    cargo.args(["test", "--package", "xtask"]);
    count(cargo.env("CARGO_TARGET_DIR", bench.place.own_target()))
}

fn build(bench: &Bench<'_>) -> Result<End> {
    passed(succeeds(host::cargo(bench.place, "build").args(["--locked", "--bins", "--tests"]))?)
}

fn generated(bench: &Bench<'_>) -> Result<End> {
    generate::run(bench.place, generate::Mode::Check)?;
    let mut cargo = bench.place.cargo();
    cargo.arg("test");
    for package in host::OUTSIDE.iter().filter(|package| **package != "xtask") {
        cargo.args(["--package", package]);
    }
    if let Some(ready) = bench.ready.get() {
        ready.tell(&mut cargo);
    }
    count(&mut cargo)
}

fn programs(bench: &Bench<'_>) -> Result<End> {
    guests::build_all(bench.place, bench.ready()?)?;
    passed(true)
}

fn test(bench: &Bench<'_>) -> Result<End> {
    let mut cargo = host::cargo(bench.place, "test");
    cargo.arg("--no-fail-fast");
    cargo.env("OTTAVO_TEST_PROGRAMS", bench.place.programs());
    cargo.env("OTTAVO_TEST_CACHE", bench.place.test_cache());
    count(bench.ready()?.tell(&mut cargo))
}

/// With the target of this machine: the lints of our compiler cannot read another compiler's `std`.
fn guest_code(bench: &Bench<'_>) -> Result<End> {
    let mut tally = Tally::default();
    let mut good = true;
    for root in guests::workspaces(bench.place)? {
        let cargo = |verb: &str| {
            let mut cargo = bench.place.command("cargo");
            cargo.args([verb, "--workspace", "--all-features", "--manifest-path"]);
            cargo.arg(root.join("Cargo.toml"));
            cargo.env("CARGO_TARGET_DIR", bench.place.guest_target().join("native"));
            cargo
        };
        good &= succeeds(cargo("clippy").args(["--all-targets", "--", "-D", "warnings"]))?;
        match count(cargo("test").arg("--no-fail-fast"))? {
            End::Passed(more) => tally.add(more),
            End::Failed(more) => {
                tally.add(more);
                good = false;
            }
            End::NotRun(_) => {}
        }
    }
    let more = other_languages(bench, &mut tally)?;
    Ok(if good && more { End::Passed(tally) } else { End::Failed(tally) })
}

/// What the `checks.toml` of the other languages say.
fn other_languages(bench: &Bench<'_>, tally: &mut Tally) -> Result<bool> {
    let (place, ready) = (bench.place, bench.ready()?);
    let mut good = true;
    for language in guests::checks(place)? {
        if ready.compilers.lacks_compiler(&language.compiler) {
            continue;
        }
        for folder in language.folders(place)? {
            for check in &language.checks {
                let Some((program, arguments)) = check.command.split_first() else { continue };
                let mut command = place.command(ready.program(program));
                ready.tell(command.args(arguments).current_dir(&folder));
                let mut complaints = 0;
                let succeeded = process::watch(&mut command, |line| {
                    tally.read(line);
                    complaints += 1;
                })?;
                good &= succeeded && (complaints == 0 || !check.silent);
            }
        }
    }
    Ok(good)
}

/// In the profiles that are built anyway, so that procedural macros and build scripts are shared.
fn clippy(bench: &Bench<'_>) -> Result<End> {
    let strict = ["--all-targets", "--", "-D", "warnings"];
    let mut good = succeeds(host::cargo(bench.place, "clippy").args(strict))?;
    for package in host::OUTSIDE {
        let mut cargo = bench.place.cargo();
        cargo.args(["clippy", "--package", package]).args(strict);
        good &= succeeds(&mut cargo)?;
    }
    passed(good)
}

fn with_tool(
    bench: &Bench<'_>,
    tool: Tool,
    arguments: impl FnOnce(&mut Command) -> &mut Command,
) -> Result<End> {
    match tool.find_or_install(bench.place) {
        Ok(path) => passed(succeeds(arguments(&mut bench.place.command(path)))?),
        Err(error) => Ok(End::NotRun(format!("{} {error}", tool.name))),
    }
}

/// Runs `cargo test` and counts.
fn count(cargo: &mut Command) -> Result<End> {
    let mut tally = Tally::default();
    let good = process::watch(cargo, |line| tally.read(line))?;
    Ok(if good { End::Passed(tally) } else { End::Failed(tally) })
}

fn succeeds(command: &mut Command) -> Result<bool> {
    process::watch(command, |_| {})
}

fn passed(good: bool) -> Result<End> {
    Ok(if good { End::Passed(Tally::default()) } else { End::Failed(Tally::default()) })
}
