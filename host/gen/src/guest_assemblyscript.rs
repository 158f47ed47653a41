//! Bindings of `guests/assemblyscript/sdk` from `wit/`, so that a function needs no generator to
//! build. The generator itself is the crate beside the SDK.

use std::path::Path;

use anyhow::Result;
use ottavo_bindgen_assemblyscript::{Options, generate};

use crate::File;

/// Where the bindings are committed.
const TARGET: &str = "guests/assemblyscript/sdk/assembly/bindings";

/// The generated files.
pub(crate) fn files(root: &Path) -> Result<Vec<File>> {
    let options = Options {
        world: Some("function".to_owned()),
        implementation: "../export".to_owned(),
        sdk: false,
        generator: "cargo xtask gen".to_owned(),
    };
    let made = generate(&root.join("wit"), &options)?;
    Ok(made.into_iter().map(|(name, text)| (Path::new(TARGET).join(name), text)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_interface_has_a_file_and_the_export_its_name() {
        let files = files(&crate::root().unwrap()).unwrap();
        let text = |name: &str| {
            let path = Path::new(TARGET).join(name);
            files.iter().find(|(known, _)| *known == path).map(|(_, text)| text.as_str()).unwrap()
        };
        assert!(text("state.ts").contains("export function listKeys("));
        for export in ["http-handler@0.1.0#handle", "event-handler@0.1.0#receive"] {
            assert!(text("exports.json").contains(&format!("\"ottavo:runtime/{export}\"")));
        }
    }
}
