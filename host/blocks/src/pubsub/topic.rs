//! What callers name: topics and groups. Parsed once, at the edge.

use std::fmt;

use ottavo_core::{Error, KeyPrefix, Result};

/// The longest name, in bytes.
const MAX: usize = 4096;

/// A topic: 1 to 4096 bytes of UTF-8, without NUL and without `||`, which separates it from the prefix
/// of its app in shared backends.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Topic {
    text: String,
    /// Where the name begins, after the prefix.
    name: usize,
}

impl Topic {
    /// Accepts a topic from a caller.
    ///
    /// # Errors
    /// `invalid-argument` that says which rule is broken.
    pub fn parse(text: impl Into<String>) -> Result<Topic> {
        let text = text.into();
        check("topic", &text)?;
        Ok(Topic { text, name: 0 })
    }

    /// The topic as a store with this prefix holds it.
    #[must_use]
    pub fn within(self, prefix: &KeyPrefix) -> Topic {
        let text = match prefix.is_none() {
            true => self.text,
            false => format!("{prefix}{}", self.text),
        };
        Topic { text, name: self.name + prefix.as_str().len() }
    }

    /// The topic with its prefix: what names it in the backend.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The topic as callers name it.
    pub fn name(&self) -> &str {
        &self.text[self.name..]
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Those who share a topic's events, by the name of their function or app: as a topic, 1 to 4096
/// bytes, without NUL and without `||`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Group(String);

impl Group {
    /// Accepts a group's name.
    ///
    /// # Errors
    /// `invalid-argument` that says which rule is broken.
    pub fn parse(text: impl Into<String>) -> Result<Group> {
        let text = text.into();
        check("group", &text)?;
        Ok(Group(text))
    }

    /// The group as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

pub(super) fn check(what: &str, text: &str) -> Result<()> {
    let length = text.len();
    if length == 0 || length > MAX {
        return Err(Error::invalid(format!("the {what} has {length} bytes: use 1 to {MAX}")));
    }
    let rule = match text {
        _ if text.contains('\0') => "has a NUL character",
        _ if text.contains("||") => "has `||`, which is reserved",
        _ => return Ok(()),
    };
    Err(Error::invalid(format!("the {what} `{}` {rule}", text.escape_debug())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_and_groups_have_rules() {
        for good in ["a", "a/b|c", "../x", "日本語", &"x".repeat(4096)] {
            assert!(Topic::parse(good).is_ok() && Group::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "a||b", "a\0b", &"x".repeat(4097)] {
            assert!(Topic::parse(bad).is_err() && Group::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_prefix_names_it_in_the_backend_alone() {
        let store = "orders".parse().expect("valid");
        let prefix = KeyPrefix::resolve("shop", &store, None).expect("valid");
        let topic = Topic::parse("paid").expect("valid").within(&prefix);
        assert_eq!((topic.as_str(), topic.name()), ("shop||paid", "paid"));
        assert_eq!(topic.to_string(), "paid");
    }
}
