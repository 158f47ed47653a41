//! What a person reads while it works. Only this file prints.

#![expect(clippy::print_stderr, clippy::print_stdout, reason = "a terminal program talks")]

use std::process::Command;

/// The beginning of a larger piece of work.
pub(crate) fn heading(text: &str) {
    eprintln!("\n==> {text}");
}

/// One line of progress.
pub(crate) fn line(text: impl std::fmt::Display) {
    eprintln!("{text}");
}

/// One line of a result: stdout.
pub(crate) fn result(text: impl std::fmt::Display) {
    println!("{text}");
}

/// A command about to run, as a person would type it.
pub(crate) fn command(command: &Command) {
    eprintln!("  $ {}", typed(command));
}

/// Why the whole did not work: one line per cause.
pub(crate) fn failure(error: &anyhow::Error) {
    eprintln!("error: {error}");
    for cause in error.chain().skip(1) {
        eprintln!("  caused by: {cause}");
    }
}

/// The words of a command, quoted where a shell would need it.
pub(crate) fn typed(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| quoted(&word.to_string_lossy())).collect::<Vec<_>>().join(" ")
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_can_be_pasted_into_a_shell() {
        let mut command = Command::new("curl");
        command.args(["-X", "PUT", "http://127.0.0.1:1/a?name=b", "-d", "it's"]);
        assert_eq!(typed(&command), r"curl -X PUT 'http://127.0.0.1:1/a?name=b' -d 'it'\''s'");
    }
}
