//! AssemblyScript bindings for the imports and exports of a WIT world.
//!
//! [`generate`] gives readable AssemblyScript files: one per interface with its types and, if it is
//! imported, its functions; `abi.ts`, what all of them share; and, for a world with exports,
//! `entry.ts` with the functions that the host calls and `exports.json`, which tells the canonical
//! name of each (AssemblyScript cannot write such a name itself).
//!
//! Invariants of what is generated:
//!
//! - `cabi_realloc` hands out blocks that the garbage collector does not know, so the host may call
//!   it at any moment; whoever lifts a value copies it and frees the block.
//! - What is lowered lies in an arena that is reset after the call, or in post-return. Bytes of
//!   typed arrays are passed in place: nothing collects between their address being taken and read.
//! - No name from WIT can shadow a builtin, a global or another name of its file.
//!
//! Not covered, and refused by name before anything is generated: exported resources, `async`,
//! streams, futures, maps, lists of fixed length, functions and types of the world itself.

use std::path::Path;

use anyhow::{Context, Result};
use wit_bindgen_core::wit_parser::Resolve;
use wit_bindgen_core::{Files, WorldGenerator};

mod arms;
mod body;
mod check;
mod define;
mod exports;
mod file;
mod imports;
mod lift;
mod lower;
mod names;
mod resources;
mod scalar;
mod source;
mod types;
mod world;

/// What to generate.
#[derive(Clone, Debug)]
pub struct Options {
    /// The world; none when the package has one only.
    pub world: Option<String>,
    /// The module, as `entry.ts` imports it, that has the functions of the exports.
    pub implementation: String,
    /// Said in the head of every file: what to run to generate it again.
    pub generator: String,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            world: None,
            implementation: "../index".to_owned(),
            generator: "ottavo-bindgen-assemblyscript".to_owned(),
        }
    }
}

/// The files for the WIT package at `wit`, a folder or a file: name and text, sorted by name.
///
/// # Errors
/// When the package cannot be read, the world is not there, or it uses what is not covered; the
/// error names the WIT item.
pub fn generate(wit: &Path, options: &Options) -> Result<Vec<(String, String)>> {
    let mut resolve = Resolve::default();
    let (package, _) = resolve
        .push_path(wit)
        .with_context(|| format!("reading the WIT package in `{}`", wit.display()))?;
    let world = resolve.select_world(&[package], options.world.as_deref())?;
    check::world(&resolve, world)?;
    let mut files = Files::default();
    world::World::new(options.clone()).generate(&mut resolve, world, &mut files)?;
    let named = files.iter().map(|(name, text)| {
        let text = String::from_utf8(text.to_vec()).context("the generated text is not UTF-8")?;
        Ok((name.to_owned(), text))
    });
    named.collect()
}
