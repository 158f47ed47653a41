//! Bindings of `guests/assemblyscript/sdk` from `wit/`, so that a function needs no generator to
//! build, and those of the test program that has WIT of its own. The generator itself is the crate
//! beside the SDK.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use ottavo_bindgen_assemblyscript::{Options, component_type, generate};

use crate::{File, Made};

/// Where the bindings are committed.
const TARGET: &str = "guests/assemblyscript/sdk/assembly/bindings";

/// A function that exports an interface of its own.
const OWN_WIT: &str = "tests/programs/shelves-assemblyscript";

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

/// What somebody with WIT of their own generates, as `docs/guides/assemblyscript-wit.md` says.
pub(crate) fn own_wit(root: &Path) -> Result<Vec<Made>> {
    let package = tempfile::tempdir().context("a folder for the package")?;
    copy(&root.join(OWN_WIT).join("wit"), package.path())?;
    copy(&root.join("wit"), &package.path().join("deps/ottavo"))?;
    let options =
        Options { sdk: true, generator: "cargo xtask gen".to_owned(), ..Options::default() };
    let made = generate(package.path(), &options)?;
    let world = component_type(package.path(), None)?;
    let bindings = Path::new(OWN_WIT).join("assembly/bindings");
    let texts = made.into_iter().map(|(name, text)| (name, text.into_bytes()));
    let all = texts.chain([("component-type.bin".to_owned(), world)]);
    Ok(all.map(|(name, bytes)| (bindings.join(name), bytes)).collect())
}

/// The WIT files of a folder.
fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("creating `{}`", to.display()))?;
    for entry in fs::read_dir(from).with_context(|| format!("reading `{}`", from.display()))? {
        let path = entry?.path();
        let Some(name) = path.file_name() else { continue };
        if path.extension().is_some_and(|extension| extension == "wit") {
            fs::copy(&path, to.join(name)).with_context(|| format!("copying {name:?}"))?;
        }
    }
    Ok(())
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
