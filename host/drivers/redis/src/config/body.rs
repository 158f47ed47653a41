//! One field of a scope: the version and the item as JSON, `7 {"value":"on","tags":{"team":"a"}}`.

use ottavo_blocks::config::{Item, Key, Pairs};
use ottavo_core::{Error, Kind, Result};
use redis::Value;
use serde::{Deserialize, Serialize};

use super::REVISION;
use crate::error::strange;

#[derive(Deserialize, Serialize)]
struct Body {
    value: String,
    #[serde(default, skip_serializing_if = "Pairs::is_empty")]
    tags: Pairs,
    #[serde(default, skip_serializing_if = "Pairs::is_empty")]
    metadata: Pairs,
}

/// An item without its key and version.
///
/// # Errors
/// Only if JSON could not write a text.
pub(super) fn write(item: &Item) -> Result<String> {
    let Item { value, tags, metadata, .. } = item.clone();
    let body = serde_json::to_string(&Body { value, tags, metadata });
    body.map_err(|error| Error::internal("an item has no text").with_source(error))
}

fn read(key: Key, field: &str) -> Result<Item> {
    let parsed = field.split_once(' ').and_then(|(version, body)| {
        let Body { value, tags, metadata } = serde_json::from_str(body).ok()?;
        Some((version.to_owned(), value, tags, metadata))
    });
    let Some((version, value, tags, metadata)) = parsed else {
        let key = key.as_str().escape_debug();
        let message = format!("redis holds what is no item under `{key}`");
        return Err(Error::new(Kind::DataLoss, message));
    };
    Ok(Item { key, value, version, tags, metadata })
}

/// The answer to `HGETALL`.
pub(super) fn all(answer: Value) -> Result<(String, Vec<Item>)> {
    let pairs = match answer {
        Value::Map(pairs) => pairs,
        Value::Array(flat) => {
            let mut flat = flat.into_iter();
            std::iter::from_fn(|| Some((flat.next()?, flat.next()?))).collect()
        }
        _ => return Err(strange()),
    };
    let (mut revision, mut items) = (String::new(), Vec::new());
    for (key, field) in pairs {
        let (key, field) = (text(key)?, text(field)?);
        if key == REVISION {
            revision = field;
            continue;
        }
        // what nobody can name was not written here
        let Ok(key) = Key::stored(key) else { continue };
        items.push(read(key, &field)?);
    }
    items.sort_by(|one: &Item, other| one.key.cmp(&other.key));
    Ok((revision, items))
}

/// The answer to `HMGET` of the revision and of these keys.
pub(super) fn some(keys: &[Key], answer: Value) -> Result<(String, Vec<Item>)> {
    let Value::Array(fields) = answer else { return Err(strange()) };
    let mut fields = fields.into_iter();
    let revision = revision(fields.next().ok_or_else(strange)?)?;
    let mut items = Vec::new();
    for (key, field) in keys.iter().zip(fields) {
        if !matches!(field, Value::Nil) {
            items.push(read(key.clone(), &text(field)?)?);
        }
    }
    Ok((revision, items))
}

/// The field that counts; a scope that never was has none.
pub(super) fn revision(field: Value) -> Result<String> {
    match field {
        Value::Nil => Ok(String::new()),
        field => text(field),
    }
}

fn text(value: Value) -> Result<String> {
    match value {
        Value::BulkString(bytes) => String::from_utf8(bytes).map_err(|_| strange()),
        Value::SimpleString(text) => Ok(text),
        _ => Err(strange()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_a_version_and_json() {
        let key = Key::parse("a").expect("valid");
        let tags = Pairs::from([("team".to_owned(), "a".to_owned())]);
        let item = Item { tags, ..Item::new(key.clone(), "on") };
        let body = write(&item).expect("text");
        assert_eq!(body, r#"{"value":"on","tags":{"team":"a"}}"#);
        let found = read(key.clone(), &format!("7 {body}")).expect("an item");
        assert_eq!(found, Item { version: "7".to_owned(), ..item });
        for field in ["on", "", "7 on", "7 {}"] {
            let error = read(key.clone(), field).expect_err(field);
            assert_eq!(error.kind(), Kind::DataLoss);
        }
    }
}
