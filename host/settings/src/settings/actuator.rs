//! `[actuator]`: health and info, read-only.

use std::net::{Ipv4Addr, SocketAddr};

use super::http::loopback;
use crate::section::Section;

/// The actuator's listener.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actuator {
    /// The address. Port 0 takes a free one. Default `127.0.0.1:34999`.
    pub listen: SocketAddr,
}

impl Default for Actuator {
    fn default() -> Actuator {
        Actuator { listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 34999)) }
    }
}

impl Actuator {
    pub(crate) fn read(mut section: Section<'_>) -> Actuator {
        let mut actuator = Actuator::default();
        section.text("listen", "`127.0.0.1:34999`", &mut actuator.listen, loopback);
        section.finish();
        actuator
    }
}
