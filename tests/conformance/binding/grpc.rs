//! A binding behind the gRPC door.

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::StreamExt as _;
use ottavo_blocks::binding::{Binding, Capability, Input, Inputs, Metadata, Operation, Response};
use ottavo_core::{CallContext, Result};
use ottavo_wire::from_status;
use ottavo_wire::v1::binding_client::BindingClient;
use ottavo_wire::v1::{BindingInput, BindingInvokeRequest, BindingSubscribeRequest, Pair};
use tonic::transport::Channel;

/// Calls a binding by its name at a host.
pub(crate) struct GrpcBinding {
    client: BindingClient<Channel>,
    binding: String,
    capabilities: &'static [Capability],
}

impl GrpcBinding {
    /// `capabilities` are those of the binding's driver: the door does not tell them.
    pub(crate) fn new(
        channel: Channel,
        binding: &str,
        capabilities: &'static [Capability],
    ) -> GrpcBinding {
        GrpcBinding {
            client: BindingClient::new(channel),
            binding: binding.to_owned(),
            capabilities,
        }
    }
}

#[async_trait]
impl Binding for GrpcBinding {
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
        let pairs = metadata.pairs().iter().cloned();
        let mut request = tonic::Request::new(BindingInvokeRequest {
            binding: self.binding.clone(),
            operation: operation.to_string(),
            data,
            metadata: pairs.map(|(name, value)| Pair { name, value }).collect(),
        });
        request.set_timeout(cx.remaining());
        let answer = self.client.clone().invoke(request).await;
        let answer = answer.map_err(|status| from_status(&status))?.into_inner();
        let pairs = answer.metadata.into_iter().map(|Pair { name, value }| (name, value));
        Ok(Response { data: answer.data, metadata: Metadata::found(pairs.collect()) })
    }

    async fn subscribe(&self, cx: &CallContext) -> Result<Inputs> {
        let mut request =
            tonic::Request::new(BindingSubscribeRequest { binding: self.binding.clone() });
        request.set_timeout(cx.remaining());
        let answer = self.client.clone().subscribe(request).await;
        let inputs = answer.map_err(|status| from_status(&status))?.into_inner();
        let input = |told: BindingInput| {
            let BindingInput { id, r#type: kind, subject, time, content_type, data } = told;
            Input { id, kind, subject, time, content_type, data }
        };
        Ok(inputs.map(move |told| told.map(input).map_err(|status| from_status(&status))).boxed())
    }
}
