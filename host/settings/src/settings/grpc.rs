//! `[grpc]`: the door for apps.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use ottavo_core::units::{ByteCount, Span};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::http::address;
use crate::TlsFiles;
use crate::format::LISTEN;

/// The longest path that every system takes as a unix socket's address, in bytes.
const LONGEST_SOCKET: usize = 100;

/// The gRPC door.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Grpc {
    /// An address, or `unix:` and a path of up to 100 bytes. One that other machines reach wants an
    /// `[app.NAME]` or `client_ca`, and `tls` or `plaintext`. Default `127.0.0.1:34904`.
    #[schemars(with = "String")]
    #[schemars(extend("format" = LISTEN, "examples" = ["127.0.0.1:34904", "unix:/path"]))]
    pub listen: Listen,
    /// `{ cert = "FILE", key = "FILE", client_ca = "FILE" }`: certificates, in PEM, read again when they
    /// change. With `client_ca`, clients need a certificate of that file. Default: no TLS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls: Option<TlsFiles>,
    /// Whether other machines may reach `listen` without `tls`, as behind a proxy that speaks TLS: tokens
    /// travel for everybody on the way to read. Default `false`.
    pub plaintext: bool,
    /// One message, in each direction. Default `4MiB`.
    #[schemars(extend("x-least" = "1B"))]
    pub max_message: ByteCount,
    /// The longest call: also of a client that asks for more or names no deadline. Default `30s`.
    #[schemars(extend("x-not-zero" = true))]
    pub timeout: Span,
}

/// Where a listener listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listen {
    /// An address.
    Tcp(SocketAddr),
    /// The path of a unix socket.
    Unix(PathBuf),
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Listen::Tcp(address) => address.fmt(f),
            Listen::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

impl Serialize for Listen {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Listen {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Listen, D::Error> {
        listen(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl Default for Grpc {
    fn default() -> Grpc {
        Grpc {
            listen: Listen::Tcp(SocketAddr::from((Ipv4Addr::LOCALHOST, 34904))),
            tls: None,
            plaintext: false,
            max_message: ByteCount::mib(4),
            timeout: Span::secs(30),
        }
    }
}

pub(crate) fn listen(text: &str) -> Result<Listen, String> {
    let Some(path) = text.strip_prefix("unix:") else {
        return address(text).map(Listen::Tcp);
    };
    let shown = text.escape_debug();
    match path.len() {
        0 => Err(format!("is `{shown}`: write the path of a socket after `unix:`")),
        1..=LONGEST_SOCKET => Ok(Listen::Unix(PathBuf::from(path))),
        n => {
            Err(format!("is `{shown}`: {n} bytes, and a socket's path has up to {LONGEST_SOCKET}"))
        }
    }
}
