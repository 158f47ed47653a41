//! What a function has written.

use ottavo_core::clock::UnixMillis;
use serde::{Deserialize, Serialize};

/// Which lines are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogsRequest {
    /// Whether to go on with what is written from now on.
    pub follow: bool,
    /// Only those of this request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// Only those since then, in milliseconds since the Unix epoch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<UnixMillis>,
    /// Only those that matter at least as much.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<LogLevel>,
    /// Only the last ones of those that are there already.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
}

/// How much a line matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    /// Each step.
    Trace,
    /// For whoever looks for a fault.
    Debug,
    /// What happened; also each line of standard output.
    Info,
    /// Something unexpected, handled; also each line of standard error.
    Warn,
    /// A person must look.
    Error,
}

/// One line of the answer, which has one JSON document a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum LogLine {
    /// A line of the function.
    Entry(LogEntry),
    /// So many lines are not kept any more: the reader, or the wish, came too late.
    Dropped {
        /// Their number.
        dropped: u64,
    },
    /// Nothing more will come, when lines were to be followed.
    End {
        /// Why.
        end: LogEnd,
    },
}

/// Why there are no more lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogEnd {
    /// The function was deleted.
    Deleted,
    /// The host stops.
    Stopping,
}

/// What a function wrote, or what the host says of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogEntry {
    /// When, in milliseconds since the Unix epoch.
    pub at: UnixMillis,
    /// How much it matters.
    pub level: LogLevel,
    /// For people.
    pub message: String,
    /// For programs, in the order given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<(String, String)>,
    /// The request during which it was written.
    pub request_id: String,
    /// Whose it is.
    pub function: String,
    /// Which version.
    pub version: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_of_an_answer_are_told_apart() {
        let entry = LogEntry {
            at: 1,
            level: LogLevel::Warn,
            message: "m".into(),
            fields: vec![("dropped".into(), "7".into())],
            request_id: "r".into(),
            function: "f".into(),
            version: 2,
        };
        let lines = [
            LogLine::Entry(entry),
            LogLine::Dropped { dropped: 3 },
            LogLine::End { end: LogEnd::Stopping },
        ];
        for line in lines {
            let text = serde_json::to_string(&line).expect("writes");
            assert_eq!(serde_json::from_str::<LogLine>(&text).expect("reads"), line, "{text}");
        }
    }
}
