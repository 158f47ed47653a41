//! What the trigger is told.

use std::net::{Ipv4Addr, SocketAddr};

use ottavo_core::units::{ByteCount, Span};
use ottavo_identity::TlsFiles;

/// How to listen, and what a client may use.
#[derive(Clone, Debug)]
pub struct Config {
    /// The address; port 0 takes a free one. Default `127.0.0.1:2045`.
    pub listen: SocketAddr,
    /// The certificates; none: it does not speak TLS. Default none.
    pub tls: Option<TlsFiles>,
    /// Whether each connection begins with a header of the PROXY protocol. Default no.
    pub proxy_protocol: bool,
    /// How much an answer says when a function fails. Default [`Errors::Full`].
    pub errors: Errors,
    /// For a request's headers to arrive. Default `10s`.
    pub header_timeout: Span,
    /// For the next 64 KiB of a request's body to arrive, or its end. Default `30s`.
    pub body_timeout: Span,
    /// For a kept connection to send its next request. Default `60s`.
    pub idle_timeout: Span,
    /// Connections open at once. One more takes the place of an idle one, or is answered 503 where
    /// none is idle. Default `4096`.
    pub max_connections: usize,
    /// All headers of one request together; at least `8KiB`. Default `64KiB`.
    pub max_header_bytes: ByteCount,
    /// Headers of one request. Default `100`.
    pub max_headers: usize,
}

/// How much an answer says when a function fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Errors {
    /// The panic's text and place, to clients on loopback that no proxy speaks for.
    Full,
    /// The kind, the message and the request id: the rest is in the log.
    Opaque,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 2045)),
            tls: None,
            proxy_protocol: false,
            errors: Errors::Full,
            header_timeout: Span::secs(10),
            body_timeout: Span::secs(30),
            idle_timeout: Span::secs(60),
            max_connections: 4096,
            max_header_bytes: ByteCount(64 << 10),
            max_headers: 100,
        }
    }
}
