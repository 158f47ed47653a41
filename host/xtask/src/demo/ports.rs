//! The three ports of a host: the usual ones, or free ones when somebody has them.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use anyhow::{Context, Result};

/// Where the host of the demo listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ports {
    pub(super) http: SocketAddr,
    pub(super) grpc: SocketAddr,
    pub(super) actuator: SocketAddr,
}

impl Ports {
    /// Those of a host without configuration.
    pub(super) fn usual() -> Self {
        Self { http: loopback(2045), grpc: loopback(34904), actuator: loopback(34999) }
    }

    /// Any three that are free now.
    pub(super) fn free() -> Result<Self> {
        // held together, so that they differ
        let held = [(); 3].map(|()| TcpListener::bind(loopback(0)));
        let [http, grpc, actuator] = held.map(|held| held.and_then(|held| held.local_addr()));
        let why = "find a free port";
        Ok(Self {
            http: http.context(why)?,
            grpc: grpc.context(why)?,
            actuator: actuator.context(why)?,
        })
    }

    /// The first of them that somebody else has.
    pub(super) fn taken(&self) -> Option<SocketAddr> {
        let all = [self.http, self.grpc, self.actuator];
        all.into_iter().find(|address| TcpListener::bind(address).is_err())
    }

    /// The tables of `ottavo.toml` that say the same.
    pub(super) fn as_toml(&self) -> String {
        let Self { http, grpc, actuator } = self;
        format!(
            "[http]\nlisten = \"{http}\"\n\n[grpc]\nlisten = \"{grpc}\"\n\n\
             [actuator]\nlisten = \"{actuator}\"\n"
        )
    }
}

fn loopback(port: u16) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_seen() {
        let ports = Ports::free().unwrap();
        assert_eq!(ports.taken(), None);
        let held = TcpListener::bind(ports.grpc).unwrap();
        assert_eq!(ports.taken(), Some(ports.grpc));
        drop(held);
    }
}
