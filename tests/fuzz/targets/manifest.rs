//! `function.toml`, and what is read of it later.
#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use ottavo_manifest::Manifest;

fuzz_target!(|text: &str| {
    match Manifest::parse(Path::new("function.toml"), text) {
        Ok(manifest) => {
            drop(manifest.check());
            let json = serde_json::to_string(&manifest).expect("what was read is written");
            let again: Manifest = serde_json::from_str(&json).expect("and read again");
            assert_eq!(again, manifest);
        }
        Err(problems) => assert!(!problems.to_string().is_empty()),
    }
});
