//! Files and objects in named stores, streamed both ways.
//!
//! A file is written whole and appears at once; it is read in ranges, a chunk at a time. Names are
//! checked by [`FileName`] before a driver sees them.

mod name;
pub mod rules;
#[cfg(feature = "suite")]
pub mod suite;
mod types;

use async_trait::async_trait;
use bytes::Bytes;
use ottavo_core::{CallContext, Result};

pub use name::FileName;
pub use types::{
    Capability, ChunkSize, ContentType, FilePage, Info, MAX_CHUNK, Metadata, NewFile, Range,
};

pub use crate::key::{Etag, PageLimit};
pub use crate::state::Precondition;

/// One store of files.
///
/// # Behavior of every method
/// - A name leads to a file within the store or to nothing: what it passes on its way is never
///   followed out of the store, links included.
/// - What was finished is durable when the driver claims [`Capability::Durable`].
/// - `cx.deadline` bounds the wait on a backend; the caller also stops waiting at it.
#[async_trait]
pub trait File: Send + Sync + 'static {
    /// What this store can do beyond the contract's core.
    fn capabilities(&self) -> &'static [Capability];

    /// Whether calls could succeed now, as of `State::health`.
    async fn health(&self, _cx: &CallContext) -> Result<()> {
        Ok(())
    }

    /// Opens a range of a file.
    ///
    /// # Behavior
    /// - `None` when it is missing.
    /// - Only the range is read from the backend. Beyond the end there is nothing to read.
    async fn open(
        &self,
        cx: &CallContext,
        name: &FileName,
        range: Range,
    ) -> Result<Option<Box<dyn Reader>>>;

    /// Begins a file.
    ///
    /// # Behavior
    /// - Nobody sees any of it before [`Writer::finish`]: neither a read nor a list.
    /// - [`Precondition::Absent`] on an existing file, or [`Precondition::Match`] on a missing file
    ///   or another etag, is `conflict`: of what is there when it is finished, and as early as the
    ///   driver likes.
    /// - A driver without [`Capability::AnyNames`] may answer `failed-precondition` when the name is
    ///   that of a folder, or lies below a file.
    /// - A precondition that the driver does not claim is `unsupported`.
    async fn create(&self, cx: &CallContext, file: NewFile) -> Result<Box<dyn Writer>>;

    /// What is known of a file; `None` when it is missing.
    async fn stat(&self, cx: &CallContext, name: &FileName) -> Result<Option<Info>>;

    /// Deletes a file. A missing one is fine.
    async fn delete(&self, cx: &CallContext, name: &FileName) -> Result<()>;

    /// One page of the files whose names begin with `prefix`, in the order of the names' bytes.
    ///
    /// # Behavior
    /// - At most `limit` files. A page may be empty and still have a next one; the last has none.
    /// - A file that exists from the first page to the last is listed, once.
    /// - Content type and metadata may be left out by a driver without [`Capability::ListsInFull`].
    /// - A cursor that this store did not give for `prefix` is `invalid-argument`.
    async fn list(
        &self,
        cx: &CallContext,
        prefix: &str,
        cursor: Option<&str>,
        limit: PageLimit,
    ) -> Result<FilePage>;
}

/// A range of one version of a file.
///
/// # Behavior
/// - What was opened is read, or the error is `conflict`: never a mixture of two versions.
/// - Dropping it stops what it does and gives back what it holds.
#[async_trait]
pub trait Reader: Send + Sync {
    /// Of the whole file.
    fn info(&self) -> &Info;

    /// The next bytes: at least one and at most `max`; none at the end of the range.
    async fn read(&mut self, cx: &CallContext, max: ChunkSize) -> Result<Bytes>;
}

/// A file that is being written.
///
/// # Behavior
/// - Dropped before it is finished, it leaves nothing behind, and what was there stays.
/// - After an error it can only be dropped.
#[async_trait]
pub trait Writer: Send + Sync {
    /// Adds bytes, at most [`MAX_CHUNK`].
    async fn write(&mut self, cx: &CallContext, data: Bytes) -> Result<()>;

    /// Makes the file visible, all of it at once, in place of one of that name.
    async fn finish(self: Box<Self>, cx: &CallContext) -> Result<Info>;
}
