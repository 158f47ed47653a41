//! The table of a `memory` store.

use schemars::JsonSchema;
use serde::Deserialize;

/// There is nothing to choose; a key in the table is a mistake.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MemoryOptions {}
