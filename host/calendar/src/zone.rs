//! Time zones.

use std::fmt;
use std::str::FromStr;

use jiff::tz::{TimeZone, TimeZoneDatabase};
use ottavo_core::{Error, Result};

use crate::text::as_text;

/// A time zone of the IANA database.
#[derive(Clone, Debug)]
pub struct Zone {
    name: String,
    zone: TimeZone,
}

impl Zone {
    pub(crate) fn zone(&self) -> TimeZone {
        self.zone.clone()
    }

    /// Whether it is the one that stands where none is named.
    pub fn is_utc(&self) -> bool {
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

as_text!(Zone, "time-zone", "Europe/Berlin");
