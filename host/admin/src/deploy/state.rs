//! The stores as the operator reaches them.

use std::sync::Arc;

use async_trait::async_trait;
use ottavo_control::{EventsReply, EventsRequest, StateReply, StateRequest};
use ottavo_core::Result;
use ottavo_core::units::ByteCount;

/// The largest request: a value, or the data of an event, of 4 MiB in base64.
pub(super) const MAX_REQUEST: ByteCount = ByteCount::mib(6);

/// The stores of a host, for whoever may open the deploy socket. Given from above: this room knows
/// no rule of the blocks.
#[async_trait]
pub trait Stores: Send + Sync + 'static {
    /// One call on the state store of this name, under the rules that every caller is under.
    ///
    /// # Errors
    /// Those of the block.
    async fn state(
        &self,
        request_id: Arc<str>,
        store: &str,
        request: StateRequest,
    ) -> Result<StateReply>;

    /// One call on the pub/sub store of this name, likewise.
    ///
    /// # Errors
    /// Those of the block.
    async fn events(
        &self,
        request_id: Arc<str>,
        store: &str,
        request: EventsRequest,
    ) -> Result<EventsReply>;
}
