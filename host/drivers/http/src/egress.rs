//! Requests of functions to the outside.

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response as HttpResponse};
use ottavo_blocks::egress::{Egress, Rules};
use ottavo_blocks::exchange::{Body, Response};
use ottavo_core::{CallContext, Result};

use crate::client::Client;

#[async_trait]
impl Egress for Client {
    async fn send(
        &self,
        cx: &CallContext,
        request: Request<Bytes>,
        rules: Rules,
    ) -> Result<Response> {
        Client::send(self, cx, request, rules).await
    }

    async fn open(
        &self,
        cx: &CallContext,
        request: Request<Body>,
        rules: Rules,
    ) -> Result<HttpResponse<Body>> {
        Client::open(self, cx, request, rules).await
    }
}
