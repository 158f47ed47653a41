//! The settings in force, each with its value and where that comes from; secrets do not show.

use ottavo_core::schema::SECRET_URL;
use ottavo_document::{Shape, join};
use serde_json::Value;

use crate::{Drivers, Origin, Settings, schema};

/// What stands for a secret.
const HIDDEN: &str = "***";

/// One setting in force.
#[derive(Clone, Debug, PartialEq)]
pub struct Effective {
    /// Its path: `http.listen`.
    pub path: String,
    /// Its value; null where nothing is set and nothing is the default.
    pub value: Value,
    /// Where that comes from.
    pub origin: Origin,
}

impl Settings {
    /// Every setting in force: those of the host by their path, then the stores.
    pub fn effective(&self, drivers: &dyn Drivers) -> Vec<Effective> {
        let mut all = Vec::new();
        let own = serde_json::to_value(self).expect("settings have text keys only");
        self.add(&mut all, String::new(), own, None);
        // the file's order of tables: what has none comes first
        all.sort_by_key(|one| one.path.contains('.'));
        for (block, stores) in &self.stores {
            for (name, store) in stores {
                let schema = schema::of_store(block, &store.driver, drivers);
                let shape = Shape::of(&schema);
                let path = format!("{block}.{name}");
                self.add(&mut all, join(&path, "driver"), store.driver.clone().into(), None);
                let prefix = store.key_prefix.as_str().strip_suffix("||").unwrap_or("none");
                self.add(&mut all, join(&path, "key_prefix"), prefix.into(), None);
                if store.required {
                    self.add(&mut all, join(&path, "required"), true.into(), None);
                }
                for (key, schema) in shape.properties().into_iter().flatten() {
                    if matches!(key.as_str(), "driver" | "key_prefix") {
                        continue;
                    }
                    let given = store.options.expose().get(key);
                    let value = given.unwrap_or(&schema["default"]);
                    self.add(&mut all, join(&path, key), value.clone(), Some(Shape::of(schema)));
                }
            }
        }
        all
    }

    /// A value, or each of the values in a table.
    fn add(&self, all: &mut Vec<Effective>, path: String, value: Value, shape: Option<Shape<'_>>) {
        match value {
            Value::Object(table) if shape.is_none() => {
                for (key, value) in table {
                    self.add(all, join(&path, &key), value, None);
                }
            }
            value => {
                let value = shape.map_or_else(|| value.clone(), |shape| redact(&value, shape));
                let origin = self.origins.get(&path).cloned().unwrap_or_default();
                all.push(Effective { path, value, origin });
            }
        }
    }
}

/// The value without what its shape calls secret.
fn redact(value: &Value, shape: Shape<'_>) -> Value {
    match value {
        Value::String(text) => match shape.secret() {
            Some(SECRET_URL) => Value::String(redact_url(text)),
            Some(_) => Value::String(HIDDEN.to_owned()),
            None => value.clone(),
        },
        Value::Array(items) => {
            let item = shape.of_array();
            Value::Array(items.iter().map(|value| redact(value, item)).collect())
        }
        Value::Object(table) => {
            let pair = |(key, value): (&String, &Value)| {
                let value = shape.property(key).map_or(Value::Null, |shape| redact(value, shape));
                (key.clone(), value)
            };
            Value::Object(table.iter().map(pair).collect())
        }
        other => other.clone(),
    }
}

/// `redis://user:***@host`, and nothing of a query, which may hold a password too.
fn redact_url(text: &str) -> String {
    let (rest, query) = match text.split_once(['?', '#']) {
        Some((rest, _)) => (rest, "?***"),
        None => (text, ""),
    };
    // a password that is not encoded may hold any character: the last `@` ends it
    let Some((scheme, _)) = rest.split_once("://") else { return HIDDEN.to_owned() };
    let host = text.rsplit_once('@').map(|(_, host)| host);
    match host {
        None => format!("{rest}{query}"),
        Some(host) => {
            let (host, query) = match host.split_once(['?', '#']) {
                Some((host, _)) => (host, "?***"),
                None => (host, ""),
            };
            format!("{scheme}://{HIDDEN}@{host}{query}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_password_in_an_address_shows() {
        for (text, shown) in [
            ("redis://127.0.0.1:6379/2", "redis://127.0.0.1:6379/2"),
            ("redis://user:hunter2@host:1", "redis://***@host:1"),
            ("redis://:hunter2?@2#@host/3", "redis://***@host/3"),
            ("unix:///run/redis.sock?pass=hunter2", "unix:///run/redis.sock?***"),
            ("unix:///run/r.sock?pass=hunter2@x", "unix://***@x"),
            ("hunter2", "***"),
        ] {
            assert_eq!(redact_url(text), shown, "{text}");
        }
    }
}
