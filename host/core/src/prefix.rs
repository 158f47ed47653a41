//! What stands before the keys of a store in a backend that several apps share.

use std::fmt;
use std::sync::Arc;

use crate::{Error, Result, StoreName};

/// Between a prefix and a key. No key of a caller has it.
const SEPARATOR: &str = "||";

/// The longest prefix, in bytes.
const MAX: usize = 256;

/// A prefix of keys, with the separator at its end, or none. Cheap to clone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyPrefix(Arc<str>);

impl KeyPrefix {
    /// The longest prefix with its separator, in bytes.
    pub const MAX: usize = MAX + SEPARATOR.len();

    /// Reads what a configuration says: `none`, `appid`, `name` (the store's), or any other text,
    /// which is the prefix itself. As in Layotto, upper case counts as lower case.
    ///
    /// # Errors
    /// `invalid-argument` for `appid` without an app id, and for a prefix that has `||` or begins or
    /// ends with `|`, which would make two keys the same.
    pub fn resolve(text: &str, store: &StoreName, app_id: Option<&str>) -> Result<KeyPrefix> {
        match &*text.to_lowercase() {
            "none" => Ok(KeyPrefix::default()),
            "name" => KeyPrefix::of(store.as_str()),
            "appid" => match app_id {
                Some(app_id) => KeyPrefix::of(app_id),
                None => Err(Error::invalid("there is no `app_id`: set it, or use another prefix")),
            },
            other => KeyPrefix::of(other),
        }
    }

    fn of(text: &str) -> Result<KeyPrefix> {
        let wrong = |rule: &str| {
            let text = text.escape_debug();
            Err(Error::invalid(format!("the prefix of keys `{text}` {rule}")))
        };
        if text.is_empty() {
            return wrong("is empty: use `none` to have none");
        }
        if text.len() > MAX {
            return wrong(&format!("has {} bytes: use up to {MAX}", text.len()));
        }
        if text.contains('\0') {
            return wrong("has a NUL character");
        }
        if text.contains(SEPARATOR) || text.starts_with('|') || text.ends_with('|') {
            return wrong("has `||`, or `|` at an end, which separate it from the key");
        }
        Ok(KeyPrefix(Arc::from(format!("{text}{SEPARATOR}"))))
    }

    /// With the separator; empty for none.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is none.
    pub fn is_none(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for KeyPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(text: &str, app_id: Option<&str>) -> Result<KeyPrefix> {
        KeyPrefix::resolve(text, &"orders".parse().expect("valid"), app_id)
    }

    #[test]
    fn the_words_of_layotto_and_any_text_are_prefixes() {
        for (text, prefix) in [
            ("none", ""),
            ("NONE", ""),
            ("name", "orders||"),
            ("appid", "App1||"),
            ("Shop", "shop||"),
            ("a|b", "a|b||"),
        ] {
            assert_eq!(resolve(text, Some("App1")).expect(text).as_str(), prefix);
        }
    }

    #[test]
    fn a_prefix_that_could_make_two_keys_the_same_is_refused() {
        for bad in ["", "a||b", "a|", "|a", "a\0", &"x".repeat(257)] {
            assert!(resolve(bad, None).is_err(), "{bad}");
        }
        let error = resolve("appid", None).expect_err("no app id");
        assert!(error.message().contains("`app_id`"), "{error}");
    }
}
