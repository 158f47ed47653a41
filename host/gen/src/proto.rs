//! gRPC code of `host/wire` from `proto/`.
//!
//! `protox` compiles the definitions, so that no protoc is needed; `tonic-prost-build` writes the
//! code, already formatted. One file per package, named after it, and one with the definitions
//! themselves, comments included, for reflection.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use prost::Message as _;

use crate::Made;

/// Where the generated code is committed.
const TARGET: &str = "host/wire/src/gen";

/// The definitions, as an encoded `google.protobuf.FileDescriptorSet`.
const DESCRIPTORS: &str = "descriptors.bin";

/// The generated files.
pub(crate) fn files(root: &Path) -> Result<Vec<Made>> {
    let includes = root.join("proto");
    let mut sources = Vec::new();
    find(&includes, &mut sources)?;
    sources.sort();
    ensure!(!sources.is_empty(), "no .proto file under `{}`", includes.display());

    let compiled = protox::compile(&sources, [&includes])?;
    let descriptors = (Path::new(TARGET).join(DESCRIPTORS), compiled.encode_to_vec());
    let scratch = tempfile::tempdir().context("creating a folder for generated code")?;
    tonic_prost_build::configure()
        .bytes(".")
        // what is secret is not in its text: `host/wire/src/secret.rs`
        .skip_debug([".ottavo.runtime.v1.SecretValue"])
        .emit_rerun_if_changed(false)
        .out_dir(scratch.path())
        .compile_fds(compiled)
        .context("generating code")?;
    let mut files = collect(scratch.path())?;
    files.push(descriptors);
    Ok(files)
}

/// Every .proto file under `folder`.
fn find(folder: &Path, sources: &mut Vec<PathBuf>) -> Result<()> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("reading `{}`", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            find(&path, sources)?;
        } else if path.extension().is_some_and(|extension| extension == "proto") {
            sources.push(path);
        }
    }
    Ok(())
}

/// What the code generator wrote, in the order of the names.
fn collect(folder: &Path) -> Result<Vec<Made>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        files.push((Path::new(TARGET).join(entry.file_name()), fs::read(entry.path())?));
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_definitions_give_the_same_code() {
        let root = crate::root().unwrap();
        let first = files(&root).unwrap();
        assert_eq!(first, files(&root).unwrap());
        let (path, code) = &first[0];
        assert_eq!(path, &Path::new(TARGET).join("ottavo.runtime.v1.rs"));
        let code = std::str::from_utf8(code).unwrap();
        assert!(code.contains("pub struct StateGetRequest"));
        assert!(code.contains("pub mod state_server"));
        let (path, descriptors) = first.last().unwrap();
        assert_eq!(path, &Path::new(TARGET).join(DESCRIPTORS));
        assert!(descriptors.windows(15).any(|bytes| bytes == b"StateGetRequest"));
    }
}
