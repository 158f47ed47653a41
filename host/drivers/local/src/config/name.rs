//! Words of scopes as names of files: what is not a plain letter stands as `%` and two digits.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use ottavo_blocks::config::Scope;

/// The file of a scope within the store's folder.
pub(super) fn path(folder: &Path, scope: &Scope) -> PathBuf {
    let file = format!("{}.toml", encode(scope.label.as_str()));
    folder.join(encode(scope.app_id.as_str())).join(encode(scope.group.as_str())).join(file)
}

/// Never empty, `.` or `..`, never with a separator; no two words are one name.
fn encode(word: &str) -> String {
    let mut name = String::with_capacity(word.len());
    for (at, byte) in word.bytes().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => name.push(char::from(byte)),
            b'.' if at > 0 => name.push('.'),
            // writing to a string cannot fail
            _ => drop(write!(name, "%{byte:02X}")),
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_in_their_folder() {
        for (word, name) in [
            ("default", "default"),
            ("eu-west.1", "eu-west.1"),
            ("..", "%2E."),
            ("../x", "%2E.%2Fx"),
            ("%2E", "%252E"),
            ("ä ", "%C3%A4%20"),
        ] {
            assert_eq!(encode(word), name);
        }
        let scope = Scope::parse("shop", "../g", "l").expect("valid");
        assert_eq!(path(Path::new("/s"), &scope), Path::new("/s/shop/%2E.%2Fg/l.toml"));
        let longest = "ä".repeat(40);
        assert!(encode(&longest).len() + ".toml".len() <= 255);
    }
}
