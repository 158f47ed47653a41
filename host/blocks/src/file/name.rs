//! Names of files: relative paths that cannot lead out of a store. Parsed once, at the edge.

use std::borrow::Borrow;
use std::fmt;

use ottavo_core::{Error, KeyPrefix, Result};

/// The longest name, in bytes.
const MAX_NAME: usize = 1024;

/// The longest segment, in bytes: what file systems take.
const MAX_SEGMENT: usize = 255;

/// The most segments: what is below so many folders is not listed at the price of so many open files.
const MAX_SEGMENTS: usize = 64;

/// A name: 1 to 1024 bytes of UTF-8, up to 64 segments with `/` between, each of 1 to 255 bytes and neither
/// `.` nor `..`; without NUL, backslash and `||`.
///
/// A driver may join it to a folder: it is neither absolute nor does any segment lead up. Links are
/// the driver's to refuse.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileName(String);

impl FileName {
    /// Accepts a name from a caller.
    ///
    /// # Errors
    /// `invalid-argument` that says which rule is broken.
    pub fn parse(text: impl Into<String>) -> Result<FileName> {
        let text = text.into();
        if text.is_empty() {
            return Err(Error::invalid("a file name is empty: use 1 to 1024 bytes"));
        }
        check_text("file name", &text)?;
        text.split('/').try_for_each(|segment| check_segment(&text, segment))?;
        if text.split('/').count() > MAX_SEGMENTS {
            let shown = text.escape_debug();
            return Err(Error::invalid(format!("the file name `{shown}` has over 64 segments")));
        }
        Ok(FileName(text))
    }

    /// Accepts a name as a backend holds it, for drivers: what [`FileName::within`] made, or another
    /// program wrote. None when no caller could have named it, with whatever prefix.
    pub fn stored(text: impl Into<String>) -> Option<FileName> {
        let text = text.into();
        let own = text.split_once(SEPARATOR).map_or(&*text, |(_, own)| own);
        FileName::parse(own).ok().map(|_| FileName(text))
    }

    /// The name as a store with this prefix holds it.
    #[must_use]
    pub fn within(self, prefix: &KeyPrefix) -> FileName {
        match prefix.is_none() {
            true => self,
            false => FileName(format!("{prefix}{self}")),
        }
    }

    /// The name as callers of a store with this prefix know it; none when none of them can name it.
    pub fn without(self, prefix: &KeyPrefix) -> Option<FileName> {
        FileName::parse(self.0.strip_prefix(prefix.as_str())?).ok()
    }

    /// Checks the beginning of names: what can be followed by more to make one. It may be empty.
    ///
    /// # Errors
    /// `invalid-argument` that says which rule is broken.
    pub fn check_prefix(text: &str) -> Result<()> {
        check_text("prefix", text)?;
        let folders = text.rsplit_once('/').map(|(folders, _)| folders);
        folders.iter().flat_map(|f| f.split('/')).try_for_each(|one| check_segment(text, one))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name as owned text.
    pub fn into_string(self) -> String {
        self.0
    }
}

/// Between the prefix of an app and a name.
const SEPARATOR: &str = "||";

fn check_text(what: &str, text: &str) -> Result<()> {
    if text.len() > MAX_NAME {
        let length = text.len();
        return Err(Error::invalid(format!("a {what} has {length} bytes: use up to {MAX_NAME}")));
    }
    let wrong = [("\0", "a NUL character"), ("\\", "a backslash"), (SEPARATOR, "`||`")];
    match wrong.iter().find(|(pattern, _)| text.contains(pattern)) {
        None => Ok(()),
        Some((_, which)) => {
            let text = text.escape_debug();
            Err(Error::invalid(format!("the {what} `{text}` has {which}, which none may have")))
        }
    }
}

fn check_segment(text: &str, segment: &str) -> Result<()> {
    let wrong = match segment {
        "" => "an empty segment: it is relative, with one `/` between segments".to_owned(),
        "." | ".." => format!("the segment `{segment}`: it cannot lead anywhere else"),
        long if long.len() > MAX_SEGMENT => {
            format!("a segment of {} bytes: use up to {MAX_SEGMENT}", long.len())
        }
        _ => return Ok(()),
    };
    let text = text.escape_debug();
    Err(Error::invalid(format!("the file name `{text}` has {wrong}")))
}

/// A name compares as its text, so that ordered maps of names can be searched by text.
impl Borrow<str> for FileName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_rules() {
        for good in ["a", "a/b.txt", "...", "a/..b", "grüße/\u{10ffff}", "a|b", " ", "a b/-c"] {
            assert!(FileName::parse(good).is_ok(), "{good}");
        }
        assert!(FileName::parse(["x".repeat(255), "y".repeat(255)].join("/")).is_ok());
        assert!(FileName::parse(["a"; 64].join("/")).is_ok());
        let long = ["abcdefghi/abcdefghi"; 58].concat();
        for bad in ["", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/.", "a\0b"]
            .into_iter()
            .chain(["a||b", "a\\b", "C:\\a", &"x".repeat(256), &["a"; 65].join("/"), &long])
        {
            let error = FileName::parse(bad).expect_err(bad);
            assert!(!error.message().contains('\0'), "{error}");
        }
    }

    #[test]
    fn a_prefix_is_the_beginning_of_a_name() {
        for good in ["", "a", "a/", "a/.", "a/..", "."] {
            assert!(FileName::check_prefix(good).is_ok(), "{good}");
        }
        for bad in ["/", "../", "a//", "a/../b", "a||", "a\\", "\0"] {
            assert!(FileName::check_prefix(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn names_of_others_cannot_be_named() {
        let store = "orders".parse().expect("valid");
        let prefix = KeyPrefix::resolve("name", &store, None).expect("valid");
        let held = FileName::parse("a/b").expect("valid").within(&prefix);
        assert_eq!(held.as_str(), "orders||a/b");
        assert_eq!(FileName::stored("orders||a/b"), Some(held.clone()));
        assert_eq!(held.without(&prefix).expect("ours").as_str(), "a/b");
        for other in ["a", "app||a", "orders||a||b"] {
            let stored = FileName::stored(other);
            assert_eq!(stored.and_then(|name| name.without(&prefix)), None, "{other}");
        }
        assert_eq!(FileName::stored("app||../a"), None);
        let none = KeyPrefix::default();
        assert_eq!(FileName::stored("app||a").and_then(|name| name.without(&none)), None);
    }
}
