//! Who may do what, from outside: apps with tokens, and what the operator allows at all.

mod apps;
mod audit;
mod deploys;
mod edges;
mod policy;
mod proxied;
mod settings;
mod tls;

use std::time::{Duration, Instant};

/// For what a host does by itself within a second or two.
const PATIENCE: Duration = Duration::from_secs(30);

/// A token that nobody guesses: the same letter over and over, for a test to tell them apart.
fn token(letter: char) -> String {
    String::from(letter).repeat(40)
}

/// Asks until the answer is what it should become.
async fn eventually<T: PartialEq + std::fmt::Debug>(mut ask: impl AsyncFnMut() -> T, expected: T) {
    let begun = Instant::now();
    loop {
        let found = ask().await;
        if found == expected {
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "it stays {found:?}, expected {expected:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
