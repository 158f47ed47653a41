//! The relays: the program `conformance` of every guest language, in every way it is built.

use std::fs;
use std::path::PathBuf;

use ottavo_test_support::root;

/// One relay.
pub(crate) struct Guest {
    /// The language's folder under `guests/`, and the variant if the program is built in several
    /// ways: `rust`, `rust-wasip2`.
    pub(crate) name: String,
    /// Its manifest, which routes `/conformance/<name>` to it.
    pub(crate) manifest: PathBuf,
}

/// Every relay, by name.
pub(crate) fn all() -> Vec<Guest> {
    let mut all = Vec::new();
    for language in fs::read_dir(root().join("guests")).unwrap() {
        let language = language.unwrap();
        // a folder without a program is no language
        let Ok(files) = fs::read_dir(language.path().join("conformance")) else {
            continue;
        };
        for file in files {
            let manifest = file.unwrap().path();
            let name = manifest.file_name().unwrap().to_string_lossy().into_owned();
            let variant = name.strip_prefix("function").and_then(|rest| rest.strip_suffix(".toml"));
            if let Some(variant) = variant {
                let name = format!("{}{variant}", language.file_name().to_string_lossy());
                all.push(Guest { name, manifest });
            }
        }
    }
    assert!(!all.is_empty(), "no guest language was found");
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}
