//! `ottavo:runtime/invoke`: calls to other functions and to apps, by name.

use ottavo_blocks::exchange::Outgoing;

use crate::Call;
use crate::answer::Answer;
use crate::bindings::ottavo::runtime::http::Response;
use crate::bindings::ottavo::runtime::http_client::Outgoing as WitOutgoing;
use crate::bindings::ottavo::runtime::invoke::Host;
use crate::http_client::{answer, parts};

impl Host for Call {
    async fn call(&mut self, target: String, request: WitOutgoing) -> Answer<Response> {
        let (clock, session) = self.door();
        let most = self.most();
        let called = async {
            let outgoing = Outgoing::to_name(parts(request))?;
            session.invoke().call(&target, outgoing, most).await
        };
        answer(clock.exempt(called).await)
    }

    async fn call_many(&mut self, calls: Vec<(String, WitOutgoing)>) -> Vec<Answer<Response>> {
        let (clock, session) = self.door();
        let most = self.most();
        let calls = calls
            .into_iter()
            .map(|(target, request)| Ok((target, Outgoing::to_name(parts(request))?)));
        let outcomes = clock.exempt(session.invoke().call_many(calls, most)).await;
        outcomes.into_iter().map(answer).collect()
    }
}
