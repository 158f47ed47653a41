//! `[http]`: the listener that calls functions.

use std::net::{Ipv4Addr, SocketAddr};

use ottavo_core::units::{ByteCount, Span};

use crate::section::Section;

/// The HTTP trigger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Http {
    /// The address. Port 0 takes a free one. Default `127.0.0.1:2045`.
    pub listen: SocketAddr,
    /// How much an answer says when a function fails. Default `full`.
    pub errors: Errors,
    /// For a request's headers to arrive. Default `10s`.
    pub header_timeout: Span,
    /// For a kept connection to send its next request. Default `60s`.
    pub idle_timeout: Span,
    /// For the next 64 KiB of a request's body to arrive, or its end. Default `30s`.
    pub body_timeout: Span,
    /// Connections open at once. One more takes the place of an idle one, or is answered 503 where
    /// none is idle. Default `4096`.
    pub max_connections: usize,
    /// Headers of one request. Default `100`.
    pub max_headers: usize,
    /// All headers of one request together; at least `8KiB`. Default `64KiB`.
    pub max_header_bytes: ByteCount,
}

/// How much an answer says when a function fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

impl Http {
    pub(crate) fn read(mut section: Section<'_>) -> Http {
        let mut http = Http::default();
        section.text("listen", "`127.0.0.1:2045`", &mut http.listen, loopback);
        let errors = [("full", Errors::Full), ("opaque", Errors::Opaque)];
        section.choice("errors", &errors, &mut http.errors);
        section.span("header_timeout", &mut http.header_timeout);
        section.span("idle_timeout", &mut http.idle_timeout);
        section.span("body_timeout", &mut http.body_timeout);
        section.number("max_connections", 1..=1_000_000, &mut http.max_connections);
        section.number("max_headers", 1..=10_000, &mut http.max_headers);
        let range = ByteCount(8 << 10)..=ByteCount::mib(16);
        section.size_in("max_header_bytes", range, &mut http.max_header_bytes);
        section.finish();
        http
    }
}

/// An address on this machine. Others are refused as long as nothing guards them.
pub(crate) fn loopback(text: &str) -> Result<SocketAddr, String> {
    let shown = text.escape_debug();
    let address: SocketAddr = text.parse().map_err(|_| {
        format!("is `{shown}`: write an address with a port, such as `127.0.0.1:2045`")
    })?;
    match address.ip().is_loopback() {
        true => Ok(address),
        false => Err(format!(
            "is `{shown}`, which other machines reach, and neither tokens nor TLS can guard it \
             yet: use a loopback address such as `127.0.0.1:{}`, behind a proxy if need be",
            address.port()
        )),
    }
}
