//! `[http]`: the listener that calls functions.

use std::net::{Ipv4Addr, SocketAddr};

use ottavo_core::units::{ByteCount, Span};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::TlsFiles;
use crate::format::ADDRESS;

/// The HTTP trigger.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Http {
    /// The address; HTTP/1.1 and HTTP/2. One that other machines reach wants `tls`, or `plaintext`. Port 0
    /// takes a free one. Default `127.0.0.1:2045`.
    #[schemars(with = "String", extend("format" = ADDRESS, "examples" = ["127.0.0.1:2045"]))]
    pub listen: SocketAddr,
    /// `{ cert = "FILE", key = "FILE", client_ca = "FILE" }`: certificates, in PEM, read again when they
    /// change. With `client_ca`, clients need a certificate of that file. Default: no TLS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls: Option<TlsFiles>,
    /// Whether other machines may reach `listen` without `tls`, as behind a proxy that speaks TLS. Default
    /// `false`.
    pub plaintext: bool,
    /// Whether a proxy in front begins each connection with a header of the PROXY protocol, version 1 or 2,
    /// which says who the client is; before TLS. Connections without are closed. Default `false`.
    pub proxy_protocol: bool,
    /// `full`: an answer shows a panic's text and place to clients on loopback that no proxy speaks
    /// for. `opaque`: never. The log has both. Default `full`.
    pub errors: Errors,
    /// For a request's headers to arrive. Default `10s`.
    #[schemars(extend("x-not-zero" = true))]
    pub header_timeout: Span,
    /// For a kept connection to send its next request. Default `1m`.
    #[schemars(extend("x-not-zero" = true))]
    pub idle_timeout: Span,
    /// For the next 64 KiB of a request's body to arrive, or its end. Default `30s`.
    #[schemars(extend("x-not-zero" = true))]
    pub body_timeout: Span,
    /// Open at once. One more takes the place of an idle one, or is answered 503 where
    /// none is idle. Default `4096`.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub max_connections: usize,
    /// Headers of one request. Default `100`.
    #[schemars(range(min = 1, max = 10_000))]
    pub max_headers: usize,
    /// All headers of one request together; from `8KiB` to `16MiB`. Default `64KiB`.
    #[schemars(extend("x-least" = "8KiB", "x-most" = "16MiB", "examples" = ["64KiB"]))]
    pub max_header_bytes: ByteCount,
}

/// How much an answer says when a function fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Errors {
    /// The panic's text and place, to clients on loopback that no proxy speaks for.
    Full,
    /// The kind, the message and the request id: the rest is in the log.
    Opaque,
}

impl Default for Http {
    fn default() -> Http {
        Http {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 2045)),
            tls: None,
            plaintext: false,
            proxy_protocol: false,
            errors: Errors::Full,
            header_timeout: Span::secs(10),
            idle_timeout: Span::secs(60),
            body_timeout: Span::secs(30),
            max_connections: 4096,
            max_headers: 100,
            max_header_bytes: ByteCount(64 << 10),
        }
    }
}

/// An address with a port.
pub(crate) fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| {
        let shown = text.escape_debug();
        format!("is `{shown}`: write an address with a port, such as `127.0.0.1:2045`")
    })
}
