//! Requests to the outside: what functions send through `http-client`, and what a driver makes of it.
//!
//! Which hosts a caller may name is decided above. What a name turns out to be only shows when it
//! is looked up: that check is the driver's, by [`Reach`].

mod address;

use async_trait::async_trait;
use bytes::Bytes;
use ottavo_core::units::ByteCount;
use ottavo_core::{CallContext, Result};

use crate::exchange::{Body, Response};

pub use address::is_public;

/// Which addresses a request may go to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reach {
    /// Those of the public internet: not this machine, not its networks ([`is_public`]).
    Public,
    /// All, because the caller's grant names such a host.
    Anywhere,
}

/// What holds for one request.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// Where it may go.
    pub reach: Reach,
    /// The largest body of its answer.
    pub max_body: ByteCount,
}

/// HTTP to the outside.
#[async_trait]
pub trait Egress: Send + Sync + 'static {
    /// Sends `request`, whose target is absolute, and reads the whole answer.
    ///
    /// # Behavior
    /// - Any status is an answer. A redirect is an answer too and is not followed.
    /// - The name is looked up here, and the request goes to an address that was checked: `denied`
    ///   when the name has none within `rules.reach`.
    /// - A connection that was made for a wider reach is not used for a narrower one.
    /// - `https` checks the certificate; there is no way around that.
    /// - An answer beyond `rules.max_body` is `too-large` with the detail `limit`, and is not read
    ///   to its end.
    /// - Nothing listens, or the name is unknown: `unavailable`, before anything was sent. The
    ///   connection breaks later: `unavailable`, retryable only if the method is idempotent.
    /// - By `cx.deadline` at the latest it answers, with `timeout`. Dropping the future ends the
    ///   exchange.
    async fn send(
        &self,
        cx: &CallContext,
        request: http::Request<Bytes>,
        rules: Rules,
    ) -> Result<Response>;

    /// Sends `request` while its body comes, and answers when the head of the answer is there.
    ///
    /// # Behavior
    /// - As [`Egress::send`], but for the bodies: neither is held, and each end waits for the other.
    /// - An answer that says it is beyond `rules.max_body` is `too-large` at once; one that does not
    ///   say fails there while it is read.
    /// - By `cx.deadline` at the latest there is a head. Dropping the answer's body ends the exchange.
    async fn open(
        &self,
        cx: &CallContext,
        request: http::Request<Body>,
        rules: Rules,
    ) -> Result<http::Response<Body>>;
}
