//! `[[binding]]`: the bindings through which events come in.

use ottavo_core::StoreName;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::findings::Findings;
use crate::{Backoff, deliveries};

/// One `[[binding]]` table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Binding {
    /// The binding.
    #[schemars(with = "String", extend("format" = "store-name", "examples" = ["default"]))]
    pub name: StoreName,
    /// After so many deliveries without success an event is given up. Default 10.
    #[serde(default = "deliveries::default", skip_serializing_if = "deliveries::is_default")]
    #[schemars(range(min = 1))]
    pub max_deliveries: u32,
    /// How long it waits before it is delivered again.
    #[serde(default, skip_serializing_if = "Backoff::is_default")]
    pub backoff: Backoff,
}

impl Binding {
    pub(crate) fn check(&self, path: &str, found: &mut Findings) {
        if self.max_deliveries == 0 {
            found.add(format!("{path}.max_deliveries"), deliveries::ZERO.to_owned());
        }
        self.backoff.check(path, found);
    }
}
