//! The relays: the program `conformance` of every guest language, in every way it is built.

use std::fs;
use std::path::{Path, PathBuf};

use ottavo_test_support::{not_built, root};

/// One relay.
pub(crate) struct Guest {
    /// The language's folder under `guests/`, and the variant if the program is built in several
    /// ways: `rust`, `rust-wasip2`.
    pub(crate) name: String,
    /// What people call it: the compiler where the manifest chooses one, else the name.
    pub(crate) title: String,
    /// Its manifest, which routes `/conformance/<name>` to it.
    pub(crate) manifest: PathBuf,
    /// Why it is not built here; none when it is.
    pub(crate) missing: Option<String>,
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
                all.push(guest(name, manifest));
            }
        }
    }
    assert!(!all.is_empty(), "no guest language was found");
    all.sort_by(|a, b| a.title.cmp(&b.title));
    all
}

/// Those that are built here.
pub(crate) fn built() -> Vec<Guest> {
    all().into_iter().filter(|guest| guest.missing.is_none()).collect()
}

fn guest(name: String, manifest: PathBuf) -> Guest {
    let title = compiler(&manifest).unwrap_or_else(|| name.clone());
    let missing = not_built(&format!("conformance-{name}")).unwrap();
    Guest { name, title, manifest, missing }
}

/// `build.compiler` of a manifest.
fn compiler(manifest: &Path) -> Option<String> {
    let manifest: toml::Table = fs::read_to_string(manifest).unwrap().parse().unwrap();
    let compiler = manifest.get("build")?.get("compiler")?;
    compiler.as_str().map(str::to_owned)
}
