//! `[[schedule]]`: the times at which a function is called.

use ottavo_calendar::{Cron, Zone};
use ottavo_core::clock::UnixMillis;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::findings::Findings;
use crate::{Backoff, deliveries, rules};

/// One `[[schedule]]` table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// Its name, unique in the function: the event's `origin`.
    #[schemars(extend("format" = "schedule-name", "examples" = ["nightly"]))]
    pub name: String,
    /// When: minute, hour, day, month, day of the week; with seconds before them, or `@daily`.
    pub cron: Cron,
    /// The IANA time zone of those. Default `UTC`.
    #[serde(default, skip_serializing_if = "Zone::is_utc")]
    pub timezone: Zone,
    /// After so many calls without success it is given up until it is due again. Default 3.
    #[serde(default = "max_deliveries", skip_serializing_if = "is_max_deliveries")]
    #[schemars(range(min = 1))]
    pub max_deliveries: u32,
    /// How long it waits before it is called again.
    #[serde(default, skip_serializing_if = "Backoff::is_default")]
    pub backoff: Backoff,
}

const MAX_DELIVERIES: u32 = 3;

fn max_deliveries() -> u32 {
    MAX_DELIVERIES
}

fn is_max_deliveries(value: &u32) -> bool {
    *value == MAX_DELIVERIES
}

impl Schedule {
    /// As [`Cron::next_after`].
    pub fn next_after(&self, now: UnixMillis) -> Option<UnixMillis> {
        self.cron.next_after(&self.timezone, now)
    }

    pub(crate) fn check(&self, path: &str, found: &mut Findings) {
        found.check(format!("{path}.name"), rules::schedule_name(&self.name));
        found.check(format!("{path}.cron"), rules::comes(&self.cron));
        if self.max_deliveries == 0 {
            found.add(format!("{path}.max_deliveries"), deliveries::ZERO.to_owned());
        }
        self.backoff.check(path, found);
    }
}
