//! Ids that are unique for ever, and grow, in named stores.
//!
//! A key is a line of ids that is counted up. The trait speaks in types that carry their
//! preconditions, so that a driver never sees an invalid key or size.

pub mod ahead;
pub mod rules;
#[cfg(feature = "suite")]
pub mod suite;
mod types;

use async_trait::async_trait;
use ottavo_core::{CallContext, Result};

pub use types::{Capability, MAX_ID, Order, Range, Size};

use crate::Key;

/// One store of ids.
///
/// # Behavior of every method
/// - An id of a key is handed out once, for ever, by whatever host; also when its caller goes away
///   before it arrives.
/// - The first id of a key is 1, the last [`MAX_ID`]; beyond it the key is `exhausted`.
/// - A call that fails has handed out nothing. It may have used ids up.
/// - What was handed out stays so after a crash, when the driver claims [`Capability::Durable`].
/// - Keys know nothing of each other.
#[async_trait]
pub trait Sequencer: Send + Sync + 'static {
    /// What this store can do beyond the contract's core.
    fn capabilities(&self) -> &'static [Capability];

    /// Whether calls could succeed now: asked every few seconds, for the operator to see.
    ///
    /// # Behavior
    /// - Cheap, changes nothing, and uses up no id.
    async fn health(&self, _cx: &CallContext) -> Result<()> {
        Ok(())
    }

    /// The next id of a key.
    ///
    /// # Behavior
    /// - As [`Sequencer::next_range`] of one.
    async fn next(&self, cx: &CallContext, key: &Key, order: Order) -> Result<u64> {
        Ok(self.next_range(cx, key, order, Size::ONE).await?.first)
    }

    /// The next ids of a key, one after the other.
    ///
    /// # Behavior
    /// - [`Order::Strong`]: every id is greater than any that was handed out before the call began,
    ///   in either order and by any host.
    /// - [`Order::Weak`]: the ids of one host grow. A host may take ids ahead and skip them.
    async fn next_range(
        &self,
        cx: &CallContext,
        key: &Key,
        order: Order,
        size: Size,
    ) -> Result<Range>;
}
