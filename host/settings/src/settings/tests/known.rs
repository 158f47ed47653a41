//! Drivers by their schemas alone: this room knows no real one.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::{Drivers, Finding, TlsFiles};

pub(super) struct Known;

impl Drivers for Known {
    fn names(&self, block: &str) -> Vec<String> {
        assert!(crate::BLOCKS.contains(&block), "{block}");
        match block {
            "invoke" => vec!["http".to_owned()],
            "binding" | "secret" => vec!["memory".to_owned()],
            "file" => ["local", "memory"].map(str::to_owned).to_vec(),
            _ => ["local", "memory", "redis"].map(str::to_owned).to_vec(),
        }
    }

    fn schema(&self, block: &str, driver: &str) -> Value {
        let url = json!({ "type": "string", "format": "secret-url" });
        let (properties, required) = match driver {
            "redis" => (
                json!({
                    "url": { "anyOf": [url, { "type": "array", "items": url }] },
                    "mode": { "oneOf": [
                        { "const": "single", "description": "One." },
                        { "enum": ["cluster"], "type": "string" },
                    ], "default": "single" },
                    "password": { "anyOf": [{ "type": "string", "format": "secret" }, { "type": "null" }] },
                    "connect_timeout": { "type": "string", "format": "span", "default": "2s" },
                    "pool": { "type": "object", "properties": {
                        "size": { "type": ["integer", "null"] },
                        "ratio": { "type": "number" },
                        "hosts": { "type": "array" },
                    } },
                }),
                json!(["url"]),
            ),
            _ if block == "secret" => {
                let value = json!({ "type": "string", "format": "secret" });
                let values = json!({ "type": "object", "additionalProperties": value });
                (json!({ "values": values }), json!([]))
            }
            _ => (json!({}), json!([])),
        };
        json!({
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": false,
        })
    }

    fn check(&self, _: &str, _: &str, options: &Value) -> Result<(), String> {
        match options["url"].as_str() {
            Some(url) if !url.contains("://") => Err("`url` has no scheme".to_owned()),
            _ => Ok(()),
        }
    }

    fn grant(&self, block: &'static str, text: &str) -> Result<(), String> {
        match text.contains(' ') {
            true => Err(format!("`{text}` is not a {block} grant")),
            false => Ok(()),
        }
    }

    fn tls(&self, _: &TlsFiles) -> Result<(), String> {
        Ok(())
    }

    fn tokens(&self, files: &[(String, PathBuf)]) -> Vec<Finding> {
        let missing = files.iter().filter(|(_, path)| !path.exists());
        missing
            .map(|(name, path)| {
                let message = format!("cannot read `{}`", path.display());
                Finding { name: name.clone(), message, fatal: true }
            })
            .collect()
    }
}
