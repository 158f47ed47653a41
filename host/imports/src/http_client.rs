//! `ottavo:runtime/http-client`: requests to the outside, and what it shares with `invoke`.

use std::time::Duration;

use ottavo_blocks::exchange::{self, Outgoing, Parts};
use ottavo_core::Result;

use crate::Call;
use crate::answer::Answer;
use crate::bindings::ottavo::runtime::http::Response;
use crate::bindings::ottavo::runtime::http_client::{Host, Outgoing as WitOutgoing};
use crate::error::to_wit;

impl Host for Call {
    async fn send(&mut self, request: WitOutgoing) -> Answer<Response> {
        let (clock, session) = self.door();
        let most = self.most();
        let sent = async { session.egress().send(Outgoing::to_url(parts(request))?, most).await };
        answer(clock.exempt(sent).await)
    }

    async fn send_many(&mut self, requests: Vec<WitOutgoing>) -> Vec<Answer<Response>> {
        let (clock, session) = self.door();
        let most = self.most();
        let requests = requests.into_iter().map(|request| Outgoing::to_url(parts(request)));
        let outcomes = clock.exempt(session.egress().send_many(requests, most)).await;
        outcomes.into_iter().map(answer).collect()
    }
}

/// A request as the guest gave it.
pub(crate) fn parts(request: WitOutgoing) -> Parts {
    let WitOutgoing { method, url, headers, body, timeout } = request;
    Parts { method, url, headers, body, timeout: timeout.map(Duration::from_millis) }
}

/// An outcome as the guest gets it.
pub(crate) fn answer(outcome: Result<exchange::Response>) -> Answer<Response> {
    let (head, body) = outcome.map_err(to_wit)?.into_parts();
    let headers = exchange::pairs(&head.headers);
    Ok(Response { status: head.status.as_u16(), headers, body: body.into() })
}
