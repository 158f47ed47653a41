//! The table of a `cron` store.

use ottavo_calendar::{Cron, Zone};
use ottavo_core::{Error, Result};
use schemars::JsonSchema;
use serde::Deserialize;

/// When it is due.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CronOptions {
    /// Minute, hour, day of the month, month, day of the week; with seconds before them when there are
    /// six; or `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly`.
    pub(crate) schedule: Cron,
    /// The IANA time zone of those. Default `UTC`.
    #[serde(default)]
    pub(crate) timezone: Zone,
}

impl CronOptions {
    pub(crate) fn check(&self) -> Result<()> {
        match self.schedule.comes() {
            true => Ok(()),
            false => {
                let schedule = &self.schedule;
                Err(Error::invalid(format!("`schedule` is `{schedule}`, which never comes")))
            }
        }
    }
}
