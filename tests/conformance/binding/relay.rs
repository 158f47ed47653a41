//! A binding behind a guest.

use async_trait::async_trait;
use bytes::Bytes;
use ottavo_blocks::binding::{Binding, Capability, Metadata, Operation, Response};
use ottavo_core::{CallContext, Result};

use crate::relay::Relay;
use crate::relay::encoding::Reader;

/// Calls a binding by its name through the relay.
pub(crate) struct RelayBinding {
    relay: Relay,
    capabilities: &'static [Capability],
}

impl RelayBinding {
    /// `own` are the capabilities of the binding's driver: a guest does not see them. Functions hear of
    /// what comes in as events.
    pub(crate) fn new(relay: Relay, own: &'static [Capability]) -> RelayBinding {
        let capabilities: &'static [Capability] =
            if own.contains(&Capability::Echo) { &[Capability::Echo] } else { &[] };
        RelayBinding { relay, capabilities }
    }
}

#[async_trait]
impl Binding for RelayBinding {
    fn capabilities(&self) -> &'static [Capability] {
        self.capabilities
    }

    async fn invoke(
        &self,
        cx: &CallContext,
        operation: &Operation,
        data: Bytes,
        metadata: &Metadata,
    ) -> Result<Response> {
        let mut call = self.relay.begin("binding.invoke");
        call.string(operation.as_str()).bytes(&data);
        call.list(metadata.pairs(), |call, (name, value)| {
            call.string(name).string(value);
        });
        let pair = |answer: &mut Reader| Ok((answer.string()?, answer.string()?));
        let response = |answer: &mut Reader| {
            let data = answer.bytes()?;
            Ok(Response { data, metadata: Metadata::found(answer.list(pair)?) })
        };
        self.relay.call(cx, call, response).await
    }
}
