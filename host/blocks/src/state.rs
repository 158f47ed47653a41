//! Key-value state in named stores.
//!
//! Keys are UTF-8, values are bytes and never re-encoded, etags are opaque. The trait speaks in
//! types that carry their preconditions, so that a driver never sees an invalid key or etag.

pub mod cursor;
pub mod rules;
#[cfg(feature = "suite")]
pub mod suite;
mod types;

use async_trait::async_trait;
use ottavo_core::{CallContext, Result};

pub use types::{
    Capability, Entry, Expiry, KeyPage, MAX_BATCH, MAX_VALUE, Operation, Precondition, Removal,
    Value,
};

use crate::Options;
pub use crate::key::{Etag, Key, PageLimit};

/// One state store.
///
/// # Behavior of every method
/// - An expired key is missing, everywhere, from the moment it expires.
/// - An acknowledged write is durable when the driver claims [`Capability::Durable`].
/// - Etags are only compared. Each write gives a new one, which never returns to an old value
///   when the driver claims [`Capability::EtagsNeverReturn`].
/// - A batch answers in the order asked, each item with its own outcome.
/// - Nothing is held against other callers while a call waits.
/// - `cx.deadline` bounds the wait on a backend; the caller also stops waiting at it.
#[async_trait]
pub trait State: Send + Sync + 'static {
    /// What this store can do beyond the contract's core.
    fn capabilities(&self) -> &'static [Capability];

    /// Whether calls could succeed now: asked every few seconds, for the operator to see.
    ///
    /// # Behavior
    /// - Cheap, changes nothing, and touches no key of a caller.
    /// - The error is the one that calls would get. A store that cannot fail need not say more than
    ///   this does.
    async fn health(&self, _cx: &CallContext) -> Result<()> {
        Ok(())
    }

    /// Reads one key.
    ///
    /// # Behavior
    /// - `None` when it is missing: that is not an error.
    /// - An unknown option of this driver is `invalid-argument`.
    async fn get(&self, cx: &CallContext, key: &Key, options: &Options) -> Result<Option<Value>>;

    /// Reads several keys.
    ///
    /// # Behavior
    /// - A key asked twice is answered twice. No keys, no answers.
    async fn get_many(
        &self,
        cx: &CallContext,
        keys: &[Key],
        options: &Options,
    ) -> Result<Vec<Result<Option<Value>>>>;

    /// Writes one key and returns its new etag.
    ///
    /// # Behavior
    /// - [`Precondition::Absent`] on an existing key, or [`Precondition::Match`] on a missing key or
    ///   another etag, is `conflict`, and nothing is written.
    /// - [`Expiry::Keep`] leaves the expiry as it was; a new key never expires.
    async fn set(&self, cx: &CallContext, entry: Entry) -> Result<Etag>;

    /// Writes several keys, each on its own; not atomic as a whole.
    async fn set_many(&self, cx: &CallContext, entries: Vec<Entry>) -> Result<Vec<Result<Etag>>>;

    /// Deletes one key.
    ///
    /// # Behavior
    /// - A missing key is fine, unless the precondition names an etag: then it is `conflict`.
    /// - [`Precondition::Absent`] on an existing key is `conflict`.
    async fn delete(&self, cx: &CallContext, removal: Removal) -> Result<()>;

    /// Deletes several keys, each on its own.
    async fn delete_many(
        &self,
        cx: &CallContext,
        removals: Vec<Removal>,
    ) -> Result<Vec<Result<()>>>;

    /// Does all operations or none, in order; returns the new etag of each upsert.
    ///
    /// # Behavior
    /// - A later operation sees what an earlier one did.
    /// - When one fails, nothing is written, and the error carries the detail `index` of the
    ///   operation.
    /// - Other callers see all of it or nothing.
    /// - A driver that cannot do this for these keys says `unsupported`.
    async fn transact(
        &self,
        cx: &CallContext,
        operations: Vec<Operation>,
    ) -> Result<Vec<Option<Etag>>>;

    /// Adds `delta` atomically to a decimal integer and returns the sum.
    ///
    /// # Behavior
    /// - A missing key counts as 0 and gets `initial` as its expiry ([`Expiry::Keep`]: never). An
    ///   existing key keeps its expiry.
    /// - The value is stored as decimal text, as `set` would store it.
    /// - A value that is not a decimal `i64`, or a sum beyond it, is `failed-precondition`, and
    ///   nothing is written.
    async fn increment(
        &self,
        cx: &CallContext,
        key: &Key,
        delta: i64,
        initial: Expiry,
    ) -> Result<i64>;

    /// One page of the keys that begin with `prefix`, in the driver's own order.
    ///
    /// # Behavior
    /// - At most `limit` keys. A page may be empty and still have a next one; the last has none.
    /// - A key that exists from the first page to the last is listed, once. Keys that come and go
    ///   meanwhile may or may not be.
    /// - A page costs as much as its keys, not as the store.
    /// - A cursor that this store did not give is `invalid-argument`.
    async fn list_keys(
        &self,
        cx: &CallContext,
        prefix: &str,
        cursor: Option<&str>,
        limit: PageLimit,
    ) -> Result<KeyPage>;
}
