//! Cron expressions.

use std::fmt;
use std::str::FromStr;

use croner::parser::{CronParser, Seconds, Year};
use jiff::{Timestamp, Zoned};
use ottavo_core::clock::UnixMillis;
use ottavo_core::{Error, Result};

use crate::Zone;
use crate::text::as_text;

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

impl Cron {
    /// When it is due next in a time zone, after `now`; none when never again.
    ///
    /// A time that a change of the clocks leaves out is moved behind the change; one that it
    /// repeats comes once, unless the expression says every hour, minute or second.
    pub fn next_after(&self, zone: &Zone, now: UnixMillis) -> Option<UnixMillis> {
        let now = Timestamp::from_millisecond(i64::try_from(now).ok()?).ok()?;
        let next = self.parsed.find_next_occurrence(&Zoned::new(now, zone.zone()), false).ok()?;
        u64::try_from(next.timestamp().as_millisecond()).ok()
    }

    /// Whether it is ever due.
    pub fn comes(&self) -> bool {
        // any time does: an expression that ever fires does so within a cycle of the calendar
        self.next_after(&Zone::default(), A_TIME).is_some()
    }
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

as_text!(Cron, "cron", "30 6 * * MON-FRI");
