//! Programs that were built to wasm before the tests.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

/// The repository.
pub fn root() -> &'static Path {
    let support = Path::new(env!("CARGO_MANIFEST_DIR"));
    support.ancestors().nth(2).expect("this crate is two folders below the root")
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
