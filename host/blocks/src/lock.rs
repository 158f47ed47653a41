//! Mutual exclusion between processes, in named stores.
//!
//! A resource is a name; an owner is told from another by its text alone. The trait speaks in types
//! that carry their preconditions, so that a driver never sees an invalid resource, owner or span.

pub mod handover;
pub mod rules;
#[cfg(feature = "suite")]
pub mod suite;
mod types;
pub mod waiting;

use async_trait::async_trait;
use ottavo_core::{CallContext, Result};

pub use types::{Capability, Claim, Lease, Owner, Release, Ttl};

use crate::Key;

/// One store of locks.
///
/// # Behavior of every method
/// - At most one owner holds a resource, across all hosts that share the store.
/// - A lock that has expired is held by nobody, from the moment it expires, by the store's clock.
/// - What was taken is still held after a crash, until it expires, when the driver claims
///   [`Capability::Durable`].
/// - Nothing is held against callers for other resources while a call waits.
#[async_trait]
pub trait Lock: Send + Sync + 'static {
    /// What this store can do beyond the contract's core.
    fn capabilities(&self) -> &'static [Capability];

    /// Whether calls could succeed now: asked every few seconds, for the operator to see.
    ///
    /// # Behavior
    /// - Cheap, changes nothing, and touches no resource of a caller.
    async fn health(&self, _cx: &CallContext) -> Result<()> {
        Ok(())
    }

    /// Takes a lock, waiting for it as long as the claim says.
    ///
    /// # Behavior
    /// - `None` when it is still held after the wait, or shortly before `cx.deadline`: by anybody,
    ///   the same owner included. No order among those who wait is promised.
    /// - A claim without an owner gets one that is unique for ever.
    /// - The fencing token is greater than any that was given for the resource before, also after
    ///   it expired or was unlocked, and for ever when the driver claims [`Capability::Durable`].
    /// - Dropping the call holds nothing: what it took meanwhile is given back. An answer that is
    ///   lost on its way is not known here: that lock expires.
    async fn try_lock(&self, cx: &CallContext, claim: Claim) -> Result<Option<Lease>>;

    /// Sets a new expiry.
    ///
    /// # Behavior
    /// - `conflict` when the owner does not hold the resource, or no longer; nothing is changed.
    /// - The token stays. The expiry may become shorter.
    async fn renew(
        &self,
        cx: &CallContext,
        resource: &Key,
        owner: &Owner,
        ttl: Ttl,
    ) -> Result<Lease>;

    /// Gives a lock back.
    ///
    /// # Behavior
    /// - Only the owner's own lock goes, atomically. Who waits for it on the same host is woken.
    async fn unlock(&self, cx: &CallContext, resource: &Key, owner: &Owner) -> Result<Release>;
}
