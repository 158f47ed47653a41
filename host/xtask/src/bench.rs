//! `bench`: how fast this is, measured on this machine. Tables go to standard output, and those that
//! compare with floors and peers to `docs/performance.md` as well.

mod page;

use std::process::Command;

use anyhow::Result;

use crate::place::Place;
use crate::setup::{Ready, WASMTIME};
use crate::{guests, host, process, say, setup};

/// What is built as it is shipped.
const SHIPPED: [&str; 2] = ["--profile", "dist"];

/// Measures all, or these groups of the comparison with floors and peers; `quick` only sees that everything
/// runs and answers rightly.
pub(crate) fn run(place: &Place, arguments: &[&str]) -> Result<()> {
    let ready = setup::for_tests(place)?;
    host::build(place)?;
    guests::build_all(place, &ready)?;
    if arguments.contains(&"--quick") {
        return quickly(place, &ready);
    }
    let mut speed = host::cargo_in(place, "bench", &SHIPPED);
    speed.args(["--bench", "speed", "--"]).args(arguments);
    match WASMTIME.find_or_install(place) {
        Ok(path) => _ = speed.env("OTTAVO_BENCH_WASMTIME", path),
        Err(error) => say::line(format_args!("wasmtime: {error:#}")),
    }
    let tables = process::capture(with_programs(place, &ready, &mut speed))?;
    say::result(tables.trim_end());
    if !arguments.is_empty() {
        return Ok(());
    }
    page::write(place, &tables)?;
    let mut others = host::cargo_in(place, "bench", &SHIPPED);
    others.args(["--bench", "blocks", "--bench", "overload"]);
    process::run(with_programs(place, &ready, &mut others))
}

/// For CI: everything of the comparison runs once, and every answer is checked. No time is looked at.
pub(crate) fn quickly(place: &Place, ready: &Ready) -> Result<()> {
    // the profile of benchmarks is that of a release
    let mut speed = host::cargo_in(place, "bench", &[]);
    speed.args(["--bench", "speed", "--", "--quick"]);
    process::run(with_programs(place, ready, &mut speed))
}

fn with_programs<'c>(place: &Place, ready: &Ready, command: &'c mut Command) -> &'c mut Command {
    command.env("OTTAVO_TEST_PROGRAMS", place.programs());
    ready.tell(command)
}
