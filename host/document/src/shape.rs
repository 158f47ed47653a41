//! One schema, asked: what it takes and how to say so.
//!
//! Beside what JSON schema has, a text has a `format` (see [`crate::format`]), a size `x-least` and
//! `x-most`, and a length of time `x-not-zero`.

use ottavo_core::schema::{SECRET, SECRET_URL};
use serde_json::{Map, Value};
use toml::de::DeValue;

/// A schema or a part of one.
#[derive(Clone, Copy)]
pub struct Shape<'s>(&'s Value);

impl<'s> Shape<'s> {
    /// A whole schema.
    pub fn of(schema: &'s Value) -> Shape<'s> {
        Shape(schema)
    }

    /// What may stand here; more than one where the schema leaves a choice.
    fn branches(self) -> Vec<Shape<'s>> {
        let lists = ["anyOf", "oneOf"].iter().filter_map(|key| self.0[key].as_array());
        let branches: Vec<_> = lists.flatten().flat_map(|one| Shape(one).branches()).collect();
        match branches.is_empty() {
            true if self.0["type"] == "null" => Vec::new(),
            true => vec![self],
            false => branches,
        }
    }

    /// The branch for a value of this type.
    pub fn taking(self, value: &DeValue<'_>) -> Option<Shape<'s>> {
        self.branches().into_iter().find(|branch| branch.takes(value))
    }

    fn takes(self, value: &DeValue<'_>) -> bool {
        let kind = match value {
            DeValue::String(_) => "string",
            // only where any type may stand: no format is for dates
            DeValue::Datetime(_) => "date",
            DeValue::Integer(_) => return self.has_type("integer") || self.has_type("number"),
            DeValue::Float(_) => "number",
            DeValue::Boolean(_) => "boolean",
            DeValue::Array(_) => "array",
            DeValue::Table(_) if self.is_secret() => return true,
            DeValue::Table(_) => "object",
        };
        self.has_type(kind)
    }

    /// Whether it takes this type; a schema without types takes all.
    pub fn has_type(self, kind: &str) -> bool {
        match &self.0["type"] {
            Value::Null => self.0.get("const").is_none_or(Value::is_string),
            Value::Array(kinds) => kinds.iter().any(|one| one == kind),
            one => one == kind,
        }
    }

    /// Whether its values must not show.
    pub fn is_secret(self) -> bool {
        matches!(self.format(), Some(SECRET | SECRET_URL))
    }

    /// The format by which texts must not show, in any of its branches.
    pub fn secret(self) -> Option<&'s str> {
        self.branches().into_iter().find(|branch| branch.is_secret())?.format()
    }

    /// The shape of the items, where it takes a list.
    pub fn of_array(self) -> Shape<'s> {
        let list = self.branches().into_iter().find(|branch| branch.has_type("array"));
        list.unwrap_or(self).items()
    }

    /// What a text must be beyond being one.
    pub fn format(self) -> Option<&'s str> {
        self.0["format"].as_str()
    }

    /// A part beside the standard: `x-least`.
    pub fn extra(self, name: &str) -> &'s Value {
        &self.0[name]
    }

    /// The texts it takes, where they can be counted.
    pub fn words(self) -> Vec<&'s str> {
        let word = |shape: Shape<'s>| match (&shape.0["const"], &shape.0["enum"]) {
            (Value::String(word), _) => vec![word.as_str()],
            (_, Value::Array(words)) => words.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        self.branches().into_iter().flat_map(word).collect()
    }

    /// The least and the greatest number.
    pub fn range(self) -> (Option<i64>, Option<i64>) {
        (self.0["minimum"].as_i64(), self.0["maximum"].as_i64())
    }

    /// The shape of its items.
    pub fn items(self) -> Shape<'s> {
        Shape(&self.0["items"])
    }

    /// The keys that it knows by name.
    pub fn properties(self) -> Option<&'s Map<String, Value>> {
        self.0["properties"].as_object()
    }

    /// The shape of a key; none when the table does not know it.
    pub fn property(self, key: &str) -> Option<Shape<'s>> {
        let known = self.properties().and_then(|known| known.get(key)).map(Shape);
        let other = &self.0["additionalProperties"];
        known.or_else(|| (*other != Value::Bool(false)).then_some(Shape(other)))
    }

    /// The keys without which a table is not complete.
    pub fn required(self) -> Vec<&'s str> {
        let keys = self.0["required"].as_array();
        keys.into_iter().flatten().filter_map(Value::as_str).collect()
    }

    /// What to write: `text like `10s``.
    pub fn accepted(self, path: &str) -> String {
        let words = quoted(self.words());
        if !words.is_empty() {
            return format!("text like {words}");
        }
        let examples = |shape: Shape<'s>| {
            let own = shape.0["examples"].as_array().or(self.0["examples"].as_array());
            quoted(own.into_iter().flatten().filter_map(Value::as_str))
        };
        let one = |shape: Shape<'s>| {
            if shape.is_secret() {
                "text, `{ env = \"NAME\" }` or `{ file = \"PATH\" }`".to_owned()
            } else if shape.has_type("string") {
                match examples(shape) {
                    like if like.is_empty() => "text".to_owned(),
                    like => format!("text like {like}"),
                }
            } else if shape.has_type("integer") {
                match shape.range() {
                    (Some(least), Some(most)) => format!("a whole number from {least} to {most}"),
                    (Some(least), None) => format!("a whole number from {least}"),
                    _ => "a whole number".to_owned(),
                }
            } else if shape.has_type("number") {
                "a number".to_owned()
            } else if shape.has_type("boolean") {
                "true or false".to_owned()
            } else if shape.has_type("array") {
                format!("a list of {}", shape.items().accepted(path))
            } else {
                format!("a table `[{path}]`")
            }
        };
        self.branches().into_iter().map(one).collect::<Vec<_>>().join(", or ")
    }
}

/// `` `a`, `b` or `c` ``.
pub fn quoted<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<_> = words.into_iter().map(|word| format!("`{word}`")).collect();
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}
