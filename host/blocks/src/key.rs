//! What callers name: keys, etags, the size of a page. Parsed once, at the edge.

use std::borrow::Borrow;
use std::fmt;

use ottavo_core::{Error, KeyPrefix, Result};

/// The longest key, in bytes.
const MAX_KEY: usize = 4096;

/// A key: 1 to 4096 bytes of UTF-8, without NUL and without `||`.
///
/// `||` separates a key from the prefix of its app in shared backends; a key that could hold it
/// would let a caller forge another app's key.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(String);

impl Key {
    /// Accepts a key from a caller.
    ///
    /// # Errors
    /// `invalid-argument` that says which rule is broken.
    pub fn parse(text: impl Into<String>) -> Result<Key> {
        let text = text.into();
        if text.is_empty() {
            return Err(Error::invalid("a key is empty: use 1 to 4096 bytes"));
        }
        if text.len() > MAX_KEY {
            let length = text.len();
            return Err(Error::invalid(format!("a key has {length} bytes: use 1 to {MAX_KEY}")));
        }
        check_text("key", &text)?;
        Ok(Key(text))
    }

    /// Accepts a key as a backend holds it, for drivers: what [`Key::within`] made, or another
    /// program wrote.
    ///
    /// # Errors
    /// `invalid-argument` for what neither of them could be.
    pub fn stored(text: impl Into<String>) -> Result<Key> {
        let text = text.into();
        if text.is_empty() || text.len() > MAX_KEY + KeyPrefix::MAX || text.contains('\0') {
            let text = text.chars().take(64).collect::<String>();
            let text = text.escape_debug();
            return Err(Error::invalid(format!("`{text}` is not the key of a value")));
        }
        Ok(Key(text))
    }

    /// The key as a store with this prefix holds it.
    #[must_use]
    pub fn within(self, prefix: &KeyPrefix) -> Key {
        match prefix.is_none() {
            true => self,
            false => Key(format!("{prefix}{self}")),
        }
    }

    /// The key as callers of a store with this prefix know it; none when none of them can name it.
    pub fn without(self, prefix: &KeyPrefix) -> Option<Key> {
        let rest = self.0.strip_prefix(prefix.as_str())?;
        match prefix.is_none() {
            true => Key::parse(self.0).ok(),
            false => Key::parse(rest).ok(),
        }
    }

    /// Checks the beginning of keys: as a key, but it may be empty.
    ///
    /// # Errors
    /// `invalid-argument` that says which rule is broken.
    pub fn check_prefix(text: &str) -> Result<()> {
        if text.len() > MAX_KEY {
            let length = text.len();
            return Err(Error::invalid(format!("a prefix has {length} bytes: use 0 to {MAX_KEY}")));
        }
        check_text("prefix", text)
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key as owned text.
    pub fn into_string(self) -> String {
        self.0
    }
}

fn check_text(what: &str, text: &str) -> Result<()> {
    if text.contains('\0') {
        let text = text.escape_debug();
        return Err(Error::invalid(format!("the {what} `{text}` has a NUL character")));
    }
    if text.contains("||") {
        return Err(Error::invalid(format!("the {what} `{text}` has `||`, which is reserved")));
    }
    Ok(())
}

/// A key compares and hashes as its text, so that ordered maps of keys can be searched by text.
impl Borrow<str> for Key {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The version of a value: opaque, only compared.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Etag(String);

impl Etag {
    /// Accepts an etag from a caller.
    ///
    /// # Errors
    /// `invalid-argument` for `""` and `"0"`, which no store gives.
    pub fn parse(text: impl Into<String>) -> Result<Etag> {
        let text = text.into();
        if text.is_empty() || text == "0" {
            return Err(Error::invalid(format!(
                "`{text}` is not an etag: leave the precondition out to write in any case"
            )));
        }
        Ok(Etag(text))
    }

    /// An etag made by a driver from a number greater than zero.
    pub fn from_version(version: u64) -> Etag {
        Etag(version.to_string())
    }

    /// The etag as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The etag as owned text.
    pub fn into_string(self) -> String {
        self.0
    }
}

/// How many keys a page holds at most: 1 to 1000.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageLimit(u32);

impl PageLimit {
    /// Accepts a limit from a caller.
    ///
    /// # Errors
    /// `invalid-argument` outside 1 to 1000.
    pub fn parse(limit: u32) -> Result<PageLimit> {
        match limit {
            1..=1000 => Ok(PageLimit(limit)),
            _ => Err(Error::invalid(format!("the limit of a page is `{limit}`: use 1 to 1000"))),
        }
    }

    /// The number of keys.
    pub fn get(self) -> usize {
        self.0 as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_rules() {
        assert!(Key::parse("a/b|c").is_ok());
        assert!(Key::parse("x".repeat(4096)).is_ok());
        for bad in ["", "a||b", "a\0b", &"x".repeat(4097)] {
            assert!(Key::parse(bad).is_err());
        }
    }

    #[test]
    fn a_prefix_goes_on_and_comes_off() {
        let store = "orders".parse().expect("valid");
        let prefix = |text| KeyPrefix::resolve(text, &store, None).expect(text);
        for (text, held) in [("none", "a/b"), ("name", "orders||a/b"), ("shop", "shop||a/b")] {
            let key = Key::parse("a/b").expect("valid").within(&prefix(text));
            assert_eq!(key.as_str(), held);
            assert_eq!(Key::stored(held).expect(held), key);
            assert_eq!(key.without(&prefix(text)).expect(held).as_str(), "a/b");
        }
        let longest = Key::parse("x".repeat(MAX_KEY)).expect("valid");
        let longest = longest.within(&prefix(&"p".repeat(256)));
        assert!(Key::stored(longest.into_string()).is_ok());
    }

    #[test]
    fn keys_of_others_cannot_be_named() {
        let store = "orders".parse().expect("valid");
        for (prefix, held) in [("none", "app1||a"), ("name", "a"), ("name", "app1||a")] {
            let prefix = KeyPrefix::resolve(prefix, &store, None).expect("valid");
            assert_eq!(Key::stored(held).expect("stored").without(&prefix), None, "{held}");
        }
        for (prefix, held) in [("name", "orders||"), ("name", "orders||a||b")] {
            let prefix = KeyPrefix::resolve(prefix, &store, None).expect("valid");
            assert_eq!(Key::stored(held).expect("stored").without(&prefix), None, "{held}");
        }
    }

    #[test]
    fn no_check_is_not_an_etag() {
        assert!(Etag::parse("").is_err());
        assert!(Etag::parse("0").is_err());
        assert!(Etag::parse("1").is_ok());
    }
}
