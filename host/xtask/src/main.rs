//! The developer's entry: `cargo xtask setup | demo | test | bench | fuzz | soak | new | gen | tidy`.
//!
//! It starts the tools that do the work and judges what they say; it links none of the host's
//! rooms, so that a cold start is short. Everything it builds goes to one target folder outside the
//! repository, everything it installs for itself to a cache of its own. Talk goes to stderr.

mod bench;
mod demo;
mod driver;
mod fuzz;
mod generate;
mod guests;
mod host;
mod place;
mod process;
mod say;
mod setup;
mod soak;
mod test;
mod tidy;

use std::process::ExitCode;

use anyhow::Result;

use crate::place::Place;

const USAGE: &str = "\
usage: cargo xtask <verb>

  setup              install what the demo and the tests need
  demo [--once]      build, start a host, deploy the examples and call them; --once ends after the calls
  test [STEP...]     everything CI runs, or only the named steps; `test --list` names them
  bench [--quick] [GROUP...]
                     how fast, beside floors and peers, and what each block's call costs through each door
  fuzz [--seconds N] [TARGET...]
                     feed what parses others' bytes, each target for N seconds (10)
  soak --minutes N   load on three drivers while things go wrong; nothing may be lost or grow
  new driver NAME BLOCK
                     write a driver that compiles and fails its suite
  gen [--check]      write the generated code, or compare it with what is committed
  tidy               check floors, sources, manifests and links";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match run(&args) {
        Ok(Outcome::Good) => ExitCode::SUCCESS,
        Ok(Outcome::Bad) => ExitCode::FAILURE,
        Ok(Outcome::Usage) => {
            say::line(USAGE);
            ExitCode::from(2)
        }
        Err(error) => {
            say::failure(&error);
            ExitCode::FAILURE
        }
    }
}

enum Outcome {
    Good,
    Bad,
    Usage,
}

impl From<bool> for Outcome {
    fn from(good: bool) -> Self {
        if good { Self::Good } else { Self::Bad }
    }
}

fn run(args: &[&str]) -> Result<Outcome> {
    let place = Place::find()?;
    match args {
        ["setup"] => {
            setup::for_tests(&place)?;
            say::line("ready");
            Ok(Outcome::Good)
        }
        ["demo"] => demo::run(&place, demo::Stay::UntilStopped).map(Outcome::from),
        ["demo", "--once"] => demo::run(&place, demo::Stay::Once).map(Outcome::from),
        ["test", "--list"] => {
            test::list();
            Ok(Outcome::Good)
        }
        ["test", steps @ ..] => test::run(&place, steps).map(Outcome::from),
        ["bench", arguments @ ..] => bench::run(&place, arguments).map(|()| Outcome::Good),
        ["fuzz", arguments @ ..] => fuzz::run(&place, arguments).map(Outcome::from),
        ["soak", "--minutes", minutes] => soak::run(&place, minutes).map(Outcome::from),
        ["new", "driver", name, block] => {
            driver::write(&place, name, block).map(|()| Outcome::Good)
        }
        ["gen"] => generate::run(&place, generate::Mode::Write).map(|()| Outcome::Good),
        ["gen", "--check"] => generate::run(&place, generate::Mode::Check).map(|()| Outcome::Good),
        ["tidy"] => tidy::run(&place).map(Outcome::from),
        _ => Ok(Outcome::Usage),
    }
}
