//! The same component under another digest.

use std::path::{Path, PathBuf};

use anyhow::Result;
use wasm_encoder::{ComponentSection as _, CustomSection};

/// Writes a component with one more custom section, which makes it another file and changes nothing else.
pub(crate) fn stamped(component: &Path, folder: &Path, stamp: &str) -> Result<PathBuf> {
    let mut bytes = std::fs::read(component)?;
    CustomSection { name: "stamp".into(), data: stamp.as_bytes().into() }
        .append_to_component(&mut bytes);
    let path = folder.join(format!("stamped-{stamp}.wasm"));
    std::fs::write(&path, bytes)?;
    Ok(path)
}
