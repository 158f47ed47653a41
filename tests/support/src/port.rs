//! Ports of loopback for servers that do not choose their own.

use std::net::{Ipv4Addr, TcpListener};

use anyhow::{Result, bail};
use tokio::net::TcpStream;

/// A port that was free a moment ago; low enough for the bus of a redis cluster, 10,000 above it.
pub(crate) fn free() -> Result<u16> {
    for _ in 0..100 {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let low = 10_000 + port % 40_000;
        if TcpListener::bind((Ipv4Addr::LOCALHOST, low)).is_ok() {
            return Ok(low);
        }
    }
    bail!("no port is free")
}

/// Whether something listens there.
pub(crate) async fn listens(port: u16) -> bool {
    TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_ok()
}
