//! Programs that were built to wasm before the tests.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

/// The repository. Looked for from where cargo runs tests, and not where this was built: several
/// checkouts may share what was built.
pub fn root() -> PathBuf {
    let here = std::env::current_dir().expect("tests run in a folder");
    let mut above = here.ancestors();
    let root = above.find(|folder| folder.join("tests/support").is_dir());
    root.expect("tests run inside the repository").to_owned()
}

/// The `.wasm` of a program: an example's or test program's folder name, or
/// `conformance-<language>`.
pub fn program(name: &str) -> Result<PathBuf> {
    let variable = "OTTAVO_TEST_PROGRAMS";
    #[expect(clippy::disallowed_methods, reason = "how `cargo xtask test` says where they are")]
    let folder = std::env::var_os(variable)
        .with_context(|| format!("`{variable}` is not set: run `cargo xtask test`"))?;
    let path = Path::new(&folder).join(format!("{name}.wasm"));
    let shown = path.display();
    ensure!(path.exists(), "`{shown}` is not built: run `cargo xtask test`");
    Ok(path)
}
