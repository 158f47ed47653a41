//! A request as a trigger hands it over, and the function's answer.

use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use ottavo_core::{CallContext, Trace};

/// One request, its body whole unless it says otherwise.
#[derive(Debug)]
pub struct Request<B = Bytes> {
    /// Method, target and headers as received, without those that concern one connection only.
    pub head: http::request::Parts,
    /// At most the function's `body` limit.
    pub body: B,
    /// What the route's `:name` segments matched, decoded.
    pub params: Vec<(String, String)>,
    /// The route that matched, as written; none for a call by name.
    pub route: Option<Arc<str>>,
    /// Names the request in every log line.
    pub id: Arc<str>,
    /// Where it came from.
    pub client: Client,
}

/// Who is at the other end.
#[derive(Clone, Debug)]
pub enum Client {
    /// A connection to a listener.
    Remote {
        /// Where it comes from.
        address: SocketAddr,
        /// Whether it is over TLS.
        tls: bool,
    },
    /// The operator, through the deploy API.
    Operator,
    /// Who calls by name: a function or an app, whose call this one is within.
    Caller(CallContext),
}

impl Client {
    /// The address of the connection.
    pub(crate) fn remote(&self) -> Option<SocketAddr> {
        match self {
            Client::Remote { address, .. } => Some(*address),
            Client::Operator | Client::Caller(_) => None,
        }
    }

    pub(crate) fn has_tls(&self) -> bool {
        matches!(self, Client::Remote { tls: true, .. })
    }

    /// The call that this one is within.
    pub(crate) fn outer(&self) -> Option<&CallContext> {
        match self {
            Client::Caller(cx) => Some(cx),
            Client::Remote { .. } | Client::Operator => None,
        }
    }
}

impl<B> Request<B> {
    /// The same with another body.
    pub fn map<C>(self, change: impl FnOnce(B) -> C) -> Request<C> {
        let Request { head, body, params, route, id, client } = self;
        Request { head, body: change(body), params, route, id, client }
    }

    /// The trace that its headers tell.
    pub(crate) fn trace(&self) -> Trace {
        let fields = &self.head.headers;
        Trace::of(|name| {
            let mut lines = fields.get_all(name).iter().map(|value| value.to_str().ok());
            let first = lines.next()??.to_owned();
            lines.try_fold(first, |all, line| Some(all + "," + line?))
        })
    }
}

/// The function's answer: valid status, valid headers, none that concern one connection only.
pub type Response = http::Response<Bytes>;
