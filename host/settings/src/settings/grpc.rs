//! `[grpc]`: the door for apps.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use ottavo_core::units::{ByteCount, Span};

use super::http::loopback;
use crate::section::Section;

/// The longest path that every system takes as a unix socket's address, in bytes.
const LONGEST_SOCKET: usize = 100;

/// The gRPC door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grpc {
    /// The address, or `unix:` and the path of a socket. Default `127.0.0.1:34904`.
    pub listen: Listen,
    /// One message, in each direction. Default `4MiB`.
    pub max_message: ByteCount,
    /// The longest call: also of a client that asks for more or names no deadline. Default `30s`.
    pub timeout: Span,
}

/// Where a listener listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listen {
    /// An address on loopback.
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

impl Default for Grpc {
    fn default() -> Grpc {
        Grpc {
            listen: Listen::Tcp(SocketAddr::from((Ipv4Addr::LOCALHOST, 34904))),
            max_message: ByteCount::mib(4),
            timeout: Span::secs(30),
        }
    }
}

impl Grpc {
    pub(crate) fn read(mut section: Section<'_>) -> Grpc {
        let mut grpc = Grpc::default();
        section.text("listen", "`127.0.0.1:34904` or `unix:/path`", &mut grpc.listen, listen);
        section.size("max_message", &mut grpc.max_message);
        section.span("timeout", &mut grpc.timeout);
        section.finish();
        grpc
    }
}

pub(crate) fn listen(text: &str) -> Result<Listen, String> {
    let Some(path) = text.strip_prefix("unix:") else {
        return loopback(text).map(Listen::Tcp);
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
