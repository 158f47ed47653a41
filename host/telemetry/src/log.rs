//! The host's own log, on its standard error.

use std::io::IsTerminal as _;
use std::str::FromStr as _;

use ottavo_core::{Error, Result};
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry::Registry;

/// How a line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people; coloured when standard error is a terminal.
    Text,
    /// One JSON object a line, fields at its top level.
    Json,
}

/// Writes what passes `filter` to standard error, from now on and for the whole process.
///
/// A process has one log: the first call decides, and later ones change nothing, so that several
/// hosts can run in one process.
///
/// # Errors
/// `invalid-argument` for a filter that is not a level or a list of `target=level`.
pub fn init(filter: &str, format: Format) -> Result<()> {
    let targets = Targets::from_str(filter).map_err(|error| {
        let filter = filter.escape_debug();
        Error::invalid(format!("`{filter}` is not a log filter: write `info` or `target=debug`"))
            .with_source(error)
    })?;
    let colours = std::io::stderr().is_terminal();
    let lines = fmt::layer().with_writer(std::io::stderr).with_ansi(colours);
    let lines = match format {
        Format::Text => lines.boxed(),
        Format::Json => lines.json().flatten_event(true).with_current_span(false).boxed(),
    };
    let subscriber = Registry::default().with(lines.with_filter(targets));
    drop(tracing::subscriber::set_global_default(subscriber));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_host_of_a_process_changes_nothing() {
        assert!(init("info", Format::Text).is_ok());
        assert!(init("warn,function=debug", Format::Json).is_ok());
        assert!(init("function=loud", Format::Text).is_err());
    }
}
