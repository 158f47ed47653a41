//! The calls that cases make most.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;
use ottavo_core::context::new_request_id;
use ottavo_core::units::ByteCount;
use ottavo_core::{CallContext, Caller, Result};

use super::{Harness, MOST, PEER};
use crate::exchange::{Outgoing, Parts, Response};
use crate::invoke::{AppId, Call};
use crate::invoke::{Capability, Invoke};
use crate::suite::{self, Verdict, ok};

/// What a case works with. Cases share the peer, which keeps nothing.
pub(crate) struct Space {
    pub(super) store: Arc<dyn Invoke>,
}

impl suite::Space for Space {
    type Store = dyn Invoke;
    type Capability = Capability;

    fn claimed(store: &dyn Invoke) -> &'static [Capability] {
        store.capabilities()
    }

    fn new(_case: &str, harness: &Harness) -> Space {
        Space { store: Arc::clone(&harness.store) }
    }
}

/// An app's id.
pub(super) fn app(id: &str) -> AppId {
    id.parse().expect("cases use valid ids")
}

/// A context with this much time.
pub(super) fn within(timeout: Duration) -> CallContext {
    CallContext::new(new_request_id(), Caller::Anonymous, timeout)
}

/// A call.
pub(super) fn request(method: &str, target: &str, headers: &[(&str, &str)], body: &[u8]) -> Call {
    let headers = headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    let (method, url, body) = (method.to_owned(), target.to_owned(), body.to_vec());
    let parts = Parts { method, url, headers, body, timeout: None };
    let Outgoing { request, .. } = Outgoing::to_name(parts).expect("cases send valid requests");
    Call { request, max_body: ByteCount(MOST) }
}

/// The lines of a header, in order.
pub(super) fn lines<'h>(headers: &'h HeaderMap, name: &str) -> Vec<&'h [u8]> {
    headers.get_all(name).iter().map(http::HeaderValue::as_bytes).collect()
}

impl Space {
    /// Calls the peer.
    pub(super) async fn send(&self, call: Call) -> Result<Response> {
        self.store.call(&within(Duration::from_secs(60)), &app(PEER), call).await
    }

    /// The answer to a `GET`.
    pub(super) async fn get(&self, target: &str) -> Verdict<Response> {
        ok(self.send(request("GET", target, &[], &[])).await, target)
    }

    /// The status and the body of the answer to a `GET`.
    pub(super) async fn got(&self, target: &str) -> Verdict<(u16, Bytes)> {
        let answer = self.get(target).await?;
        Ok((answer.status().as_u16(), answer.into_body()))
    }
}
