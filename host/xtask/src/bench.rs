//! `bench`: what things cost, measured on this machine. Tables go to standard output.

use anyhow::Result;

use crate::place::Place;
use crate::{guests, host, process, setup};

/// Measures each block's call through each door, beside the vendors' own clients, and a host under more load
/// than it can take.
pub(crate) fn run(place: &Place) -> Result<()> {
    let ready = setup::for_tests(place)?;
    host::build(place)?;
    guests::build_all(place, &ready)?;
    let mut cargo = host::cargo(place, "bench");
    cargo.args(["--bench", "blocks", "--bench", "overload"]);
    cargo.env("OTTAVO_TEST_PROGRAMS", place.programs());
    process::run(ready.tell(&mut cargo))
}
