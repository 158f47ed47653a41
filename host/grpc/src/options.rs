//! What the door needs to know.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use ottavo_core::units::{ByteCount, Span};
use ottavo_identity::TlsFiles;

/// The gRPC door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Where to listen. Default: 127.0.0.1:34904.
    pub listen: Listen,
    /// The certificates; none: it does not speak TLS. Default: none.
    pub tls: Option<TlsFiles>,
    /// The largest message, in each direction. Default: 4 MiB, which is what gRPC clients take; the
    /// largest value of a block leaves room in it for the rest of the message.
    pub max_message: ByteCount,
    /// The longest a call may take, for clients that name no deadline, or a later one. Default:
    /// 30 s.
    pub timeout: Span,
    /// Connections at a time; further ones are closed at once. Default: 1024.
    pub max_connections: usize,
    /// Calls at a time on one connection; clients queue further ones. Default: 256.
    pub max_streams: u32,
    /// How long a new connection may stay silent before its first bytes are complete. Default:
    /// 10 s.
    pub opening_timeout: Span,
    /// How often a quiet connection is asked for a sign of life. Default: 30 s.
    pub keep_alive: Span,
    /// How long it may take to give one before it is closed. Default: 20 s.
    pub keep_alive_timeout: Span,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            listen: Listen::Tcp(SocketAddr::from((Ipv4Addr::LOCALHOST, 34904))),
            tls: None,
            max_message: ByteCount::mib(4),
            timeout: Span::secs(30),
            max_connections: 1024,
            max_streams: 256,
            opening_timeout: Span::secs(10),
            keep_alive: Span::secs(30),
            keep_alive_timeout: Span::secs(20),
        }
    }
}

/// Where the door listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listen {
    /// An address; port 0 takes any free one.
    Tcp(SocketAddr),
    /// The path of a unix socket that only the host's own user can open.
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
