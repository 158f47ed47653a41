//! `[[subscribe]]`: the topics whose events a function receives.

use std::time::Duration;

use ottavo_core::units::Span;
use ottavo_core::{Error, Result, StoreName};
use serde::{Deserialize, Serialize};

use crate::Backoff;

/// One `[[subscribe]]` table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subscribe {
    /// The pub/sub store.
    pub pubsub: StoreName,
    /// The topic.
    pub topic: String,
    /// The consumer group: each group gets each event once. Default: the function's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Where a group begins that is new to the store.
    #[serde(default, skip_serializing_if = "From::is_default")]
    pub from: From,
    /// How many events one host handles at a time: 1 to 1000. Default 8.
    #[serde(default = "concurrency", skip_serializing_if = "is_concurrency")]
    pub concurrency: u32,
    /// How long an event is this host's before another one may take it. It is renewed while the
    /// function runs. Default `30s`.
    #[serde(default = "lease", skip_serializing_if = "is_lease")]
    pub lease: Span,
    /// After so many deliveries without success it is given up. Default 10.
    #[serde(default = "max_deliveries", skip_serializing_if = "is_max_deliveries")]
    pub max_deliveries: u32,
    /// How long it waits before it is delivered again.
    #[serde(default, skip_serializing_if = "Backoff::is_default")]
    pub backoff: Backoff,
    /// The topic, of the same store, for events that are dropped or given up. None: they are lost,
    /// with a line in the function's log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dead_letter: Option<String>,
}

/// Where a consumer group begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
const MAX_DELIVERIES: u32 = 10;

fn concurrency() -> u32 {
    CONCURRENCY
}

fn lease() -> Span {
    LEASE
}

fn max_deliveries() -> u32 {
    MAX_DELIVERIES
}

fn is_concurrency(value: &u32) -> bool {
    *value == CONCURRENCY
}

fn is_lease(value: &Span) -> bool {
    *value == LEASE
}

fn is_max_deliveries(value: &u32) -> bool {
    *value == MAX_DELIVERIES
}

impl Subscribe {
    /// # Errors
    /// `invalid-argument` with the path of what is wrong.
    pub(crate) fn check(&self) -> Result<()> {
        name("subscribe.topic", &self.topic)?;
        if let Some(group) = &self.group {
            name("subscribe.group", group)?;
        }
        if let Some(topic) = &self.dead_letter {
            name("subscribe.dead_letter", topic)?;
            if *topic == self.topic {
                let topic = topic.escape_debug();
                return Err(Error::invalid(format!(
                    "`subscribe.dead_letter` is `{topic}`, the topic itself: name another one"
                )));
            }
        }
        if !(1..=1000).contains(&self.concurrency) {
            let found = self.concurrency;
            return Err(Error::invalid(format!(
                "`subscribe.concurrency` is {found}: use 1 to 1000"
            )));
        }
        if !(Duration::from_secs(1)..=Duration::from_secs(3600)).contains(&self.lease.0) {
            let found = self.lease;
            return Err(Error::invalid(format!("`subscribe.lease` is {found}: use 1s to 1h")));
        }
        if self.max_deliveries == 0 {
            return Err(Error::invalid("`subscribe.max_deliveries` is zero: use 1 or more"));
        }
        self.backoff.check("subscribe")
    }

    /// The same for two tables that would share their events.
    pub(crate) fn place(&self) -> (&StoreName, &str, Option<&str>) {
        (&self.pubsub, &self.topic, self.group.as_deref())
    }
}

/// The longest topic and group, in bytes.
const LONGEST: usize = 4096;

fn name(path: &str, text: &str) -> Result<()> {
    if text.is_empty() || text.len() > LONGEST || text.contains('\0') || text.contains("||") {
        let text: String = text.chars().take(100).collect();
        return Err(Error::invalid(format!(
            "`{path}` is `{}`: use 1 to {LONGEST} bytes without NUL and without `||`",
            text.escape_debug()
        )));
    }
    Ok(())
}
