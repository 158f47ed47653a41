//! The process itself, as `/proc` shows it; nothing on a system without.

use std::fs;

use super::name::Metric;
use super::text::Text;

/// What never changes of the process.
#[derive(Debug)]
pub(super) struct Process {
    /// In seconds since the Unix epoch.
    start: Option<f64>,
    ticks_per_second: f64,
    page: u64,
}

impl Default for Process {
    fn default() -> Process {
        let mut process = Process {
            start: None,
            ticks_per_second: rustix::param::clock_ticks_per_second() as f64,
            page: rustix::param::page_size() as u64,
        };
        process.start = process.start();
        process
    }
}

impl Process {
    pub(super) fn write(&self, metric: Metric, text: &mut Text) {
        match metric {
            Metric::ProcessCpu => {
                if let Some((user, system)) = field(14).zip(field(15)) {
                    text.sample(metric, &[], (user + system) / self.ticks_per_second);
                }
            }
            Metric::ProcessMemory => {
                let statm = fs::read_to_string("/proc/self/statm").unwrap_or_default();
                let pages = statm.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok());
                if let Some(pages) = pages {
                    text.sample(metric, &[], pages * self.page);
                }
            }
            Metric::ProcessFiles => {
                if let Ok(files) = fs::read_dir("/proc/self/fd") {
                    // one of them reads the folder
                    text.sample(metric, &[], files.count().saturating_sub(1));
                }
            }
            Metric::ProcessStart => {
                if let Some(start) = self.start {
                    text.sample(metric, &[], start);
                }
            }
            _ => {}
        }
    }

    fn start(&self) -> Option<f64> {
        let stat = fs::read_to_string("/proc/stat").ok()?;
        let boot = stat.lines().find_map(|line| line.strip_prefix("btime "))?;
        Some(boot.trim().parse::<f64>().ok()? + field(22)? / self.ticks_per_second)
    }
}

/// A field of `/proc/self/stat`, counted from 1 as in proc(5). The second, a name in parentheses, may
/// hold anything.
fn field(number: usize) -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    let (_, after) = stat.rsplit_once(')')?;
    after.split_whitespace().nth(number - 3)?.parse().ok()
}
