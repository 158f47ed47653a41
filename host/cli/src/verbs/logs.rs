//! `ottavo logs`: what a function has written, and what it goes on to write.

use std::fmt::Write as _;
use std::process::ExitCode;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use clap::{Args, ValueEnum};
use ottavo_control::{LogEnd, LogEntry, LogLevel, LogLine, LogsRequest};
use ottavo_core::FunctionName;
use ottavo_core::units::Span;
use ottavo_settings::Env;

use crate::arguments::HostArguments;
use crate::failure::{Failure, Result};
use crate::output::{self, Format};

#[derive(Args, Debug)]
pub(crate) struct Logs {
    /// The function's name
    name: FunctionName,
    /// Go on with what is written from now on, until the function is deleted or the host stops
    #[arg(short, long)]
    follow: bool,
    /// Only the lines of one request: the `x-request-id` of its answer
    #[arg(long, value_name = "ID")]
    request: Option<String>,
    /// Only lines that are no older than this, such as `5m`
    #[arg(long, value_name = "TIME")]
    since: Option<Span>,
    /// Only lines that matter at least as much
    #[arg(long, value_enum, value_name = "trace|debug|info|warn|error")]
    #[arg(hide_possible_values = true)]
    level: Option<Level>,
    /// Only the last N of the lines that are there already
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    #[command(flatten)]
    host: HostArguments,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Level {
    Trace,
    Debug,
    Info,
    Warn,
    Error,
}

impl From<Level> for LogLevel {
    fn from(level: Level) -> LogLevel {
        match level {
            Level::Trace => LogLevel::Trace,
            Level::Debug => LogLevel::Debug,
            Level::Info => LogLevel::Info,
            Level::Warn => LogLevel::Warn,
            Level::Error => LogLevel::Error,
        }
    }
}

pub(crate) fn run(logs: Logs, format: Format, env: &Env) -> Result<ExitCode> {
    let client = super::client(&logs.host, env)?;
    let since = logs.since.map(|span| SystemTime::now() - span.0.min(CENTURY));
    let request = LogsRequest {
        follow: logs.follow,
        request: logs.request,
        since: since.map(|since| {
            let since = since.duration_since(UNIX_EPOCH).unwrap_or_default();
            u64::try_from(since.as_millis()).unwrap_or_default()
        }),
        level: logs.level.map(LogLevel::from),
        limit: logs.limit,
    };
    let coloured = output::coloured(env);
    super::talk(client.logs(&logs.name, &request, |line| match format {
        Format::Json => Ok(output::goes_out(&[line, b"\n"].concat())),
        Format::Text => Ok(show(&read(line)?, &logs.name, coloured)),
    }))?;
    Ok(ExitCode::SUCCESS)
}

/// The longest time that is looked back.
const CENTURY: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

/// Says a line of a function to the person at the terminal.
pub(super) fn say(line: &[u8]) -> Result<()> {
    if let LogLine::Entry(entry) = read(line)? {
        output::say(text(&entry, false).trim_end());
    }
    Ok(())
}

fn read(line: &[u8]) -> Result<LogLine> {
    serde_json::from_slice(line).map_err(|error| {
        Failure::new(format!("a line of the host cannot be read: {error}"))
            .hint("use an `ottavo` of the host's version")
    })
}

/// Whether somebody still reads.
fn show(line: &LogLine, name: &FunctionName, coloured: bool) -> bool {
    match line {
        LogLine::Entry(entry) => return output::goes_out(text(entry, coloured).as_bytes()),
        LogLine::Dropped { dropped: 1 } => output::say("1 line is not kept any more"),
        LogLine::Dropped { dropped } => {
            output::say(format_args!("{dropped} lines are not kept any more"));
        }
        LogLine::End { end: LogEnd::Deleted } => {
            output::say(format_args!("`{name}` was deleted"));
        }
        LogLine::End { end: LogEnd::Stopping } => output::say("the host stops"),
    }
    true
}

/// Time, level, function and version, request, message and fields; further lines are indented.
fn text(entry: &LogEntry, coloured: bool) -> String {
    let at = UNIX_EPOCH + Duration::from_millis(entry.at);
    let (word, colour) = match entry.level {
        LogLevel::Trace => ("TRACE", "2"),
        LogLevel::Debug => ("DEBUG", "2"),
        LogLevel::Info => ("INFO ", "32"),
        LogLevel::Warn => ("WARN ", "33"),
        LogLevel::Error => ("ERROR", "31"),
    };
    let level = match coloured {
        true => format!("\u{1b}[{colour}m{word}\u{1b}[0m"),
        false => word.to_owned(),
    };
    let LogEntry { function, version, request_id, message, fields, .. } = entry;
    let at = humantime::format_rfc3339_millis(at);
    let (id, message) = (output::printable(request_id), output::printable(message));
    let message = message.replace('\n', "\n    ");
    let mut text = format!("{at} {level} {function}@{version} {id}  {message}");
    for (name, value) in fields {
        let name = output::printable(name);
        _ = write!(text, " {name}={value:?}");
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_time_level_version_request_message_and_fields() {
        let entry = LogEntry {
            at: 1_700_000_000_123,
            level: LogLevel::Warn,
            message: "two\nlines \u{1b}[31m".into(),
            fields: vec![("key".into(), "a b".into())],
            request_id: "r1".into(),
            function: "cart".into(),
            version: 3,
        };
        assert_eq!(
            text(&entry, false),
            "2023-11-14T22:13:20.123Z WARN  cart@3 r1  two\n    lines \\u{1b}[31m key=\"a b\"\n"
        );
        assert!(text(&entry, true).contains("\u{1b}[33mWARN \u{1b}[0m"));
    }
}
