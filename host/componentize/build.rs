//! Assembles the adapter for WASI preview 1, so that the binary carries it and no assembler.

use std::error::Error;
use std::path::PathBuf;

/// From this crate's folder, where cargo runs a build script.
const ADAPTER: &str = "adapter/preview1.wat";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={ADAPTER}");
    #[expect(clippy::disallowed_methods, reason = "cargo tells a build script by environment")]
    let folder = std::env::var_os("OUT_DIR").ok_or("cargo sets `OUT_DIR`")?;
    std::fs::write(PathBuf::from(folder).join("preview1.wasm"), wat::parse_file(ADAPTER)?)?;
    Ok(())
}
