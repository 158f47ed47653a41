//! `[log]`: what the host writes to its standard error.

use crate::section::Section;

/// The words of a level, from the least to the most.
const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

/// The host's own log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    /// A level, or several as `info,function=debug`. Default `info`.
    pub filter: String,
    /// How a line looks. Default `text`.
    pub format: LogFormat,
}

/// How a line of the log looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

impl Log {
    pub(crate) fn read(mut section: Section<'_>) -> Log {
        let mut log = Log::default();
        section.text("filter", "`info` or `info,function=debug`", &mut log.filter, filter);
        let formats = [("text", LogFormat::Text), ("json", LogFormat::Json)];
        section.choice("format", &formats, &mut log.format);
        section.finish();
        log
    }
}

/// Accepts `level` and `target=level`, separated by commas.
fn filter(text: &str) -> Result<String, String> {
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
    Ok(text.to_owned())
}
