//! Programs that were built to wasm before the tests.

use std::path::PathBuf;

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
    let path = folder()?.join(format!("{name}.wasm"));
    let shown = path.display();
    ensure!(path.exists(), "`{shown}` is not built: run `cargo xtask test`");
    Ok(path)
}

/// Why a program could not be built here, for want of its compiler; none when it was.
pub fn not_built(name: &str) -> Result<Option<String>> {
    let list = std::fs::read_to_string(folder()?.join("not-built")).unwrap_or_default();
    let mut lines = list.lines().filter_map(|line| line.split_once(": "));
    Ok(lines.find(|(program, _)| *program == name).map(|(_, why)| why.to_owned()))
}

fn folder() -> Result<PathBuf> {
    let variable = "OTTAVO_TEST_PROGRAMS";
    #[expect(clippy::disallowed_methods, reason = "how `cargo xtask test` says where they are")]
    let folder = std::env::var_os(variable);
    folder
        .map(PathBuf::from)
        .with_context(|| format!("`{variable}` is not set: run `cargo xtask test`"))
}
