//! Standard output and standard error: the only file that writes to them.
//!
//! A reader that went away (`ottavo list | head -1`) ends the output, not the verb.

use std::fmt::Display;
use std::io::{IsTerminal as _, Write as _};

use clap::ValueEnum;
use ottavo_settings::Env;
use serde::Serialize;

/// How results are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[default]
    Text,
    /// One JSON document a result
    Json,
}

/// Prints a result: as JSON, or what `text` makes of it.
pub(crate) fn result<T: Serialize>(format: Format, value: &T, text: impl FnOnce(&T) -> String) {
    match format {
        Format::Text => data(text(value).as_bytes()),
        Format::Json => json(value),
    }
}

/// Writes bytes to standard output as they are.
pub(crate) fn data(bytes: &[u8]) {
    _ = goes_out(bytes);
}

/// The same, and whether somebody still reads.
pub(crate) fn goes_out(bytes: &[u8]) -> bool {
    let mut out = std::io::stdout().lock();
    out.write_all(bytes).and_then(|()| out.flush()).is_ok()
}

/// Text of others for a terminal: control characters, which could move its cursor or worse, are
/// written out. Lines and tabs stay.
pub(crate) fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' | '\t' => shown.push(character),
            character if character.is_control() => shown.extend(character.escape_default()),
            character => shown.push(character),
        }
    }
    shown
}

/// Whether standard output is a terminal that takes colours (<https://no-color.org>).
pub(crate) fn coloured(env: &Env) -> bool {
    std::io::stdout().is_terminal() && env.get("NO_COLOR").is_none()
}

/// Writes one JSON document and a line's end.
pub(crate) fn json<T: Serialize>(value: &T) {
    let mut line = serde_json::to_vec(value).expect("replies have text keys only");
    line.push(b'\n');
    data(&line);
}

/// Says a line to the person at the terminal.
pub(crate) fn say(line: impl Display) {
    drop(writeln!(std::io::stderr().lock(), "{line}"));
}

/// Begins a line to which the person at the terminal writes the rest.
pub(crate) fn ask(question: &str) {
    let mut err = std::io::stderr().lock();
    drop(write!(err, "{question}").and_then(|()| err.flush()));
}

/// Lines up columns with two spaces between them.
pub(crate) fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max()
    };
    let widths: Vec<_> = (0..columns).map(|column| width(column).unwrap_or_default()).collect();
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    text
}

/// A size for people: `66.1 KiB`.
pub(crate) fn size(bytes: u64) -> String {
    indicatif::BinaryBytes(bytes).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_wrote_cannot_steer_a_terminal() {
        assert_eq!(printable("a\u{1b}[2J\tb\n\rc\u{9b}"), "a\\u{1b}[2J\tb\n\\rc\\u{9b}");
    }

    #[test]
    fn columns_line_up_and_lines_have_no_trailing_spaces() {
        let rows = [["NAME", "ROUTES"], ["a-long-name", ""], ["b", "/b"]];
        let rows: Vec<Vec<String>> = rows.map(|row| row.map(str::to_owned).to_vec()).to_vec();
        assert_eq!(table(&rows), "NAME         ROUTES\na-long-name\nb            /b\n");
    }
}
