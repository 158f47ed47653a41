//! Fifty saves leave nothing behind.

use std::fs;
use std::path::Path;

use tokio::time::Instant;

use super::host::{Dev, PATIENCE, POLL, Place};
use super::{counter, counting};

/// Measured: none; an allocator keeps a little.
const MOST_MEMORY: u64 = 24 << 20;

/// What a process has.
#[derive(Debug, PartialEq, Eq)]
struct Things {
    threads: usize,
    files: usize,
    children: usize,
    artifacts: usize,
    compiled: usize,
}

fn count(folder: &Path) -> usize {
    fs::read_dir(folder).unwrap().count()
}

impl Things {
    fn of(dev: &Dev) -> Things {
        let process = Path::new("/proc").join(dev.pid().to_string());
        let tasks = fs::read_dir(process.join("task")).unwrap().flatten();
        let children = tasks.map(|task| {
            // a thread may end meanwhile
            let list = fs::read_to_string(task.path().join("children")).unwrap_or_default();
            list.split_whitespace().count()
        });
        Things {
            threads: count(&process.join("task")),
            files: count(&process.join("fd")),
            children: children.sum(),
            artifacts: count(&dev.data_dir().join("functions/artifacts")),
            compiled: count(&dev.data_dir().join("compiled")),
        }
    }

    /// As soon as they are so.
    async fn once(dev: &Dev, are: impl Fn(&Things) -> bool) -> Things {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let now = Things::of(dev);
            if are(&now) {
                return now;
            }
            assert!(Instant::now() < deadline, "{now:?}");
            tokio::time::sleep(POLL).await;
        }
    }

    fn are_at_most(&self, before: &Things) -> bool {
        self.threads <= before.threads
            && self.files <= before.files
            && self.children <= before.children
            && self.artifacts <= before.artifacts
            && self.compiled <= before.compiled
    }
}

fn resident(dev: &Dev) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", dev.pid())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.split_whitespace().next().unwrap().parse::<u64>().unwrap() << 10
}

#[tokio::test]
async fn fifty_saves_leave_no_thread_file_child_or_memory() {
    let place = Place::new();
    counting(&place, "f");
    let mut dev = place.dev(&["f"]).await;
    assert_eq!(dev.deployed("f").await, 1);
    for save in 2..=11 {
        place.write("f/f.wasm", counter(save));
        assert_eq!(dev.deployed("f").await, u64::from(save));
    }
    // the compiler of the last one ends after its deploy
    let before = Things::once(&dev, |now| (now.children, now.artifacts, now.compiled) == (0, 1, 1));
    let (before, memory) = (before.await, resident(&dev));
    for save in 12..=61 {
        place.write("f/f.wasm", counter(save));
        assert_eq!(dev.deployed("f").await, u64::from(save));
        assert_eq!(dev.send("POST", "/f").await.text(), (save - 11).to_string());
    }
    // threads for what blocks end by themselves, some seconds after they were needed
    Things::once(&dev, |after| after.are_at_most(&before)).await;
    let grown = resident(&dev).saturating_sub(memory);
    assert!(grown < MOST_MEMORY, "{grown} more bytes of memory");
    println!("50 saves: {grown} more bytes, {before:?} before");
}
