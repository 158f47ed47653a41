//! Service invocation: requests to apps by their id. What reaches functions by name is the host itself;
//! a driver knows how outside apps are reached.

#[cfg(feature = "suite")]
pub mod suite;
mod target;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::future::join_all;
use ottavo_core::units::ByteCount;
use ottavo_core::{CallContext, Result};

use crate::exchange::Response;

pub use target::{AppId, Target};

/// The most calls of one `call-many`, and of one `send-many`.
pub const MAX_CALLS: usize = 100;

/// What a store can do beyond the contract's core.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Capability {
    /// Those that are called run beside each other, and may wait for each other.
    Meeting,
}

/// A request to an app.
#[derive(Debug)]
pub struct Call {
    /// Its target is a path with its query.
    pub request: http::Request<Bytes>,
    /// The largest body of its answer.
    pub max_body: ByteCount,
}

/// Outside apps, by their ids.
#[async_trait]
pub trait Invoke: Send + Sync + 'static {
    /// What this store can do beyond the contract's core.
    fn capabilities(&self) -> &'static [Capability];

    /// Whether this store reaches the app.
    fn knows(&self, app: &AppId) -> bool;

    /// Sends one request to an app and reads the whole answer.
    ///
    /// # Behavior
    /// - The app gets method, path, query, headers and body as they are, and nothing of a
    ///   connection's own fields. Any status is an answer; a redirect is not followed.
    /// - An app that the store does not know is `not-found` with the ids that it does know.
    /// - An answer beyond `max_body` is `too-large` with the detail `limit`.
    /// - An app that is not there is `unavailable` and retryable: nothing was sent. One that goes
    ///   away under the call is `unavailable`, retryable only if the method is idempotent.
    /// - By `cx.deadline` at the latest it answers, with `timeout`. Dropping the future ends the
    ///   exchange.
    async fn call(&self, cx: &CallContext, app: &AppId, call: Call) -> Result<Response>;

    /// Several calls at the same time; the answers in the order asked.
    async fn call_many(
        &self,
        cx: &CallContext,
        calls: Vec<(AppId, Call)>,
    ) -> Vec<Result<Response>> {
        let each =
            calls.into_iter().map(|(app, call)| async move { self.call(cx, &app, call).await });
        join_all(each).await
    }

    /// Whether calls could succeed. That an app is away does not make its store ill.
    async fn health(&self, _cx: &CallContext) -> Result<()> {
        Ok(())
    }
}
