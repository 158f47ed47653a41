//! Names, as opendal takes them.

use ottavo_blocks::file::FileName;
use ottavo_core::{Error, Kind, Result};

/// The name as a path of opendal, which would trim spaces at its ends: two names would be one file.
///
/// # Errors
/// `unsupported` for a name with such spaces.
pub(crate) fn path(name: &FileName) -> Result<&str> {
    let text = name.as_str();
    match text.trim() == text {
        true => Ok(text),
        false => Err(spaces("file name", text)),
    }
}

/// The beginning of names as a path. What is found may begin with less.
///
/// # Errors
/// As [`path`], for its beginning.
pub(crate) fn prefix(text: &str) -> Result<&str> {
    match text.trim_start() == text {
        true => Ok(text),
        false => Err(spaces("prefix", text)),
    }
}

/// A name that was found; none for what callers could not open.
pub(crate) fn found(path: &str) -> Option<FileName> {
    FileName::stored(path).filter(|name| self::path(name).is_ok())
}

fn spaces(what: &str, text: &str) -> Error {
    let text = text.escape_debug();
    let message = format!(
        "the {what} `{text}` begins or ends with a space, which this store cannot keep: use a store \
         on `local` or `memory`, or another name"
    );
    Error::new(Kind::Unsupported, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_at_the_ends_are_refused_and_not_trimmed() {
        let name = |text: &str| FileName::parse(text).expect("valid");
        for good in ["a b", "a /b", "a/ b", "grüße"] {
            assert_eq!(path(&name(good)).expect(good), good);
            assert_eq!(found(good), Some(name(good)));
        }
        for bad in [" a", "a ", " ", "a\u{a0}", "\ta", "a/b\n"] {
            assert_eq!(path(&name(bad)).expect_err(bad).kind(), Kind::Unsupported);
            assert_eq!(found(bad), None, "{bad}");
        }
        assert!(prefix("a ").is_ok());
        assert!(prefix(" a").is_err());
    }
}
