//! The service `Binding`, as `ottavo_blocks::binding::Binding`.

use async_trait::async_trait;
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use ottavo_api::Session;
use ottavo_blocks::binding::{Input, Metadata, Operation};
use ottavo_core::Result;
use ottavo_wire::v1::binding_server::Binding;
use ottavo_wire::v1::{
    BindingInput, BindingInvokeRequest, BindingInvokeResponse, BindingSubscribeRequest, Pair,
};
use tonic::{Request, Response, Status};

use crate::door::Door;

/// Answers the calls of the service.
pub(crate) struct BindingService(pub(crate) Door);

async fn invoke(session: Session, message: BindingInvokeRequest) -> Result<BindingInvokeResponse> {
    let BindingInvokeRequest { binding, operation, data, metadata } = message;
    let sent = metadata.into_iter().map(|Pair { name, value }| (name, value)).collect();
    let (operation, metadata) = (Operation::parse(operation)?, Metadata::parse(sent)?);
    let answer = session.binding(&binding)?.invoke(operation, data, metadata).await?;
    let pairs = answer.metadata.into_pairs().into_iter();
    let metadata = pairs.map(|(name, value)| Pair { name, value }).collect();
    Ok(BindingInvokeResponse { data: answer.data, metadata })
}

async fn subscribe(
    session: Session,
    message: BindingSubscribeRequest,
) -> Result<BoxStream<'static, Result<BindingInput>>> {
    let inputs = session.binding(&message.binding)?.subscribe().await?;
    Ok(inputs.map(|told| told.map(input)).boxed())
}

fn input(told: Input) -> BindingInput {
    let Input { id, kind, subject, time, content_type, data } = told;
    BindingInput { id, r#type: kind, subject, time, content_type, data }
}

#[async_trait]
impl Binding for BindingService {
    type SubscribeStream = BoxStream<'static, Result<BindingInput, Status>>;

    async fn invoke(
        &self,
        request: Request<BindingInvokeRequest>,
    ) -> Result<Response<BindingInvokeResponse>, Status> {
        self.0.call(request, invoke).await
    }

    async fn subscribe(
        &self,
        request: Request<BindingSubscribeRequest>,
    ) -> Result<Response<Self::SubscribeStream>, Status> {
        self.0.stream(request, subscribe).await
    }
}
