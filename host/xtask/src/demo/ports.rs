//! The three ports of a host: the usual ones, or free ones when somebody has them.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use anyhow::{Context, Result};

/// Where the host of the demo listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ports {
    pub(crate) http: SocketAddr,
    pub(crate) grpc: SocketAddr,
    pub(crate) actuator: SocketAddr,
}

impl Ports {
    /// Those of a host without configuration.
    pub(crate) fn usual() -> Self {
        Self { http: loopback(2045), grpc: loopback(34904), actuator: loopback(34999) }
    }

    /// Any three that are free now.
    pub(crate) fn free() -> Result<Self> {
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
    pub(crate) fn taken(&self) -> Option<SocketAddr> {
        let all = [self.http, self.grpc, self.actuator];
        all.into_iter().find(|address| TcpListener::bind(address).is_err())
    }

    /// The flags of `ottavo serve` that say the same; none where they are the usual ones.
    pub(crate) fn flags(&self) -> Vec<String> {
        let Self { http, grpc, actuator } = self;
        if *self == Self::usual() {
            return Vec::new();
        }
        let pairs = [("--http", http), ("--grpc", grpc), ("--actuator", actuator)];
        pairs.into_iter().flat_map(|(flag, at)| [flag.to_owned(), at.to_string()]).collect()
    }
}

fn loopback(port: u16) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_ports_need_no_flags() {
        assert_eq!(Ports::usual().flags(), Vec::<String>::new());
        let ports = Ports { http: loopback(1), ..Ports::usual() };
        assert_eq!(ports.flags()[..2], ["--http", "127.0.0.1:1"]);
    }

    #[test]
    fn a_taken_port_is_seen() {
        let ports = Ports::free().unwrap();
        assert_eq!(ports.taken(), None);
        let held = TcpListener::bind(ports.grpc).unwrap();
        assert_eq!(ports.taken(), Some(ports.grpc));
        drop(held);
    }
}
