//! Secrets that stand in a secret store: `{ secret = "vault:db/password" }`.
//!
//! Nothing is resolved here, where no store is open: what stands in the options is taken out, with
//! where it belongs, for the room that opens them.

use ottavo_core::StoreName;
use ottavo_document::{Reader, Shape, join};
use serde_json::Value;

use crate::Place;

/// The key of the table that the reader leaves where a secret would be. Only a secret may be a table
/// where its shape is a text, so that nothing else can be taken for it.
const KEY: &str = "secret";

/// A secret that a store's options need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Where it belongs in the options, as a JSON pointer: `/password`, `/url/0`.
    pub pointer: String,
    /// The secret store.
    pub store: StoreName,
    /// The secret's name in it.
    pub name: String,
    /// The path of the option: `state.orders.password`.
    pub path: String,
    /// Where that is written.
    pub place: Place,
}

/// Reads what stands behind `secret =`.
///
/// # Errors
/// What is wrong, to be put behind the path of the setting.
pub(crate) fn parse(text: &str) -> Result<Value, String> {
    split(text).map(|_| Value::Object([(KEY.to_owned(), text.into())].into_iter().collect()))
}

fn split(text: &str) -> Result<(StoreName, String), String> {
    let wrong = || {
        let text = text.escape_debug();
        format!("is `{text}`: write a secret store and a name in it, like `vault:db/password`")
    };
    let (store, name) = text.split_once(':').ok_or_else(wrong)?;
    let store = store.parse().map_err(|_| wrong())?;
    match name.is_empty() || name.contains('\0') || name.contains("||") || name.len() > 4096 {
        true => Err(wrong()),
        false => Ok((store, name.to_owned())),
    }
}

/// Takes the references out of a store's options, whose path is `path`. Empty texts stay.
pub(crate) fn take(
    reader: &Reader<'_>,
    options: &mut Value,
    shape: Shape<'_>,
    path: &str,
) -> Vec<Reference> {
    let mut found = Vec::new();
    walk(reader, options, shape, (path, ""), &mut found);
    found
}

fn walk(
    reader: &Reader<'_>,
    value: &mut Value,
    shape: Shape<'_>,
    (path, pointer): (&str, &str),
    found: &mut Vec<Reference>,
) {
    match value {
        Value::Object(table) if shape.secret().is_some() => {
            let Some(text) = table.get(KEY).and_then(Value::as_str) else { return };
            let Ok((store, name)) = split(text) else { return };
            let place = reader.place_of(path).unwrap_or_default();
            let (path, pointer) = (path.to_owned(), pointer.to_owned());
            found.push(Reference { pointer, store, name, path, place });
            *value = Value::String(String::new());
        }
        Value::Object(table) => {
            for (key, value) in table {
                let Some(shape) = shape.property(key) else { continue };
                let escaped = key.replace('~', "~0").replace('/', "~1");
                let (path, pointer) = (join(path, key), format!("{pointer}/{escaped}"));
                walk(reader, value, shape, (&path, &pointer), found);
            }
        }
        Value::Array(items) => {
            for (at, value) in items.iter_mut().enumerate() {
                let (path, pointer) = (format!("{path}[{at}]"), format!("{pointer}/{at}"));
                walk(reader, value, shape.of_array(), (&path, &pointer), found);
            }
        }
        _ => {}
    }
}
