//! `[actuator]`: health, info and metrics, read-only.

use std::net::{Ipv4Addr, SocketAddr};

use ottavo_core::units::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::format::ADDRESS;

/// The actuator's listener, and what it knows of the stores.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Actuator {
    /// The address. One that other machines reach wants `public`. Port 0 takes a free one. Default
    /// `127.0.0.1:34999`.
    #[schemars(with = "String", extend("format" = ADDRESS, "examples" = ["127.0.0.1:34999"]))]
    pub listen: SocketAddr,
    /// Whether other machines may read health, info and metrics, without TLS and without a token. Default
    /// `false`.
    pub public: bool,
    /// How often each store is asked how it is; at least `100ms`. Default `5s`.
    #[schemars(extend("x-least" = "100ms"))]
    pub probe_interval: Span,
}

impl Default for Actuator {
    fn default() -> Actuator {
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 34999));
        Actuator { listen, public: false, probe_interval: Span::secs(5) }
    }
}
