//! `[[schedule]]`: the times at which a function is called.

use std::fmt;
use std::str::FromStr;

use croner::parser::{CronParser, Seconds, Year};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{Timestamp, Zoned};
use ottavo_core::clock::UnixMillis;
use ottavo_core::{Error, Result};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Backoff;

/// One `[[schedule]]` table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// Its name, unique in the function: the event's `origin`.
    pub name: String,
    /// When: minute, hour, day, month, day of the week; with seconds before them, or `@daily`.
    pub cron: Cron,
    /// The IANA time zone of those. Default `UTC`.
    #[serde(default, skip_serializing_if = "Zone::is_utc")]
    pub timezone: Zone,
    /// After so many calls without success it is given up until it is due again. Default 3.
    #[serde(default = "max_deliveries", skip_serializing_if = "is_max_deliveries")]
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
    /// When it is due next, after `now`; none when never again.
    ///
    /// A time that a change of the clocks leaves out is moved behind the change; one that it
    /// repeats comes once, unless the expression says every hour, minute or second.
    pub fn next_after(&self, now: UnixMillis) -> Option<UnixMillis> {
        let now = Timestamp::from_millisecond(i64::try_from(now).ok()?).ok()?;
        let now = Zoned::new(now, self.timezone.zone.clone());
        let next = self.cron.parsed.find_next_occurrence(&now, false).ok()?;
        u64::try_from(next.timestamp().as_millisecond()).ok()
    }

    /// # Errors
    /// `invalid-argument` with the path of what is wrong.
    pub(crate) fn check(&self) -> Result<()> {
        let fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
        if self.name.is_empty() || self.name.len() > 63 || !self.name.chars().all(fine) {
            return Err(Error::invalid(format!(
                "`schedule.name` is `{}`: use 1 to 63 of a-z, 0-9, `-` and `_`",
                self.name.escape_debug()
            )));
        }
        // any time does: an expression that ever fires does so within a cycle of the calendar
        if self.next_after(A_TIME).is_none() {
            let cron = &self.cron;
            return Err(Error::invalid(format!("`schedule.cron` is `{cron}`, which never comes")));
        }
        if self.max_deliveries == 0 {
            return Err(Error::invalid("`schedule.max_deliveries` is zero: use 1 or more"));
        }
        self.backoff.check("schedule")
    }
}

/// The beginning of 2026.
const A_TIME: UnixMillis = 1_767_225_600_000;

/// The longest expression, in bytes.
const LONGEST: usize = 256;

/// A cron expression of five fields, or six with seconds first, or `@daily` and its like.
#[derive(Clone, Debug)]
pub struct Cron {
    text: String,
    parsed: croner::Cron,
}

impl FromStr for Cron {
    type Err = Error;

    fn from_str(text: &str) -> Result<Cron> {
        let refused = |why: String| {
            let shown: String = text.chars().take(LONGEST).collect();
            Error::invalid(format!(
                "`{}` is not a cron expression: {why}; write it like `30 6 * * MON-FRI`",
                shown.escape_debug()
            ))
        };
        if text.len() > LONGEST {
            return Err(refused(format!("it is longer than {LONGEST} bytes")));
        }
        let parser =
            CronParser::builder().seconds(Seconds::Optional).year(Year::Disallowed).build();
        let parsed = parser.parse(text).map_err(|error| refused(plain(&error.to_string())))?;
        Ok(Cron { text: text.to_owned(), parsed })
    }
}

/// A message of the parser in the form of ours.
fn plain(message: &str) -> String {
    let message = message.rsplit_once(": ").map_or(message, |(_, rest)| rest);
    let mut letters = message.trim_end_matches('.').chars();
    let first = letters.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}

impl PartialEq for Cron {
    fn eq(&self, other: &Cron) -> bool {
        self.text == other.text
    }
}

impl Eq for Cron {}

impl fmt::Display for Cron {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A time zone of the IANA database.
#[derive(Clone, Debug)]
pub struct Zone {
    name: String,
    zone: TimeZone,
}

impl Zone {
    fn is_utc(&self) -> bool {
        self.name == "UTC"
    }
}

impl Default for Zone {
    fn default() -> Zone {
        Zone { name: "UTC".to_owned(), zone: TimeZone::UTC }
    }
}

impl FromStr for Zone {
    type Err = Error;

    fn from_str(text: &str) -> Result<Zone> {
        // the one in the program: the machine's may differ, and reading it is I/O
        let zone = TimeZoneDatabase::bundled().get(text).map_err(|_| {
            let text: String = text.chars().take(100).collect();
            Error::invalid(format!(
                "`{}` is not a time zone: write one of the IANA names, like `Europe/Berlin`",
                text.escape_debug()
            ))
        })?;
        Ok(Zone { name: text.to_owned(), zone })
    }
}

impl PartialEq for Zone {
    fn eq(&self, other: &Zone) -> bool {
        self.name == other.name
    }
}

impl Eq for Zone {}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

macro_rules! as_text {
    ($($type:ident),*) => {$(
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<$type, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

as_text!(Cron, Zone);

#[cfg(test)]
mod tests;
