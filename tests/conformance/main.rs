//! One set of cases for each block over everything that implements it: the drivers themselves, the gRPC
//! door, and the door of functions through a relay in every guest language.
//!
//! The doors are those of the real binary, with a store of every driver. What a driver claims is
//! asked of the driver; a door has nothing to claim.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod binding;
mod block;
mod config;
mod doors;
mod file;
mod guests;
mod host;
mod invoke;
mod lock;
mod nowhere;
mod pubsub;
mod record;
mod relay;
mod secret;
mod sequencer;
mod servers;
mod stage;
mod state;
mod summary;
mod table;

use ottavo_blocks::suite::Report;

use block::Block;
use stage::Stage;
use table::Column;

/// Calls the given macro with every block of the suite.
macro_rules! each_block {
    ($callback:ident) => {
        $callback!(
            crate::binding::BindingBlock,
            crate::config::ConfigBlock,
            crate::file::FileBlock,
            crate::invoke::InvokeBlock,
            crate::lock::LockBlock,
            crate::pubsub::PubSubBlock,
            crate::secret::SecretBlock,
            crate::sequencer::SequencerBlock,
            crate::state::StateBlock
        )
    };
}
use each_block;

#[tokio::test(flavor = "multi_thread")]
async fn every_block_behaves_alike_through_every_door() {
    let stage = Stage::set().await;
    let (mut failures, mut found) = (Vec::new(), Vec::new());
    macro_rules! run {
        ($($block:ty),*) => {$(
            let columns = block::columns::<$block>(&stage).await;
            failures.extend(nowhere::unrefused::<$block>(&stage).await);
            failures.extend(columns.iter().flat_map(|column| of(<$block>::NAME, column)));
            found.push((<$block>::NAME, columns));
        )*};
    }
    each_block!(run);
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
    let mut documents = Vec::new();
    for (block, columns) in &found {
        documents.push((*block, record::compare(block, columns).unwrap()));
    }
    summary::compare(&documents).unwrap();
}

fn of(block: &str, Column { driver, title, report }: &Column) -> Vec<String> {
    let failures = report.as_ref().map(Report::failures).unwrap_or_default();
    let text = |failure| format!("{block}, {title}, {driver}: {failure}");
    failures.into_iter().map(text).collect()
}
