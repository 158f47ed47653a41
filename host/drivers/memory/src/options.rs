//! The table of a `memory` store.

use serde::Deserialize;

/// There is nothing to choose; a key in the table is a mistake.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MemoryOptions {}
