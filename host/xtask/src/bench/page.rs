//! `docs/performance.md`: what was measured last, where and when, below what a person wrote about it.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

use crate::place::Place;
use crate::process;

/// What is below this line is written by the benchmark.
const BELOW: &str = "<!-- written by `cargo xtask bench`, from here to the end -->";

/// Puts these tables in place of those before.
pub(super) fn write(place: &Place, tables: &str) -> Result<()> {
    let path = place.root.join("docs/performance.md");
    let page = fs::read_to_string(&path).with_context(|| place.shown(&path))?;
    let (above, _) = page.split_once(BELOW).with_context(|| {
        format!("`{}` has no line `{BELOW}`: put it where the tables go", place.shown(&path))
    })?;
    let said = |program: &str, arguments: &[&str]| {
        let said = process::ask(Command::new(program).args(arguments)).unwrap_or_default();
        said.trim().to_owned()
    };
    let date = said("date", &["-u", "+%Y-%m-%d"]);
    let system = said("uname", &["-sr"]);
    let cpus = std::thread::available_parallelism().map_or(1, usize::from);
    let model = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = model.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or_default();
    let model = model.trim_start_matches([' ', '\t', ':']);
    let measured = format!("Measured on {date}: {cpus} processors of {model}, {system}.");
    let tables = tables.trim_end();
    Ok(fs::write(&path, format!("{above}{BELOW}\n\n{measured}\n\n{tables}\n"))?)
}
