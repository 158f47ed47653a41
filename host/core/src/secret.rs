//! Values that never show.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer};

use crate::schema;

/// A value whose `Debug` prints `***`, and which is not `Display` or `Serialize`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// Hides `value`.
    pub fn new(value: T) -> Secret<T> {
        Secret(value)
    }

    /// The value, for the one place that needs it.
    pub fn expose(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl<'de> Deserialize<'de> for Secret<String> {
    /// A wrong type is reported without its value.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Secret<String>, D::Error> {
        #[derive(Deserialize)]
        #[serde(
            untagged,
            expecting = "a secret, such as a password, is not text: write it in quotes"
        )]
        enum Text {
            Text(String),
        }
        let Text::Text(text) = Text::deserialize(deserializer)?;
        Ok(Secret(text))
    }
}

impl JsonSchema for Secret<String> {
    fn schema_name() -> Cow<'static, str> {
        "Secret".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": schema::SECRET })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_shows_neither_as_itself_nor_as_a_mistake() {
        let secret: Secret<String> = serde_json::from_str("\"hunter2\"").expect("text");
        assert_eq!((secret.expose().as_str(), format!("{secret:?}").as_str()), ("hunter2", "***"));
        for text in ["4711", "[\"hunter2\"]", "{\"hunter2\":4711}"] {
            let error = serde_json::from_str::<Secret<String>>(text).expect_err("not text");
            let error = error.to_string();
            assert!(!error.contains("hunter2") && !error.contains("4711"), "{error}");
        }
    }
}
