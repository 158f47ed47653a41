//! The tables of `local` stores.

use std::path::PathBuf;

use ottavo_core::units::{ByteCount, Span};
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

/// How a store of events is kept, and how many it keeps for groups that have not acknowledged them.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct PubSubOptions {
    /// Memory for parts of the file, read or about to be written. Default `64MiB`.
    pub(crate) cache: ByteCount,
    /// For one topic; beyond that, publishing to it answers `exhausted`. Default `1000000`.
    #[schemars(range(min = 1))]
    pub(crate) max_events: u64,
    /// For the whole store, data and about 512 bytes for each event; beyond that, publishing answers
    /// `exhausted`. Default `4GiB`.
    pub(crate) max_bytes: ByteCount,
    /// How long an event is kept, from when it was published or its delay ended. Default `7days`.
    pub(crate) retention: Span,
}

impl Default for PubSubOptions {
    fn default() -> PubSubOptions {
        PubSubOptions {
            cache: ByteCount::mib(64),
            max_events: 1_000_000,
            max_bytes: ByteCount::mib(4096),
            retention: Span::secs(7 * 24 * 60 * 60),
        }
    }
}

/// There is nothing to choose for a store of configuration.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConfigOptions {}

/// Where files are kept.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct FileOptions {
    /// The folder, which is for this store alone. Default: one in the data directory.
    pub(crate) root: Option<PathBuf>,
}
