//! JSON schemas of configuration tables: the one source of their keys, texts, defaults and checks.
//!
//! A table is a struct that derives `Deserialize` and `JsonSchema`. Its doc comments are what the
//! reference says. Everything is inline: who reads a schema follows no references.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

/// The `format` of a text that must not show.
pub const SECRET: &str = "secret";

/// The `format` of an address that may hold a password, which must not show.
pub const SECRET_URL: &str = "secret-url";

/// The schema of a table.
pub fn of<T: JsonSchema>() -> Value {
    let settings =
        SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    settings.into_generator().into_root_schema_for::<T>().to_value()
}
