//! What callers name and what they get. Parsed once, at the edge.

use std::collections::BTreeMap;
use std::fmt;

use ottavo_core::{Error, Kind, Result};

use super::Key;

/// The largest item in bytes: its key, value, tags and metadata.
pub const MAX_ITEM: usize = 256 << 10;

/// The most items or keys of one call.
pub const MAX_ITEMS: usize = 1000;

/// The longest word of a scope, in bytes: with three for each it still is the name of a file.
const MAX_WORD: usize = 80;

/// A word of a scope that is left out.
const DEFAULT: &str = "default";

/// An app id, a group or a label: 1 to 80 bytes, without NUL and without `||`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ScopeWord(String);

impl ScopeWord {
    /// Accepts a word from a caller; an empty one is `default`.
    ///
    /// # Errors
    /// `invalid-argument` that says which rule is broken.
    pub fn parse(what: &str, text: impl Into<String>) -> Result<ScopeWord> {
        let text = text.into();
        if text.is_empty() {
            return Ok(ScopeWord(DEFAULT.to_owned()));
        }
        if text.len() > MAX_WORD {
            let length = text.len();
            return Err(Error::invalid(format!(
                "the {what} has {length} bytes: use 1 to {MAX_WORD}"
            )));
        }
        let shown = text.escape_debug();
        if text.contains('\0') {
            return Err(Error::invalid(format!("the {what} `{shown}` has a NUL character")));
        }
        if text.contains("||") || text.starts_with('|') || text.ends_with('|') {
            let message =
                format!("the {what} `{shown}` has `||`, or `|` at an end, which are reserved");
            return Err(Error::invalid(message));
        }
        Ok(ScopeWord(text))
    }

    /// The word as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The word as owned text.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl fmt::Display for ScopeWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where items are.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Scope {
    /// Whose.
    pub app_id: ScopeWord,
    /// Which group of them.
    pub group: ScopeWord,
    /// Which variant: `blue`, `eu-west`.
    pub label: ScopeWord,
}

impl Scope {
    /// Accepts a scope from a caller; empty words are `default`.
    ///
    /// # Errors
    /// `invalid-argument` with the word that is wrong.
    pub fn parse(
        app_id: impl Into<String>,
        group: impl Into<String>,
        label: impl Into<String>,
    ) -> Result<Scope> {
        Ok(Scope {
            app_id: ScopeWord::parse("app id", app_id)?,
            group: ScopeWord::parse("group", group)?,
            label: ScopeWord::parse("label", label)?,
        })
    }
}

/// Names and values, in the order of the names.
pub type Pairs = BTreeMap<String, String>;

/// Accepts the tags or the metadata of an item from a caller.
///
/// # Errors
/// `invalid-argument` for a name that is there twice.
pub fn pairs(what: &str, sent: Vec<(String, String)>) -> Result<Pairs> {
    let mut pairs = Pairs::new();
    for (name, value) in sent {
        if let Some((name, _)) = pairs.get_key_value(&name) {
            let name = name.escape_debug();
            return Err(Error::invalid(format!("the {what} `{name}` is there twice")));
        }
        pairs.insert(name, value);
    }
    Ok(pairs)
}

/// One configuration item of a scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Which.
    pub key: Key,
    /// What it says.
    pub value: String,
    /// Changes with each change; empty in what is saved.
    pub version: String,
    /// For people and programs that choose among items.
    pub tags: Pairs,
    /// Whatever travels with it.
    pub metadata: Pairs,
}

impl Item {
    /// An item to be saved.
    pub fn new(key: Key, value: impl Into<String>) -> Item {
        let (tags, metadata) = (Pairs::new(), Pairs::new());
        Item { key, value: value.into(), version: String::new(), tags, metadata }
    }

    /// The bytes of everything in it.
    pub fn size(&self) -> usize {
        let pairs = self.tags.iter().chain(&self.metadata);
        let pairs: usize = pairs.map(|(name, value)| name.len() + value.len()).sum();
        self.key.as_str().len() + self.value.len() + pairs
    }
}

/// Which items of a scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Every one.
    All,
    /// Those of these keys, which are one or more.
    Keys(Vec<Key>),
}

impl Wanted {
    /// Those among all items of a scope, in the order of the contract.
    pub fn among(&self, all: &BTreeMap<Key, Item>) -> Vec<Item> {
        match self {
            Wanted::All => all.values().cloned().collect(),
            Wanted::Keys(keys) => keys.iter().filter_map(|key| all.get(key)).cloned().collect(),
        }
    }
}

/// What has changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Update {
    /// New, or changed.
    pub items: Vec<Item>,
    /// Gone.
    pub deleted: Vec<Key>,
}

/// What a store can do beyond the core of the contract. The suite runs what is claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Capability {
    /// What is acknowledged survives the end of the process and of the machine.
    Durable,
    /// Several hosts see the same items.
    Shared,
    /// It tells of changes; functions hear of them as events instead.
    Subscribe,
}

/// Refuses items that are too large, for drivers.
///
/// # Errors
/// `too-large` with the key.
pub fn check(items: &[Item]) -> Result<()> {
    for item in items {
        let size = item.size();
        if size > MAX_ITEM {
            let key = item.key.as_str().escape_debug();
            let message = format!("the item `{key}` has {size} bytes: use at most {MAX_ITEM}");
            return Err(
                Error::new(Kind::TooLarge, message).with_detail("limit", MAX_ITEM.to_string())
            );
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_scope_have_rules() {
        assert_eq!(ScopeWord::parse("group", "").expect("default").as_str(), "default");
        assert!(ScopeWord::parse("group", "../a b/ä|b").is_ok());
        assert!(ScopeWord::parse("group", "x".repeat(80)).is_ok());
        for bad in ["a||b", "|a", "a|", "a\0", &"x".repeat(81)] {
            let error = ScopeWord::parse("group", bad).expect_err("refused");
            assert!(error.message().starts_with("the group "), "{error}");
        }
    }

    #[test]
    fn everything_in_an_item_counts() {
        let key = Key::parse("abc").expect("valid");
        let sent = vec![("12".to_owned(), "345".to_owned())];
        let pairs = pairs("tag", sent).expect("no name twice");
        let item = Item { tags: pairs.clone(), metadata: pairs, ..Item::new(key.clone(), "de") };
        assert_eq!(item.size(), 15);
        assert!(check(&[item, Item::new(key.clone(), "x".repeat(MAX_ITEM - 3))]).is_ok());
        let error = check(&[Item::new(key, "x".repeat(MAX_ITEM - 2))]).expect_err("one too many");
        assert_eq!((error.kind(), error.detail("limit")), (Kind::TooLarge, Some("262144")));
    }
}
