//! `[actuator]`: health, info and metrics, read-only.

use std::net::{Ipv4Addr, SocketAddr};

use ottavo_core::units::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::format::LOOPBACK;

/// The actuator's listener, and what it knows of the stores.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Actuator {
    /// The address. Loopback only. Port 0 takes a free one. Default `127.0.0.1:34999`.
    #[schemars(with = "String", extend("format" = LOOPBACK, "examples" = ["127.0.0.1:34999"]))]
    pub listen: SocketAddr,
    /// How often each store is asked how it is; at least `100ms`. Default `5s`.
    #[schemars(extend("x-least" = "100ms"))]
    pub probe_interval: Span,
}

impl Default for Actuator {
    fn default() -> Actuator {
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 34999));
        Actuator { listen, probe_interval: Span::secs(5) }
    }
}
