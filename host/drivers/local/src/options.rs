//! The table of a `local` store.

use ottavo_core::units::ByteCount;
use schemars::JsonSchema;
use serde::Deserialize;

/// How a store is kept.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct LocalOptions {
    /// Memory for parts of the file, read or about to be written. Default `64MiB`.
    pub(crate) cache: ByteCount,
}

impl Default for LocalOptions {
    fn default() -> LocalOptions {
        LocalOptions { cache: ByteCount::mib(64) }
    }
}
