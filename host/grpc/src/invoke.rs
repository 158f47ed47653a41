//! The service `Invoke`: functions and apps, by name.

use std::time::Duration;

use async_trait::async_trait;
use ottavo_api::Session;
use ottavo_blocks::exchange::{self, Outgoing, Parts};
use ottavo_core::units::ByteCount;
use ottavo_core::{Error, Result};
use ottavo_wire::v1::invoke_call_outcome::Outcome;
use ottavo_wire::v1::invoke_server::Invoke;
use ottavo_wire::v1::*;
use tonic::{Request, Response, Status};

use crate::door::Door;

/// Answers the calls of the service.
pub(crate) struct InvokeService(pub(crate) Door);

#[async_trait]
impl Invoke for InvokeService {
    async fn call(
        &self,
        request: Request<InvokeCallRequest>,
    ) -> Result<Response<InvokeCallResponse>, Status> {
        let most = self.most();
        self.0.call(request, |session, message| call(session, message, most)).await
    }

    async fn call_many(
        &self,
        request: Request<InvokeCallManyRequest>,
    ) -> Result<Response<InvokeCallManyResponse>, Status> {
        let most = self.most();
        self.0.call(request, |session, message| call_many(session, message, most)).await
    }
}

impl InvokeService {
    /// The largest body that fits an answer.
    fn most(&self) -> ByteCount {
        ByteCount(self.0.max_message as u64)
    }
}

async fn call(
    session: Session,
    message: InvokeCallRequest,
    most: ByteCount,
) -> Result<InvokeCallResponse> {
    let (target, outgoing) = decode(message)?;
    let answer = session.invoke().call(&target, outgoing, most).await?;
    Ok(InvokeCallResponse { response: Some(encode(answer)) })
}

async fn call_many(
    session: Session,
    message: InvokeCallManyRequest,
    most: ByteCount,
) -> Result<InvokeCallManyResponse> {
    let calls = message.calls.into_iter().map(decode);
    let outcomes = session.invoke().call_many(calls, most).await;
    let outcome = |outcome: Result<exchange::Response>| {
        let outcome = outcome
            .map_or_else(|error| Outcome::Error(error.into()), |a| Outcome::Response(encode(a)));
        InvokeCallOutcome { outcome: Some(outcome) }
    };
    Ok(InvokeCallManyResponse { outcomes: outcomes.into_iter().map(outcome).collect() })
}

fn decode(message: InvokeCallRequest) -> Result<(String, Outgoing)> {
    let request = message
        .request
        .ok_or_else(|| Error::invalid("`request` is missing: set at least `method` and `url`"))?;
    let HttpOutgoing { method, url, headers, body, timeout_millis } = request;
    let headers = headers.into_iter().map(|Pair { name, value }| (name, value)).collect();
    let timeout = timeout_millis.map(Duration::from_millis);
    let parts = Parts { method, url, headers, body: body.into(), timeout };
    Ok((message.target, Outgoing::to_name(parts)?))
}

fn encode(answer: exchange::Response) -> HttpResponse {
    let (head, body) = answer.into_parts();
    let headers = exchange::pairs(&head.headers).into_iter();
    HttpResponse {
        status: u32::from(head.status.as_u16()),
        headers: headers.map(|(name, value)| Pair { name, value }).collect(),
        body,
    }
}
