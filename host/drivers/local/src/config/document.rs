//! The text of a file: `key = "value"`, or a table with `value`, `tags` and `metadata`.

use ottavo_blocks::config::{Item, Key, Pairs, check};
use ottavo_core::{Digest, Error, Result};
use serde::{Deserialize, Serialize};

use super::file::Held;

const NOTE: &str = "\
# Configuration items, `key = \"value\"` or `key = { value = \"..\", tags = { name = \"..\" }, metadata = { name = \"..\" } }`.
# May be edited: the host sees it. A program that saves items writes the file anew, without other comments.
";

/// One item as it stands in the file.
#[derive(Deserialize, Serialize)]
#[serde(untagged, expecting = "a text, or a table with `value`, `tags` and `metadata`")]
enum Entry {
    Plain(String),
    Full(Full),
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Full {
    value: String,
    #[serde(default, skip_serializing_if = "Pairs::is_empty")]
    tags: Pairs,
    #[serde(default, skip_serializing_if = "Pairs::is_empty")]
    metadata: Pairs,
}

/// The items of a text.
///
/// # Errors
/// `invalid-argument` with the line, or the key, that is wrong.
pub(super) fn parse(text: &str) -> Result<Held> {
    let table: toml::Table = toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        let line = text.get(..at).unwrap_or(text).matches('\n').count() + 1;
        Error::invalid(format!("line {line} is not TOML: {}", error.message()))
    })?;
    let mut held = Held::new();
    for (name, entry) in table {
        let wrong = |why: &dyn std::fmt::Display| {
            Error::invalid(format!("the item `{}` is wrong: {why}", name.escape_debug()))
        };
        let key = Key::stored(name.as_str()).map_err(|error| wrong(&error))?;
        let entry: Entry =
            entry.try_into().map_err(|error: toml::de::Error| wrong(&error.message()))?;
        let item = match entry {
            Entry::Plain(value) => Item::new(key, value),
            Entry::Full(Full { value, tags, metadata }) => {
                Item { tags, metadata, ..Item::new(key, value) }
            }
        };
        check(std::slice::from_ref(&item)).map_err(|error| wrong(&error))?;
        held.insert(item.key.clone(), versioned(item));
    }
    Ok(held)
}

/// The text of items.
///
/// # Errors
/// Only if TOML could not write a text.
pub(super) fn write(held: &Held) -> Result<String> {
    let mut table = toml::Table::new();
    for (key, item) in held {
        let Item { value, tags, metadata, .. } = item.clone();
        let entry = match tags.is_empty() && metadata.is_empty() {
            true => Entry::Plain(value),
            false => Entry::Full(Full { value, tags, metadata }),
        };
        let entry = toml::Value::try_from(entry);
        let entry =
            entry.map_err(|error| Error::internal("an item has no text").with_source(error))?;
        table.insert(key.as_str().to_owned(), entry);
    }
    Ok(format!("{NOTE}\n{table}"))
}

/// With its version, which what stands in a file has to give: a digest of the item.
pub(super) fn versioned(item: Item) -> Item {
    let content = serde_json::json!([item.value, item.tags, item.metadata]).to_string();
    Item { version: Digest::of(content.as_bytes()).short(), ..item }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_as_it_was_written() {
        let text = "plain = \"1\"\n\"a/b ä\" = { value = \"x\\ny\", tags = { team = \"a\" } }\n\
                    [table]\nvalue = \"2\"\nmetadata = { by = \"me\" }\n";
        let held = parse(text).expect("valid");
        let keys: Vec<_> = held.keys().map(Key::as_str).collect();
        assert_eq!(keys, ["a/b ä", "plain", "table"]);
        assert_eq!(held["a/b ä"].value, "x\ny");
        assert_eq!(held["a/b ä"].tags["team"], "a");
        assert_eq!(held["table"].metadata["by"], "me");
        assert_eq!(parse(&write(&held).expect("written")).expect("valid"), held);
        assert_eq!(parse("").expect("valid"), Held::new());
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (text, why) in [
            ("a = 1", "the item `a` is wrong: a text, or a table"),
            ("a = \"1\"\nb", "line 2 is not TOML"),
            ("a = { tags = {} }", "the item `a` is wrong"),
            ("a = { value = \"\", more = 1 }", "the item `a` is wrong"),
            ("\"\" = \"\"", "the item `` is wrong"),
        ] {
            let error = parse(text).expect_err(text);
            assert!(error.message().contains(why), "{text}: {error}");
        }
    }

    #[test]
    fn a_version_is_of_everything_in_an_item() {
        let key = Key::parse("a").expect("valid");
        let pairs: Pairs = [("x".to_owned(), "y".to_owned())].into();
        let items = [
            Item::new(key.clone(), "1"),
            Item::new(key.clone(), "2"),
            Item { tags: pairs.clone(), ..Item::new(key.clone(), "1") },
            Item { metadata: pairs.clone(), ..Item::new(key.clone(), "1") },
            Item { tags: pairs.clone(), metadata: pairs, ..Item::new(key, "1") },
        ];
        let versions: std::collections::BTreeSet<_> =
            items.into_iter().map(|item| versioned(item).version).collect();
        assert_eq!(versions.len(), 5);
    }
}
