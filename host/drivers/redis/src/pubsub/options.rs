//! The table of a `redis` store of events: that of every `redis` store, and how many events it keeps.

use std::time::Duration;

use ottavo_core::units::Span;
use ottavo_core::{Error, Result, schema};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::options::RedisOptions;

/// What a store of events has beside the rest.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct PubSubOptions {
    /// For one topic; beyond that, those that every group is done with make room, the oldest first, and
    /// when there are none, publishing answers `exhausted`. Default `100000`.
    #[schemars(range(min = 1))]
    pub(crate) max_events: u64,
    /// How long an event is kept, acknowledged or not. Default `7days`.
    pub(crate) retention: Span,
    /// How often a consumer looks for events that other hosts published. Default `100ms`.
    pub(crate) poll: Span,
}

impl Default for PubSubOptions {
    fn default() -> PubSubOptions {
        PubSubOptions {
            max_events: 100_000,
            retention: Span::secs(7 * 24 * 60 * 60),
            poll: Span(Duration::from_millis(100)),
        }
    }
}

const OWN: [&str; 3] = ["max_events", "retention", "poll"];

impl PubSubOptions {
    /// Takes them out of the table; what is left is that of any store.
    pub(crate) fn split(table: Value) -> Result<(PubSubOptions, Value)> {
        let Value::Object(mut table) = table else {
            return Err(Error::invalid("the store is not a table"));
        };
        let own: Map<String, Value> =
            OWN.iter().filter_map(|name| table.remove_entry(*name)).collect();
        let options: PubSubOptions = ottavo_registry::options(Value::Object(own))?;
        if options.poll.0.is_zero() {
            return Err(Error::invalid("`poll` is zero: redis would be asked all the time"));
        }
        Ok((options, Value::Object(table)))
    }

    pub(crate) fn schema() -> Value {
        let mut all = schema::of::<RedisOptions>();
        let own = schema::of::<PubSubOptions>();
        if let (Some(all), Some(own)) = (
            all.get_mut("properties").and_then(Value::as_object_mut),
            own.get("properties").and_then(Value::as_object),
        ) {
            all.extend(own.clone());
        }
        all
    }
}
