//! The host's configuration.
#![no_main]

use std::path::{Path, PathBuf};

use libfuzzer_sys::fuzz_target;
use ottavo_settings::{Drivers, Env, Finding, Settings, TlsFiles};
use serde_json::{Value, json};

/// One driver, with an option of each kind.
struct One;

impl Drivers for One {
    fn names(&self, _: &str) -> Vec<String> {
        vec!["local".to_owned(), "memory".to_owned()]
    }

    fn schema(&self, _: &str, _: &str) -> Value {
        json!({
            "type": "object",
            "properties": {
                "url": { "type": "string" },
                "pool": { "type": "integer", "minimum": 1, "maximum": 9 },
                "tables": { "type": "array", "items": { "type": "string" } },
                "tls": { "type": "object", "properties": { "on": { "type": "boolean" } } },
            },
        })
    }

    fn check(&self, _: &str, _: &str, _: &Value) -> Result<(), String> {
        Ok(())
    }

    fn grant(&self, _: &'static str, text: &str) -> Result<(), String> {
        if text.is_empty() { Err("is empty".to_owned()) } else { Ok(()) }
    }

    fn tokens(&self, _: &[(String, PathBuf)]) -> Vec<Finding> {
        Vec::new()
    }

    fn tls(&self, _: &TlsFiles) -> Result<(), String> {
        Ok(())
    }
}

fuzz_target!(|text: &str| {
    let env = Env::of([("NAME", "value"), ("NUMBER", "7")]);
    if let Err(problems) = Settings::parse(Path::new("ottavo.toml"), text, &env, &One) {
        assert!(!problems.to_string().is_empty());
    }
});
