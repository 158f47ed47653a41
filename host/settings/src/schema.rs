//! The JSON schema of the whole file: for editors, for the reference, and for reading it.

use ottavo_core::schema;
use ottavo_document::Shape;
use serde_json::{Map, Value, json};

use crate::{BLOCKS, Drivers, Settings, settings::stores};

/// The schema of everything but the stores.
pub(crate) fn of_settings() -> Value {
    schema::of::<Settings>()
}

/// The schema of a store on this driver: its own options and those of every store.
pub(crate) fn of_store(block: &str, driver: &str, drivers: &dyn Drivers) -> Value {
    let mut store = drivers.schema(block, driver);
    let common = schema::of::<stores::Common>();
    let Some(store_table) = store.as_object_mut() else { return store };
    let properties = store_table.entry("properties").or_insert_with(|| json!({}));
    for (key, schema) in common["properties"].as_object().into_iter().flatten() {
        properties[key] = schema.clone();
    }
    let what = properties["driver"]["description"].take();
    properties["driver"] = json!({ "const": driver, "description": what });
    let required = store_table.entry("required").or_insert_with(|| json!([]));
    if let Some(required) = required.as_array_mut() {
        required.insert(0, json!("driver"));
    }
    store
}

impl Settings {
    /// The JSON schema of `ottavo.toml` for a host with these drivers.
    pub fn schema(drivers: &dyn Drivers) -> Value {
        let mut root = of_settings();
        for &block in BLOCKS {
            let stores = drivers.names(block).into_iter();
            let stores = stores.map(|driver| of_store(block, &driver, drivers));
            root["properties"][block] = json!({
                "type": "object",
                "description": format!("The stores of the block `{block}`, by name."),
                "propertyNames": { "pattern": "^[a-z0-9][a-z0-9_-]{0,62}$" },
                "additionalProperties": { "oneOf": stores.collect::<Vec<_>>() },
            });
        }
        root["title"] = json!("ottavo.toml");
        publish(&mut root);
        root
    }
}

/// Says in words that other readers of the schema know where a secret may be a reference.
fn publish(schema: &mut Value) {
    if Shape::of(schema).is_secret()
        && let Some(table) = schema.as_object_mut()
    {
        let text = json!({ "type": "string", "format": table.remove("format") });
        let reference = |key: &str, description: &str| {
            let target = json!({ "type": "string", "description": description });
            json!({
                "type": "object",
                "properties": Map::from_iter([(key.to_owned(), target)]),
                "required": [key],
                "additionalProperties": false,
            })
        };
        let env = reference("env", "An environment variable that holds it.");
        let file = reference("file", "A file that holds it; for its user alone (0600).");
        let secret = reference("secret", "A secret store and a name in it: `vault:db/password`.");
        table.remove("type");
        table.insert("anyOf".to_owned(), json!([text, env, file, secret]));
        return;
    }
    match schema {
        Value::Object(table) => table.values_mut().for_each(publish),
        Value::Array(items) => items.iter_mut().for_each(publish),
        _ => {}
    }
}
