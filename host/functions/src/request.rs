//! A request as a trigger hands it over, and the function's answer.

use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;

/// One request, its body whole.
#[derive(Debug)]
pub struct Request {
    /// Method, target and headers as received, without those that concern one connection only.
    pub head: http::request::Parts,
    /// At most the function's `body` limit.
    pub body: Bytes,
    /// What the route's `:name` segments matched, decoded.
    pub params: Vec<(String, String)>,
    /// The route that matched, as written; none for a call by name.
    pub route: Option<String>,
    /// Names the request in every log line.
    pub id: Arc<str>,
    /// Where it came from.
    pub client: Client,
}

/// Who is at the other end of the connection.
#[derive(Clone, Copy, Debug)]
pub struct Client {
    /// Its address; none for a call through the deploy API.
    pub remote: Option<SocketAddr>,
}

/// The function's answer: valid status, valid headers, none that concern one connection only.
pub type Response = http::Response<Bytes>;
