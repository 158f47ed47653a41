//! The tables of `memory` stores.

use std::collections::BTreeMap;

use ottavo_core::Secret;
use ottavo_core::units::{ByteCount, Span};
use schemars::JsonSchema;
use serde::Deserialize;

/// There is nothing to choose; a key in the table is a mistake.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MemoryOptions {}

/// How many events a store keeps for groups that have not acknowledged them.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct PubSubOptions {
    /// For one topic; beyond that, publishing to it answers `exhausted`. Default `100000`.
    #[schemars(range(min = 1))]
    pub(crate) max_events: u64,
    /// For the whole store, data and about 512 bytes for each event; beyond that, publishing answers
    /// `exhausted`. Default `256MiB`.
    pub(crate) max_bytes: ByteCount,
    /// How long an event is kept, from when it was published or its delay ended. Default `7days`.
    pub(crate) retention: Span,
}

impl Default for PubSubOptions {
    fn default() -> PubSubOptions {
        PubSubOptions {
            max_events: 100_000,
            max_bytes: ByteCount::mib(256),
            retention: Span::secs(7 * 24 * 60 * 60),
        }
    }
}

/// The table of a store of secrets.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct SecretOptions {
    /// The secrets by name: `"db/password" = "..."`. Default: none.
    pub(crate) values: BTreeMap<String, Secret<String>>,
}
