//! Functions called by name: by other functions, by apps, by the operator.

use async_trait::async_trait;
use bytes::Bytes;
use http::Request as HttpRequest;
use ottavo_api::Invoker;
use ottavo_core::{CallContext, Error, FunctionName, Kind, Result};
use tokio::time::Instant;

use crate::{Client, Failure, Functions, Request, Response, Target};
use std::sync::Arc;

impl Functions {
    /// Calls a function by its name, with the parameters of its own route where the path fits one.
    ///
    /// # Errors
    /// As [`Target::call`], and `too-large` for a body over the function's limit.
    pub async fn call_by_name(
        &self,
        target: &Target,
        request: HttpRequest<Bytes>,
        id: Arc<str>,
        client: Client,
    ) -> Result<Response, Failure> {
        let (head, body) = request.into_parts();
        let cap = target.limits().body;
        if body.len() as u64 > cap.0 {
            let message = format!("the body is over the limit of `{}`, {cap}", target.name());
            let error = Error::new(Kind::TooLarge, message).with_detail("limit", cap.0.to_string());
            return Err(Failure::of_function(target.name(), target.version(), error));
        }
        let fits = self.route(None, &head.method, head.uri.path(), &head.headers);
        let (params, route) = match fits {
            Ok(routed) if routed.target.name() == target.name() => {
                (routed.params, Some(routed.route))
            }
            _ => (Vec::new(), None),
        };
        let measure = Arc::clone(target.meter()).begin(head.method.as_str());
        let begun = Instant::now();
        let called = target.call(Request { head, body, params, route, id, client }).await;
        let status =
            called.as_ref().map_or_else(|failure| failure.status, |answer| answer.status());
        measure.answered(status.as_u16(), begun.elapsed());
        called
    }
}

#[async_trait]
impl Invoker for Functions {
    fn has(&self, function: &str) -> bool {
        self.by_name(function).is_ok()
    }

    async fn invoke(
        &self,
        cx: &CallContext,
        function: &FunctionName,
        request: HttpRequest<Bytes>,
    ) -> Result<Response> {
        let target = self.called(function.as_str(), request.headers())?;
        let (id, client) = (Arc::clone(&cx.request_id), Client::Caller(cx.clone()));
        let called = self.call_by_name(&target, request, id, client).await;
        called.map_err(|failure| failure.error.with_detail("function", function.as_str()))
    }
}
