//! Components of `wasi:http`: bodies that stream, and what their clients see when they do not end well.

/// A test of each for both generations of WASI.
macro_rules! both {
    ($($test:ident,)*) => {
        $(mod $test {
            use crate::wasi_http::Wasi;

            #[tokio::test]
            async fn of_0_2() {
                super::$test(Wasi::Second).await;
            }

            #[tokio::test]
            async fn of_0_3() {
                super::$test(Wasi::Third).await;
            }
        })*
    };
}

mod answers;
mod ends;
mod gone;
mod outward;
mod streams;

use std::time::Duration;

use ottavo_test_support::{TestHost, program};

/// For anything that takes long only when it is broken.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the program is a component of. Both do the same.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wasi {
    /// 0.2
    Second,
    /// 0.3
    Third,
}

/// Deploys the program at `/w/...` with these further lines of its manifest.
async fn deploy(wasi: Wasi, host: &TestHost, lines: &str) {
    let manifest = host.folder().join("wasi-http.toml");
    let text =
        format!("manifest = 1\nname = \"wasi-http\"\n[[http]]\nroute = \"/w/...\"\n{lines}\n");
    std::fs::write(&manifest, text).unwrap();
    let program = match wasi {
        Wasi::Second => program("wasi-http"),
        Wasi::Third => program("wasi-http-3"),
    };
    host.deploy_with(&program.unwrap(), &manifest).await.unwrap();
}

/// A host with the program, which may keep state.
async fn host(wasi: Wasi, lines: &str) -> TestHost {
    let host = TestHost::start().await.unwrap();
    deploy(wasi, &host, &format!("[needs]\nstate = [\"default\"]\n{lines}")).await;
    host
}

/// Waits for something that somebody else does.
async fn until(what: &str, holds: impl AsyncFn() -> bool) {
    let wait = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let waited = tokio::time::timeout(PATIENCE, wait).await;
    waited.unwrap_or_else(|_| panic!("it never happened: {what}"));
}

/// How many instances of the program run.
async fn running(host: &TestHost) -> u64 {
    let text = host.health("/metrics").await.unwrap().text().to_owned();
    let series = "ottavo_instances_running{function=\"wasi-http\"} ";
    let count = text.lines().find_map(|line| line.strip_prefix(series)).expect("it is deployed");
    count.parse().unwrap()
}

/// Waits until nothing of the program runs.
async fn until_stopped(host: &TestHost) {
    until("the instance ends", async || running(host).await == 0).await;
}
