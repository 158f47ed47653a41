//! Which keys of a store are granted: by their beginning, or one by one.

use ottavo_core::{Caller, Result, StoreName};

use super::denied;

/// Which keys of a store may be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyGrant(Vec<Pattern>);

/// One grant of keys, as it is written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Pattern {
    /// Without its star.
    text: String,
    /// Whether it ends with a star: then it is for all keys that begin with the text.
    open: bool,
}

impl Pattern {
    fn covers(&self, key: &str) -> bool {
        if self.open { key.starts_with(&self.text) } else { key == self.text }
    }

    fn includes(&self, other: &Pattern) -> bool {
        (self.open || !other.open) && self.covers(&other.text)
    }

    fn show(&self) -> String {
        format!("{}{}", self.text.escape_debug(), if self.open { "*" } else { "" })
    }
}

impl KeyGrant {
    pub(super) const ALL: &'static KeyGrant = &KeyGrant(Vec::new());

    /// Reads what stands behind `store:`: `prefix*`, `*`, or one key. None for anything else.
    pub(super) fn parse(text: &str) -> Option<KeyGrant> {
        let (text, open) = match text.strip_suffix('*') {
            Some(prefix) => (prefix, true),
            None => (text, false),
        };
        if text.contains('*') || text.is_empty() && !open {
            return None;
        }
        let all = text.is_empty();
        let pattern = Pattern { text: text.to_owned(), open };
        Some(KeyGrant(if all { vec![] } else { vec![pattern] }))
    }

    /// Exactly this key.
    pub(super) fn one(key: &str) -> KeyGrant {
        KeyGrant(vec![Pattern { text: key.to_owned(), open: false }])
    }

    /// These keys as well.
    pub(super) fn add(&mut self, KeyGrant(more): KeyGrant) {
        // an empty list means all keys, which nothing can widen
        match self.0.is_empty() || more.is_empty() {
            true => self.0.clear(),
            false => self.0.extend(more),
        }
    }

    /// Whether one key is within the grant.
    pub(crate) fn covers(&self, key: &str) -> bool {
        self.0.is_empty() || self.0.iter().any(|pattern| pattern.covers(key))
    }

    /// Whether every key that begins with `prefix` is: one pattern must cover them all, as nobody
    /// writes one for each character that may follow.
    pub(crate) fn covers_all(&self, prefix: &str) -> bool {
        self.0.is_empty() || self.0.iter().any(|one| one.open && one.covers(prefix))
    }

    /// The same keys, without the patterns that another one covers.
    pub(super) fn narrowest(&self) -> KeyGrant {
        let mut patterns: Vec<Pattern> = Vec::new();
        let mut sorted = self.0.clone();
        // what covers a pattern stands before it: shorter, or as long and open
        sorted.sort_by(|one, other| one.text.cmp(&other.text).then(other.open.cmp(&one.open)));
        for pattern in sorted {
            if !patterns.iter().any(|wider| wider.includes(&pattern)) {
                patterns.push(pattern);
            }
        }
        KeyGrant(patterns)
    }

    /// The grants of these keys that `before` does not cover; none when it covers all.
    pub(super) fn beyond(&self, before: &KeyGrant) -> Option<KeyGrant> {
        if before.0.is_empty() {
            return None;
        }
        if self.0.is_empty() {
            return Some(self.clone());
        }
        let KeyGrant(mut patterns) = self.narrowest();
        patterns.retain(|pattern| !before.0.iter().any(|wider| wider.includes(pattern)));
        // an empty list would mean all keys
        (!patterns.is_empty()).then_some(KeyGrant(patterns))
    }

    /// As they are written behind `store:`; nothing when all keys are granted.
    pub(super) fn texts(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(Pattern::show)
    }

    /// Fails unless the key is within the grant.
    pub(crate) fn check(
        &self,
        caller: &Caller,
        block: &str,
        store: &StoreName,
        key: &str,
    ) -> Result<()> {
        match self.covers(key) {
            true => Ok(()),
            false => {
                let what = format!("the key `{}`", key.escape_debug());
                Err(self.denied(caller, block, store, &what))
            }
        }
    }

    /// Fails unless every key that begins with `prefix` is within the grant.
    pub(crate) fn check_all(
        &self,
        caller: &Caller,
        block: &str,
        store: &StoreName,
        prefix: &str,
    ) -> Result<()> {
        match self.covers_all(prefix) {
            true => Ok(()),
            false => {
                let what = match prefix {
                    "" => "all keys".to_owned(),
                    _ => format!("the keys `{}*`", prefix.escape_debug()),
                };
                Err(self.denied(caller, block, store, &what))
            }
        }
    }

    fn denied(
        &self,
        caller: &Caller,
        block: &str,
        store: &StoreName,
        what: &str,
    ) -> ottavo_core::Error {
        let held = self.texts().map(|text| format!("`{text}`")).collect::<Vec<_>>().join(", ");
        let what = format!("{what} of {block} store `{store}`, only {held}");
        denied(caller, what, format!("{block} = [\"{store}\"]"))
    }
}
