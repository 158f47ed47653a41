//! Configuration items in named stores, live.
//!
//! An item is one key of one scope. A subscription is pulled: whoever reads it slowly misses states
//! in between, never the last one, and holds up nobody.

mod feed;
#[cfg(feature = "suite")]
pub mod suite;
mod types;

use async_trait::async_trait;
use futures_util::stream::BoxStream;
use ottavo_core::{CallContext, Result};

pub use feed::{Source, follow};
pub use types::{
    Capability, Item, MAX_ITEM, MAX_ITEMS, Pairs, Scope, ScopeWord, Update, Wanted, check, pairs,
};

pub use crate::Key;

/// The updates of one subscriber.
pub type Updates = BoxStream<'static, Result<Update>>;

/// One store of configuration items.
///
/// # Behavior of every method
/// - Scopes share nothing: an item is found under the scope it was saved in and no other.
/// - A version is only compared. It is another one after each change of its item.
/// - What is acknowledged is durable when the driver claims [`Capability::Durable`].
/// - `cx.deadline` bounds the wait on a backend; the caller also stops waiting at it.
#[async_trait]
pub trait Config: Send + Sync + 'static {
    /// What this store can do beyond the contract's core.
    fn capabilities(&self) -> &'static [Capability];

    /// Whether calls could succeed now: asked every few seconds, for the operator to see.
    ///
    /// # Behavior
    /// - Cheap, and changes nothing.
    /// - The error is the one that calls would get.
    async fn health(&self, _cx: &CallContext) -> Result<()> {
        Ok(())
    }

    /// Items of one scope.
    ///
    /// # Behavior
    /// - Of several keys: those that exist, in the order asked; one that is asked twice comes twice.
    /// - Of all: in the order of their keys. A scope in which nothing was saved has none.
    async fn get(&self, cx: &CallContext, scope: &Scope, wanted: &Wanted) -> Result<Vec<Item>>;

    /// Writes items of one scope, all of them or none.
    ///
    /// # Behavior
    /// - An item that exists is replaced as a whole. Of two with one key, the last one stays.
    /// - The version of an item is not looked at.
    async fn save(&self, cx: &CallContext, scope: &Scope, items: Vec<Item>) -> Result<()>;

    /// Deletes keys of one scope, all of them or none; one that is missing is fine.
    async fn delete(&self, cx: &CallContext, scope: &Scope, keys: &[Key]) -> Result<()>;

    /// What there is now, and then every change.
    ///
    /// # Behavior
    /// - The first update has every item that is wanted, and comes at once; it may be empty. Those
    ///   that follow have at least one item or deleted key each.
    /// - Applied one after the other, they lead to what `get` answers. A change that was acknowledged
    ///   is in an update that follows, also one made past this host, unless a later change of the
    ///   same key took its place.
    /// - When the store drops, the next update is the error that calls get, and the last one. The
    ///   same when the host stops.
    /// - Dropping the updates ends the subscription, and touches no other.
    async fn subscribe(&self, cx: &CallContext, scope: &Scope, wanted: &Wanted) -> Result<Updates>;
}
