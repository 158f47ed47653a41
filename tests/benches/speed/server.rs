//! A process that serves: what it costs the machine.

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result};

/// One that is looked at from outside.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Server {
    pub(crate) pid: u32,
}

impl Server {
    /// This process itself: what is called in it without a server.
    pub(crate) fn here() -> Server {
        Server { pid: std::process::id() }
    }

    /// The processor time of all its threads so far, to the nanosecond. Threads that have ended are not in it.
    pub(crate) fn cpu(self) -> Result<Duration> {
        let mut nanos = 0;
        for task in fs::read_dir(format!("/proc/{}/task", self.pid))? {
            let path = task?.path().join("schedstat");
            // a thread may end meanwhile
            let Ok(text) = fs::read_to_string(&path) else { continue };
            let first = text.split_whitespace().next().context("an empty `schedstat`")?;
            nanos += first.parse::<u64>()?;
        }
        Ok(Duration::from_nanos(nanos))
    }
}
