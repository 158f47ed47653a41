//! A store of ids behind the gRPC door.

use async_trait::async_trait;
use ottavo_blocks::Key;
use ottavo_blocks::sequencer::{Capability, Order, Range, Sequencer, Size};
use ottavo_core::{CallContext, Result};
use ottavo_wire::from_status;
use ottavo_wire::v1::sequencer_client::SequencerClient;
use ottavo_wire::v1::*;
use tonic::transport::Channel;

/// Calls a store by its name at a host.
pub(crate) struct GrpcSequencer {
    client: SequencerClient<Channel>,
    store: String,
    capabilities: &'static [Capability],
}

impl GrpcSequencer {
    /// `capabilities` are those of the store's driver: the door does not tell them.
    pub(crate) fn new(
        channel: Channel,
        store: &str,
        capabilities: &'static [Capability],
    ) -> GrpcSequencer {
        let client = SequencerClient::new(channel);
        GrpcSequencer { client, store: store.to_owned(), capabilities }
    }
}

#[async_trait]
impl Sequencer for GrpcSequencer {
    fn capabilities(&self) -> &'static [Capability] {
        self.capabilities
    }

    async fn next(&self, cx: &CallContext, key: &Key, order: Order) -> Result<u64> {
        let (store, key, order) = (self.store.clone(), key.to_string(), send(order));
        let mut request = tonic::Request::new(SequencerNextRequest { store, key, order });
        request.set_timeout(cx.remaining());
        let answer = self.client.clone().next(request).await;
        Ok(answer.map_err(|status| from_status(&status))?.into_inner().id)
    }

    async fn next_range(
        &self,
        cx: &CallContext,
        key: &Key,
        order: Order,
        size: Size,
    ) -> Result<Range> {
        let (store, key, size) = (self.store.clone(), key.to_string(), size.get());
        let message = SequencerNextRangeRequest { store, key, order: send(order), size };
        let mut request = tonic::Request::new(message);
        request.set_timeout(cx.remaining());
        let answer = self.client.clone().next_range(request).await;
        let answer = answer.map_err(|status| from_status(&status))?.into_inner();
        Ok(Range { first: answer.first, last: answer.last })
    }
}

fn send(order: Order) -> i32 {
    match order {
        Order::Weak => SequencerOrder::Weak,
        Order::Strong => SequencerOrder::Strong,
    }
    .into()
}
