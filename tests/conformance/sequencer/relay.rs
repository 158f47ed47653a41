//! A store of ids behind a guest.

use async_trait::async_trait;
use ottavo_blocks::Key;
use ottavo_blocks::sequencer::{Capability, Order, Range, Sequencer, Size};
use ottavo_core::{CallContext, Result};

use crate::relay::Relay;
use crate::relay::encoding::Reader;

/// Calls a store through the relay.
pub(crate) struct RelaySequencer {
    pub(crate) relay: Relay,
    /// Those of the store's driver: a guest does not see them.
    pub(crate) capabilities: &'static [Capability],
}

#[async_trait]
impl Sequencer for RelaySequencer {
    fn capabilities(&self) -> &'static [Capability] {
        self.capabilities
    }

    async fn next(&self, cx: &CallContext, key: &Key, order: Order) -> Result<u64> {
        let mut call = self.relay.begin("sequencer.next");
        call.string(key.as_str()).u8(index(order));
        self.relay.call(cx, call, Reader::u64).await
    }

    async fn next_range(
        &self,
        cx: &CallContext,
        key: &Key,
        order: Order,
        size: Size,
    ) -> Result<Range> {
        let mut call = self.relay.begin("sequencer.next-range");
        call.string(key.as_str()).u8(index(order)).u32(size.get());
        let range = |answer: &mut Reader| Ok(Range { first: answer.u64()?, last: answer.u64()? });
        self.relay.call(cx, call, range).await
    }
}

fn index(order: Order) -> u8 {
    match order {
        Order::Weak => 0,
        Order::Strong => 1,
    }
}
