//! Generators with heavy dependencies: gRPC code and guest bindings.
//!
//! `gen` writes every generated file of the repository, `gen --check` writes nothing and fails when
//! what is committed differs. Each generator is a module whose `files` returns the files it makes,
//! with paths from the repository's root; nothing but this file touches the disk.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

mod guest_assemblyscript;
mod guest_go;
mod guest_rust;
mod proto;

/// A generated text: its path from the root of the repository, and what is in it.
type File = (PathBuf, String);

/// Any generated file.
type Made = (PathBuf, Vec<u8>);

fn main() -> Result<ExitCode> {
    let check = match std::env::args().skip(1).collect::<Vec<_>>().as_slice() {
        [] => false,
        [flag] if flag == "--check" => true,
        other => bail!("unknown arguments `{}`: use `gen` or `gen --check`", other.join(" ")),
    };
    let root = root()?;
    let mut files = Vec::new();
    files.extend(guest_rust::files(&root).context("generating the Rust guest bindings")?);
    files.extend(guest_go::files(&root).context("generating the Go guest bindings")?);
    files.extend(
        guest_assemblyscript::files(&root)
            .context("generating the AssemblyScript guest bindings")?,
    );
    let texts = files.into_iter().map(|(path, text)| (path, text.into_bytes()));
    let mut files = proto::files(&root).context("generating the gRPC code")?;
    files.extend(texts);
    files.extend(guest_assemblyscript::own_wit(&root).context("generating a program's bindings")?);
    let stale: Vec<&Made> =
        files.iter().filter(|(path, bytes)| differs(&root, path, bytes)).collect();
    for (path, bytes) in &stale {
        if check {
            say(&format!("differs: {}", path.display()));
        } else {
            write(&root.join(path), bytes)?;
            say(&format!("written: {}", path.display()));
        }
    }
    if check && !stale.is_empty() {
        say("generated files differ from what is committed: run `cargo xtask gen`");
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

/// The repository's root: two folders above this crate.
fn root() -> Result<PathBuf> {
    // asked when it runs: several checkouts may share what was built
    #[expect(clippy::disallowed_methods, reason = "cargo tells what it runs by environment")]
    let here = std::env::var_os("CARGO_MANIFEST_DIR").context("run this with `cargo xtask gen`")?;
    Path::new(&here)
        .ancestors()
        .nth(2)
        .map(Path::to_path_buf)
        .context("this crate lies in no repository")
}

fn differs(root: &Path, path: &Path, bytes: &[u8]) -> bool {
    fs::read(root.join(path)).map_or(true, |committed| committed != bytes)
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("creating `{}`", folder.display()))?;
    }
    fs::write(path, bytes).with_context(|| format!("writing `{}`", path.display()))
}

#[expect(clippy::print_stderr, reason = "a developer's tool talks on stderr")]
fn say(line: &str) {
    eprintln!("{line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_differs_until_it_is_written() {
        let folder = std::env::temp_dir().join(format!("ottavo-gen-{}", std::process::id()));
        let path = Path::new("a/b.rs");
        assert!(differs(&folder, path, b"x"));
        write(&folder.join(path), b"x").unwrap();
        assert!(!differs(&folder, path, b"x"));
        assert!(differs(&folder, path, b"y"));
        fs::remove_dir_all(folder).unwrap();
    }
}
