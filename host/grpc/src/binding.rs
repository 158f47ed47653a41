//! The service `Binding`, as `ottavo_blocks::binding::Binding`.

use async_trait::async_trait;
use ottavo_api::Session;
use ottavo_blocks::binding::{Metadata, Operation};
use ottavo_core::Result;
use ottavo_wire::v1::binding_server::Binding;
use ottavo_wire::v1::{BindingInvokeRequest, BindingInvokeResponse, Pair};
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

#[async_trait]
impl Binding for BindingService {
    async fn invoke(
        &self,
        request: Request<BindingInvokeRequest>,
    ) -> Result<Response<BindingInvokeResponse>, Status> {
        self.0.call(request, invoke).await
    }
}
