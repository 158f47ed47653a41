//! `[log]`: what the host writes to its standard error.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::format::LOG_FILTER;

/// The words of a level, from the least to the most.
const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

/// The host's own log.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// A level (`off`, `error`, `warn`, `info`, `debug`, `trace`), or several as
    /// `info,function=debug`. What functions write has the target `function`. Default `info`.
    #[schemars(extend("format" = LOG_FILTER, "examples" = ["info", "info,function=debug"]))]
    pub filter: String,
    /// `text`, or `json`: one object a line. Default `text`.
    pub format: LogFormat,
}

/// How a line of the log looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people; coloured on a terminal.
    Text,
    /// One JSON object a line.
    Json,
}

impl Default for Log {
    fn default() -> Log {
        Log { filter: "info".to_owned(), format: LogFormat::Text }
    }
}

/// Accepts `level` and `target=level`, separated by commas.
pub(crate) fn filter(text: &str) -> Result<(), String> {
    for directive in text.split(',') {
        let level = match directive.split_once('=') {
            Some((target, level)) if !target.trim().is_empty() => level,
            Some(_) => "",
            None => directive,
        };
        if !LEVELS.contains(&level.trim()) {
            return Err(format!(
                "has `{}`: write a level, or `target=level`, with a level of {}",
                directive.escape_debug(),
                LEVELS.join(", ")
            ));
        }
    }
    Ok(())
}
