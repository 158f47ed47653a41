//! Secrets in named stores, read only: who owns a store puts them there by other means.
//!
//! A value is a [`Secret`](ottavo_core::Secret) from the driver to the door: `Debug` has nothing of it.

mod leaves;
#[cfg(feature = "suite")]
pub mod suite;
mod types;

use async_trait::async_trait;
use ottavo_core::{CallContext, Result};

pub use leaves::Leaves;
pub use types::{Bundle, Capability, MAX_BULK, no_version};

pub use crate::Key;

/// One store of secrets.
///
/// # Behavior of every method
/// - What the owner of the store has changed is seen by the next call, without a restart.
/// - No value, and nothing made of one, is in an error, in a log line or in `Debug`.
/// - Names are compared as they are, letter by letter. None leads out of the store: one with `..`
///   is a name like any other, and missing.
/// - `cx.deadline` bounds the wait on a backend; the caller also stops waiting at it.
#[async_trait]
pub trait Secrets: Send + Sync + 'static {
    /// What this store can do beyond the contract's core.
    fn capabilities(&self) -> &'static [Capability];

    /// Whether calls could succeed now: asked every few seconds, for the operator to see.
    ///
    /// # Behavior
    /// - Cheap, and changes nothing.
    /// - The error is the one that calls would get, or what would be wrong after a restart.
    async fn health(&self, _cx: &CallContext) -> Result<()> {
        Ok(())
    }

    /// What stands under a name.
    ///
    /// # Behavior
    /// - `None` when it is missing: that is not an error.
    /// - A secret that is one value has it under its own name. A name under which others stand, parted
    ///   by `/`, has the values of all of them, under their names without it. A value wins over what
    ///   stands under its name.
    /// - Without `version`, the newest. With one, a store that does not claim
    ///   [`Capability::Versions`] says `unsupported`; a version that is missing is `None`.
    async fn get(
        &self,
        cx: &CallContext,
        name: &Key,
        version: Option<&str>,
    ) -> Result<Option<Bundle>>;

    /// Every secret of the store, each with its one value, by name.
    ///
    /// # Behavior
    /// - A name under which others stand is not listed itself.
    async fn get_bulk(&self, cx: &CallContext) -> Result<Vec<(Key, Bundle)>>;
}
