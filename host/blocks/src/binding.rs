//! Anything else outside, by its configured name: a webhook, a queue, a mail server.
//!
//! Calls go out, and what happens outside comes in; a driver may have one way only.

mod input;
#[cfg(feature = "suite")]
pub mod suite;
mod types;

use async_trait::async_trait;
use bytes::Bytes;
use ottavo_core::{CallContext, Result};

pub use input::{Input, Inputs, only_in};
pub use types::{Capability, MAX_DATA, Metadata, Operation, Response, check};

/// One configured way to the outside.
///
/// # Behavior of every method
/// - `cx.deadline` bounds the wait; the caller also stops waiting at it.
/// - Dropping the future stops the call as far as the backend allows; whether it took effect is then
///   unknown.
#[async_trait]
pub trait Binding: Send + Sync + 'static {
    /// What it can do beyond the contract's core.
    fn capabilities(&self) -> &'static [Capability];

    /// Whether calls could succeed now: asked every few seconds, for the operator to see.
    ///
    /// # Behavior
    /// - Cheap, and has no effect outside. One that cannot be asked without an effect says nothing.
    async fn health(&self, _cx: &CallContext) -> Result<()> {
        Ok(())
    }

    /// Does something outside and returns what came of it.
    ///
    /// # Behavior
    /// - Done once or not at all, never repeated by the driver once anything was sent.
    /// - Every driver with a way out knows `create`; one that is not known is `unsupported`, with those that are.
    /// - A pair of metadata that makes no sense to the driver is `invalid-argument`; nothing was done.
    /// - An answer of more than [`MAX_DATA`] bytes is `too-large`.
    async fn invoke(
        &self,
        cx: &CallContext,
        operation: &Operation,
        data: Bytes,
        metadata: &Metadata,
    ) -> Result<Response>;

    /// What comes in from now on, for one listener.
    ///
    /// # Behavior
    /// - It stands when this returns: what happens afterwards is told.
    /// - Listeners do not share: each is told of everything, at its own pace.
    /// - Nothing is acknowledged. What was taken is the listener's; what it has not asked for yet is
    ///   kept as the driver says, within a bound, and not beyond the end of the listener or the host.
    /// - An error is the last that is told: the backend drops, or the host stops.
    /// - Dropping it ends the listening, and touches no other.
    /// - A driver without a way in is `unsupported`.
    async fn subscribe(&self, _cx: &CallContext) -> Result<Inputs> {
        Err(input::only_out())
    }
}
