//! `[[subscribe]]`: the topics whose events a function receives.

use std::time::Duration;

use ottavo_core::StoreName;
use ottavo_core::units::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::findings::Findings;
use crate::rules::Named;
use crate::{Backoff, deliveries, rules};

/// One `[[subscribe]]` table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Subscribe {
    /// The pub/sub store.
    #[schemars(with = "String", extend("format" = "store-name", "examples" = ["default"]))]
    pub pubsub: StoreName,
    /// The topic.
    #[schemars(extend("format" = "named", "examples" = ["orders"]))]
    pub topic: String,
    /// The consumer group: each group gets each event once. Default: the function's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Named>")]
    pub group: Option<String>,
    /// Where a group begins that is new to the store.
    #[serde(default, skip_serializing_if = "From::is_default")]
    pub from: From,
    /// How many events one host handles at a time: 1 to 1000. Default 8.
    #[serde(default = "concurrency", skip_serializing_if = "is_concurrency")]
    #[schemars(range(min = 1, max = 1000))]
    pub concurrency: u32,
    /// How long an event is this host's before another one may take it. It is renewed while the
    /// function runs. Default `30s`.
    #[serde(default = "lease", skip_serializing_if = "is_lease")]
    #[schemars(extend("x-least" = "1s", "x-most" = "1h"))]
    pub lease: Span,
    /// After so many deliveries without success it is given up. Default 10.
    #[serde(default = "deliveries::default", skip_serializing_if = "deliveries::is_default")]
    #[schemars(range(min = 1))]
    pub max_deliveries: u32,
    /// How long it waits before it is delivered again.
    #[serde(default, skip_serializing_if = "Backoff::is_default")]
    pub backoff: Backoff,
    /// The topic, of the same store, for events that are dropped or given up. None: they are lost,
    /// with a line in the function's log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Named>")]
    pub dead_letter: Option<String>,
}

/// Where a consumer group begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum From {
    /// With what is published from then on.
    #[default]
    New,
    /// With the oldest event that the store still keeps.
    Oldest,
}

impl From {
    fn is_default(&self) -> bool {
        *self == From::default()
    }
}

const CONCURRENCY: u32 = 8;
const LEASE: Span = Span::secs(30);

fn concurrency() -> u32 {
    CONCURRENCY
}

fn lease() -> Span {
    LEASE
}

fn is_concurrency(value: &u32) -> bool {
    *value == CONCURRENCY
}

fn is_lease(value: &Span) -> bool {
    *value == LEASE
}

impl Subscribe {
    pub(crate) fn check(&self, path: &str, found: &mut Findings) {
        found.check(format!("{path}.topic"), rules::named(&self.topic));
        if let Some(group) = &self.group {
            found.check(format!("{path}.group"), rules::named(group));
        }
        if let Some(topic) = &self.dead_letter {
            let path = format!("{path}.dead_letter");
            found.check(path.clone(), rules::named(topic));
            if *topic == self.topic {
                let topic = topic.escape_debug();
                found.add(path, format!("is `{topic}`, the topic itself: name another one"));
            }
        }
        if !(1..=1000).contains(&self.concurrency) {
            let message = format!("is {}: use 1 to 1000", self.concurrency);
            found.add(format!("{path}.concurrency"), message);
        }
        if !(Duration::from_secs(1)..=Duration::from_secs(3600)).contains(&self.lease.0) {
            found.add(format!("{path}.lease"), format!("is {}: use 1s to 1h", self.lease));
        }
        if self.max_deliveries == 0 {
            found.add(format!("{path}.max_deliveries"), deliveries::ZERO.to_owned());
        }
        self.backoff.check(path, found);
    }

    /// The same for two tables that would share their events.
    pub(crate) fn place(&self) -> (&StoreName, &str, Option<&str>) {
        (&self.pubsub, &self.topic, self.group.as_deref())
    }
}
