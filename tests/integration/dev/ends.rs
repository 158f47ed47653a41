//! However `dev` ends, its compilers end too.

use std::fs;

use tokio::time::Instant;

use super::host::{PATIENCE, POLL, Place};

/// Whether a process runs; one that is dead and not waited for does not.
fn runs(pid: &str) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    !matches!(stat.rsplit(") ").next().and_then(|rest| rest.chars().next()), None | Some('Z'))
}

async fn until(what: &str, done: impl Fn() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !done() {
        assert!(Instant::now() < deadline, "not in time: {what}");
        tokio::time::sleep(POLL).await;
    }
}

async fn ends_with_its_compiler(signal: &str) {
    let place = Place::new();
    // a compiler with a process of its own
    let script = "sleep 1000 & echo $$ $! > ../pids.part; mv ../pids.part ../pids; wait\n";
    place.function("slow", script);
    let mut dev = place.dev(&["slow"]).await;
    assert_eq!(dev.event().await["event"], "building");
    let file = place.path().join("pids");
    until("the build has begun", || file.exists()).await;
    let pids = fs::read_to_string(&file).unwrap();
    assert!(pids.split_whitespace().all(runs), "{pids}");
    assert!(dev.stop(signal).await.success());
    for pid in pids.split_whitespace() {
        until(&format!("process {pid} ends"), || !runs(pid)).await;
    }
    let log = fs::read_to_string(place.path().join("log")).unwrap();
    assert!(!log.contains("cut off"), "{log}");
}

#[tokio::test]
async fn sigterm_during_a_build_ends_the_compiler_too() {
    ends_with_its_compiler("-TERM").await;
}

#[tokio::test]
async fn ctrl_c_during_a_build_ends_the_compiler_too() {
    ends_with_its_compiler("-INT").await;
}
