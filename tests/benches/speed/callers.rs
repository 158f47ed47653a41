//! Callers in this process that each make one call after the other.

use std::time::{Duration, Instant};

use anyhow::Result;
use futures_util::future::try_join_all;
use tokio::runtime::Handle;

use crate::load::Seen;

/// One of them.
pub(crate) trait Calls: Send + 'static {
    /// Makes one call, after so many before it, and checks the answer.
    fn call(&mut self, before: usize) -> impl Future<Output = Result<()>> + Send;
}

/// Lets all of them call for so long; how long each call took. Blocks.
pub(crate) fn ask(callers: impl Iterator<Item = impl Calls>, time: Duration) -> Result<Seen> {
    let begun = Instant::now();
    let ends = begun + time;
    let callers: Vec<_> = callers.map(|caller| tokio::spawn(calls(caller, ends))).collect();
    let parts = Handle::current().block_on(try_join_all(callers))?;
    let took: Result<Vec<Vec<u64>>> = parts.into_iter().collect();
    Seen::since(begun, took?.concat())
}

async fn calls(mut caller: impl Calls, ends: Instant) -> Result<Vec<u64>> {
    let mut took = Vec::new();
    loop {
        let begun = Instant::now();
        if begun >= ends {
            return Ok(took);
        }
        caller.call(took.len()).await?;
        took.push(begun.elapsed().as_nanos() as u64);
    }
}
