//! What the command line prints, word for word: help, errors, results.
//!
//! `UPDATE_EXPECT=1` writes what is printed now to the files beside this one; read the difference before
//! it is committed.

mod errors;
mod help;
mod results;

use std::path::Path;
use std::process::Output;

use expect_test::ExpectFile;
use ottavo_test_support::binary;
use regex::Regex;
use tokio::process::Command;

/// What differs from run to run, and what stands for it.
const VARYING: [(&str, &str); 10] = [
    (r"\b[0-9a-f]{64}\b", "[digest]"),
    (r#""(size|deployed_at)":\d+"#, "\"$1\":0"),
    (r"\d+ seconds? ago +", "[time] ago  "),
    (r"\b[0-9a-f]{12}\b", "[digest]"),
    (r"\b[a-z0-9]{26}\b", "[id]"),
    (r"127\.0\.0\.1:\d+", "127.0.0.1:[port]"),
    (r"\d+(\.\d+)? (B|KiB|MiB)\b", "[size]"),
    (r"deployed .* ago", "deployed [time] ago"),
    (r"in \d+(\.\d+)? m?s\b", "in [time]"),
    (r"\d{4}-\d{2}-\d{2}T[0-9:.]+Z", "[instant]"),
];

/// Compares a text with what is committed; `folder` is where the test works.
fn compare(expected: &ExpectFile, folder: &Path, text: &str) {
    let mut text = text.replace(&folder.display().to_string(), "[folder]");
    for (pattern, instead) in VARYING {
        text = Regex::new(pattern).unwrap().replace_all(&text, instead).into_owned();
    }
    expected.assert_eq(&text);
}

/// Runs the command line in `folder`, away from every host and setting of this machine.
async fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(binary());
    command.args(arguments).current_dir(folder);
    command.env_remove("OTTAVO_HOST").env_remove("OTTAVO_CONFIG").env("NO_COLOR", "1");
    command.env("HOME", folder).env("XDG_DATA_HOME", folder).env("XDG_CACHE_HOME", folder);
    command.output().await.unwrap()
}

/// A command with all that it printed.
fn told(arguments: &[&str], output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let code = output.status.code().unwrap();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    format!("$ ottavo {}\n{out}{err}exit code {code}\n", arguments.join(" "))
}
