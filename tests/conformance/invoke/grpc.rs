//! Apps and functions behind the gRPC door.

use async_trait::async_trait;
use http::{HeaderName, HeaderValue};
use ottavo_blocks::exchange::{Response, pairs};
use ottavo_blocks::invoke::{AppId, Call, Capability, Invoke};
use ottavo_core::{CallContext, Error, Result};
use ottavo_wire::from_status;
use ottavo_wire::v1::invoke_call_outcome::Outcome;
use ottavo_wire::v1::invoke_client::InvokeClient;
use ottavo_wire::v1::{HttpOutgoing, HttpResponse, InvokeCallManyRequest, InvokeCallRequest, Pair};
use tonic::transport::Channel;

use super::relay::Naming;

/// Calls through a host.
pub(crate) struct GrpcInvoke {
    pub(crate) channel: Channel,
    pub(crate) target: Naming,
    pub(crate) capabilities: &'static [Capability],
}

impl GrpcInvoke {
    fn client(&self) -> InvokeClient<Channel> {
        InvokeClient::new(self.channel.clone()).max_decoding_message_size(8 << 20)
    }

    fn request(&self, cx: &CallContext, app: &AppId, call: Call) -> InvokeCallRequest {
        let (head, body) = call.request.into_parts();
        let pair = |(name, value)| Pair { name, value };
        let request = HttpOutgoing {
            method: head.method.to_string(),
            url: head.uri.to_string(),
            headers: pairs(&head.headers).into_iter().map(pair).collect(),
            body,
            timeout_millis: Some(millis(cx)),
        };
        InvokeCallRequest { target: (self.target)(app), request: Some(request) }
    }
}

/// What is left, for a door to be told.
pub(super) fn millis(cx: &CallContext) -> u64 {
    u64::try_from(cx.remaining().as_millis()).expect("cases wait for seconds")
}

/// The answer that a door encoded.
pub(super) fn response(
    status: u16,
    headers: Vec<(String, String)>,
    body: bytes::Bytes,
) -> Response {
    let mut response = http::Response::new(body);
    *response.status_mut() = status.try_into().unwrap();
    for (name, value) in headers {
        let name = HeaderName::try_from(name).unwrap();
        response.headers_mut().append(name, HeaderValue::try_from(value).unwrap());
    }
    response
}

fn decode(answer: HttpResponse) -> Response {
    let headers = answer.headers.into_iter().map(|Pair { name, value }| (name, value)).collect();
    response(u16::try_from(answer.status).unwrap(), headers, answer.body)
}

#[async_trait]
impl Invoke for GrpcInvoke {
    fn capabilities(&self) -> &'static [Capability] {
        self.capabilities
    }

    fn knows(&self, _app: &AppId) -> bool {
        true
    }

    async fn call(&self, cx: &CallContext, app: &AppId, call: Call) -> Result<Response> {
        let answer = self.client().call(self.request(cx, app, call)).await;
        let answer = answer.map_err(|status| from_status(&status))?.into_inner();
        Ok(decode(answer.response.expect("an answer")))
    }

    async fn call_many(
        &self,
        cx: &CallContext,
        calls: Vec<(AppId, Call)>,
    ) -> Vec<Result<Response>> {
        let calls = calls.into_iter().map(|(app, call)| self.request(cx, &app, call)).collect();
        let answer = self.client().call_many(InvokeCallManyRequest { calls }).await;
        let outcomes = answer.expect("a call of many does not fail as a whole").into_inner();
        let decode = |outcome| match outcome {
            Outcome::Response(answer) => Ok(decode(answer)),
            Outcome::Error(error) => Err(Error::from(error)),
        };
        let outcomes = outcomes.outcomes.into_iter();
        outcomes.map(|outcome| decode(outcome.outcome.expect("an outcome"))).collect()
    }
}
