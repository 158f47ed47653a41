//! Requests to the outside: whether a grant covers where they go, by name, and how far a name may reach.

mod grant;

use futures_util::future::BoxFuture;
use ottavo_blocks::egress::Rules;
use ottavo_blocks::exchange::{Body, Outgoing, Response};
use ottavo_core::Result;
use ottavo_core::units::ByteCount;

use crate::{Session, call, many};

pub(crate) use grant::Destination;
pub use grant::EgressGrant;

/// The requests of one session to the outside.
pub struct EgressCalls<'a> {
    session: &'a Session,
}

impl<'a> EgressCalls<'a> {
    pub(crate) fn new(session: &'a Session) -> EgressCalls<'a> {
        EgressCalls { session }
    }

    /// Sends a request, whose answer may have a body of `max_body`. Nothing is added to it: neither
    /// the request id nor the trace is for strangers.
    ///
    /// # Errors
    /// `denied` without a grant for the host, or when its name has an address that the grant does
    /// not cover; what came instead of an answer.
    pub async fn send(&self, outgoing: Outgoing, max_body: ByteCount) -> Result<Response> {
        let Outgoing { request, timeout } = outgoing;
        let cx = self.session.cx.within(timeout);
        let to = Destination::of(request.uri())?;
        let place = to.text();
        let attempt = call::Attempt { block: "http-client", operation: "send", to: &place };
        let run = async {
            let reach = self.session.told(self.session.grants.reach(&cx.caller, &to))?;
            let egress = &self.session.api.outward()?.egress;
            let outbound = &self.session.outbound;
            outbound.request(request.body().len())?;
            let answer = egress.send(&cx, request, Rules { reach, max_body }).await?;
            outbound.bytes(answer.body().len())?;
            Ok(answer)
        };
        let outcome = call::bounded(&cx, run).await;
        call::note(&cx, attempt, &outcome);
        outcome.map_err(|error| call::explain(&cx, attempt, error))
    }

    /// Sends a request while its body comes; its answer may have a body of `max_body`, which comes as
    /// it is read. The same rules as for [`EgressCalls::send`].
    ///
    /// # Errors
    /// As [`EgressCalls::send`].
    pub async fn open(
        &self,
        request: http::Request<Body>,
        max_body: ByteCount,
    ) -> Result<http::Response<Body>> {
        let cx = &self.session.cx;
        let to = Destination::of(request.uri())?;
        let place = to.text();
        let attempt = call::Attempt { block: "http-client", operation: "open", to: &place };
        let run = async {
            let reach = self.session.told(self.session.grants.reach(&cx.caller, &to))?;
            let egress = &self.session.api.outward()?.egress;
            let outbound = &self.session.outbound;
            outbound.request(0)?;
            let request = request.map(|body| outbound.count(body));
            let answer = egress.open(cx, request, Rules { reach, max_body }).await?;
            Ok(answer.map(|body| outbound.count(body)))
        };
        let outcome = call::bounded(cx, run).await;
        call::note(cx, attempt, &outcome);
        outcome.map_err(|error| call::explain(cx, attempt, error))
    }

    /// Several requests at the same time; the answers in the order asked. What a door could not
    /// decode is answered in its place.
    pub async fn send_many(
        &self,
        requests: impl ExactSizeIterator<Item = Result<Outgoing>>,
        max_body: ByteCount,
    ) -> Vec<Result<Response>> {
        let send = |item: Result<Outgoing>| {
            Box::pin(async move { self.send(item?, max_body).await })
                as BoxFuture<'_, Result<Response>>
        };
        many::answers(requests, send, max_body).await
    }
}
