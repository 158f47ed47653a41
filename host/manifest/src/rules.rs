//! What the texts of a manifest must be.

use std::borrow::Cow;
use std::fmt::Display;
use std::str::FromStr;

use ottavo_calendar::{Cron, Zone};
use ottavo_core::{FunctionName, StoreName};
use ottavo_document::{Rules, Shape, format};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::Route;

/// The rules of `function.toml`.
pub(crate) struct ManifestRules;

impl Rules for ManifestRules {
    fn format(&self, shape: Shape<'_>, text: &str) -> Result<(), String> {
        match shape.format() {
            Some("function-name") => parses::<FunctionName>(text),
            Some("store-name") => parses::<StoreName>(text),
            Some("route") => parses::<Route>(text),
            Some("cron") => text.parse().map_err(format::wrong).and_then(|cron| comes(&cron)),
            Some("time-zone") => parses::<Zone>(text),
            Some("named") => named(text),
            Some("scope-word") => scope_word(text),
            Some("schedule-name") => schedule_name(text),
            Some("method") => method(text),
            Some("host") => host(text),
            _ => format::check(shape, text),
        }
    }
}

fn parses<T: FromStr<Err: Display>>(text: &str) -> Result<(), String> {
    text.parse::<T>().map(drop).map_err(format::wrong)
}

/// The longest topic, group and key, in bytes.
const LONGEST: usize = 4096;

/// The longest word of a scope, in bytes.
const LONGEST_WORD: usize = 80;

/// A topic, a group, a key.
pub(crate) fn named(text: &str) -> Result<(), String> {
    match text.is_empty() || text.len() > LONGEST || text.contains('\0') || text.contains("||") {
        true => {
            Err(refused(text, &format!("use 1 to {LONGEST} bytes without NUL and without `||`")))
        }
        false => Ok(()),
    }
}

/// A word of the scope of configuration.
pub(crate) fn scope_word(text: &str) -> Result<(), String> {
    let reserved = text.contains("||") || text.starts_with('|') || text.ends_with('|');
    match text.len() > LONGEST_WORD || text.contains('\0') || reserved {
        true => {
            let accepted = format!(
                "use up to {LONGEST_WORD} bytes without NUL, without `||` and without `|` at an end"
            );
            Err(refused(text, &accepted))
        }
        false => Ok(()),
    }
}

pub(crate) fn schedule_name(text: &str) -> Result<(), String> {
    let fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    match text.is_empty() || text.len() > 63 || !text.chars().all(fine) {
        true => Err(refused(text, "use 1 to 63 of a-z, 0-9, `-` and `_`")),
        false => Ok(()),
    }
}

pub(crate) fn comes(cron: &Cron) -> Result<(), String> {
    match cron.comes() {
        true => Ok(()),
        false => Err(format!("is `{cron}`, which never comes")),
    }
}

pub(crate) fn method(text: &str) -> Result<(), String> {
    match !text.is_empty() && text.bytes().all(|b| b.is_ascii_uppercase() || b == b'-') {
        true => Ok(()),
        false => Err(refused(text, "write it like `GET`")),
    }
}

pub(crate) fn host(text: &str) -> Result<(), String> {
    match text.is_empty() || text.contains([':', '/', ' ']) {
        true => Err(refused(text, "write a name without scheme and port")),
        false => Ok(()),
    }
}

fn refused(text: &str, accepted: &str) -> String {
    let shown: String = text.chars().take(100).collect();
    format!("is `{}`: {accepted}", shown.escape_debug())
}

/// Types that stand for texts of one format, in schemas alone.
macro_rules! formats {
    ($($type:ident = $format:literal,)*) => {$(
        pub(crate) enum $type {}

        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                stringify!($type).into()
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "format": $format })
            }
        }
    )*};
}

formats! {
    Named = "named",
    Method = "method",
    Host = "host",
}
