//! `[egress]`: requests of functions to the outside.

use std::path::PathBuf;

use ottavo_core::units::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::format::PATH;

/// Requests of functions to the outside.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Egress {
    /// A PEM file with the certificates that may have signed those of `https` servers. Default: those
    /// that this machine trusts.
    #[schemars(extend("format" = PATH))]
    pub ca: Option<PathBuf>,
    /// For a connection to be made, with the look-up of the name and TLS. Default `2s`.
    #[schemars(extend("x-least" = "1ms", "examples" = ["2s"]))]
    pub connect_timeout: Span,
    /// How long a connection waits for its next request. Default `1m`.
    #[schemars(extend("x-least" = "1ms", "examples" = ["1m"]))]
    pub idle_timeout: Span,
    /// Connections to one server that wait. Default `32`.
    #[schemars(range(min = 0, max = 10_000))]
    pub max_idle: usize,
}

impl Default for Egress {
    fn default() -> Egress {
        Egress {
            ca: None,
            connect_timeout: Span::secs(2),
            idle_timeout: Span::secs(60),
            max_idle: 32,
        }
    }
}
