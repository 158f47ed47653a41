//! `[shutdown]`: how the host stops.

use ottavo_core::units::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How the host stops.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Shutdown {
    /// For calls under way to end once the host is asked to stop. Default `15s`.
    #[schemars(extend("examples" = ["15s"]))]
    pub grace: Span,
}

impl Default for Shutdown {
    fn default() -> Shutdown {
        Shutdown { grace: Span::secs(15) }
    }
}
