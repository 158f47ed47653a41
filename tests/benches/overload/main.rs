//! What a host does that gets more than it can take: answers and refusals a second, and how long answers
//! took, at one, two and four times the load under which it is just busy.
//!
//! The load is open: requests come when they are due, whatever became of those before. It is made on the same
//! machine, and costs it something as well. Run by `cargo xtask bench`.

#![expect(
    clippy::disallowed_methods,
    reason = "a benchmark ends with its runtime and all its tasks"
)]
#![expect(clippy::print_stdout, reason = "a table is what this is for")]
#![expect(clippy::unwrap_used, reason = "what cannot be set up cannot be measured")]

mod load;

use std::time::Duration;

use ottavo_test_support::{TestHost, program};

use load::Load;

/// How long each load lasts.
const LASTS: Duration = Duration::from_secs(4);

/// What is asked of the function `faults`: a name for the table, its path, and its limits.
const CALLS: [(&str, &str, &str); 3] = [
    ("computes, default limits", "alloc-check?rounds=2500&seed=7", ""),
    (
        "computes, `concurrency = 8`",
        "alloc-check?rounds=2500&seed=7",
        "concurrency = 8\nqueue = 50",
    ),
    ("waits for a disk, default limits", "wait?millis=20", ""),
];

#[tokio::main]
async fn main() {
    println!(
        "| call | load | offered/s | answered/s | refused/s | p50 ms | p99 ms |\n|---|---|{}",
        "---:|".repeat(5)
    );
    for (name, path, limits) in CALLS {
        let host = host(limits).await;
        let load = Load { address: host.http(), path: format!("/faults/{path}") };
        let capacity = load.capacity(LASTS / 2).await;
        for times in [1, 2, 4] {
            let offered = capacity * f64::from(times);
            let seen = load.open(offered, LASTS).await;
            println!(
                "| {name} | {times}x | {offered:.0} | {:.0} | {:.0} | {:.1} | {:.1} |",
                seen.answered, seen.refused, seen.median, seen.p99
            );
        }
    }
}

async fn host(limits: &str) -> TestHost {
    let host = TestHost::builder().engine("max_instances = 1000").start().await.unwrap();
    let manifest = host.folder().join("function.toml");
    let text = format!(
        "manifest = 1\nname = \"faults\"\n[[http]]\nroute = \"/faults/...\"\n\
         [needs]\nstate = [\"default\"]\n[limits]\n{limits}\n"
    );
    std::fs::write(&manifest, text).unwrap();
    host.deploy_with(&program("faults").unwrap(), &manifest).await.unwrap();
    host
}
