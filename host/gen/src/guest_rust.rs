//! Bindings of `guests/rust/sdk` from `wit/`, so that a function needs no generator to build.
//!
//! What `wit-bindgen` makes stays private to the SDK; types that only go into a call borrow.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use wit_bindgen_core::wit_parser::Resolve;
use wit_bindgen_core::{Files, WorldGenerator};
use wit_bindgen_rust::{Opts, Ownership};

use crate::File;

const WORLD: &str = "http-function";
const BINDINGS: &str = "guests/rust/sdk/src/bindings.rs";

/// What is said above the generated text: the rest of the SDK is held to its lints.
const HEADER: &str = "\
//! Generated from `wit/` by `cargo xtask gen`; not for editing.
#![allow(clippy::all, clippy::allow_attributes_without_reason, reason = \"generated\")]
#![allow(clippy::unwrap_used, reason = \"generated\")]
#![allow(missing_docs, unreachable_pub, reason = \"generated\")]

";

/// The generated files.
pub(crate) fn files(root: &Path) -> Result<Vec<File>> {
    let mut resolve = Resolve::default();
    let folder = root.join("wit");
    let (package, _) = resolve
        .push_path(&folder)
        .with_context(|| format!("reading the WIT package in `{}`", folder.display()))?;
    let world = resolve.select_world(&[package], Some(WORLD))?;
    let mut made = Files::default();
    options().build().generate(&mut resolve, world, &mut made)?;
    let (_, text) = made.iter().next().context("the generator made no file")?;
    let text = std::str::from_utf8(text).context("the generated text is not UTF-8")?;
    Ok(vec![(PathBuf::from(BINDINGS), format!("{HEADER}{text}"))])
}

fn options() -> Opts {
    Opts {
        format: true,
        generate_all: true,
        ownership: Ownership::Borrowing { duplicate_if_necessary: true },
        runtime_path: Some("::ottavo_sdk::__private::rt".to_owned()),
        export_macro_name: Some("__export_http_function".to_owned()),
        default_bindings_module: Some("::ottavo_sdk::__private::bindings".to_owned()),
        pub_export_macro: true,
        ..Opts::default()
    }
}
