//! One target, run, and what libFuzzer said of it.

use std::fmt;
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use anyhow::{Context, Result};

use super::{Bench, seeds};
use crate::say;

/// The largest input: enough for a small component.
const MAX_LENGTH: usize = 64 << 10;

/// Memory of a target, in MiB, and seconds for one input: over either it is broken.
const MEMORY: u32 = 2048;
const PATIENCE: u32 = 10;

/// What a run came to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Figures {
    pub(super) name: String,
    pub(super) runs: u64,
    pub(super) per_second: u64,
    /// Edges taken: by the seeds, and in the end.
    pub(super) edges: (u64, u64),
    pub(super) crashes: u64,
}

impl Figures {
    pub(super) fn head() -> String {
        format!(
            "{:<10} {:>10} {:>8} {:>8} {:>8} {:>8}",
            "target", "runs", "per s", "edges", "new", "crashes"
        )
    }

    /// Reads a line of libFuzzer.
    fn read(&mut self, line: &str) {
        let after = |name: &str| {
            let rest = line.split_once(name)?.1.trim_start();
            let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
            digits.parse::<u64>().ok()
        };
        if let Some(edges) = after(" cov: ") {
            self.edges = (if line.contains("INITED") { edges } else { self.edges.0 }, edges);
        }
        if let Some(runs) = after("stat::number_of_executed_units:") {
            self.runs = runs;
        }
        if let Some(per_second) = after("stat::average_exec_per_sec:") {
            self.per_second = per_second;
        }
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Figures { name, runs, per_second, edges: (before, edges), crashes } = self;
        let new = edges.saturating_sub(*before);
        write!(f, "{name:<10} {runs:>10} {per_second:>8} {edges:>8} {new:>8} {crashes:>8}")
    }
}

/// Runs a target from its seeds, for as long, and shows what breaks it.
pub(super) fn target(bench: &Bench<'_>, name: &str, seconds: u32) -> Result<Figures> {
    let corpus = bench.target.join("corpus").join(name);
    let artifacts = bench.target.join("artifacts").join(name);
    for folder in [&corpus, &artifacts] {
        fs::create_dir_all(folder).with_context(|| format!("make {folder:?}"))?;
    }
    let seeds = seeds::gather(bench, name)?;
    let mut command = bench.place.command(bench.program(name));
    command.arg(&corpus).arg(&seeds);
    command.arg(format!("-max_total_time={seconds}")).arg(format!("-max_len={MAX_LENGTH}"));
    command.arg(format!("-rss_limit_mb={MEMORY}")).arg(format!("-timeout={PATIENCE}"));
    command.arg(format!("-artifact_prefix={}/", artifacts.display()));
    command.args(["-print_final_stats=1", "-use_value_profile=1"]);
    say::command(&command);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
    let said = BufReader::new(child.stderr.take().context("the pipe was asked for")?);
    let mut figures = Figures { name: name.to_owned(), ..Figures::default() };
    let mut last = Vec::new();
    for line in said.split(b'\n') {
        let line = String::from_utf8_lossy(&line?).into_owned();
        figures.read(&line);
        // the progress of libFuzzer is not worth a line each
        if !line.starts_with('#') {
            last.push(line);
        }
    }
    if !child.wait()?.success() {
        figures.crashes = 1;
        last.iter().for_each(say::line);
    }
    Ok(figures)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_are_those_of_libfuzzer() {
        let mut figures = Figures::default();
        for line in [
            "#3\tINITED cov: 12 ft: 13 corp: 2/3b exec/s: 0 rss: 30Mb",
            "#900\tNEW    cov: 40 ft: 60 corp: 9/80b lim: 4 exec/s: 450 rss: 31Mb L: 4/4 MS: 1",
            "stat::number_of_executed_units: 1200",
            "stat::average_exec_per_sec:     600",
        ] {
            figures.read(line);
        }
        let wanted = Figures { runs: 1200, per_second: 600, edges: (12, 40), ..Figures::default() };
        assert_eq!(figures, wanted);
    }
}
