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
//! - What the host owns stands in a table until the host drops it; what it lent is given back when
//!   the call ends.
//!
//! Not covered, and refused by name before anything is generated: `async`, streams, futures,
//! `error-context`. [`component_type`] is what lets a module say which world it was built for.

use std::path::Path;

use anyhow::{Context, Result};
use wit_bindgen_core::wit_parser::{Resolve, WorldId};
use wit_bindgen_core::{Files, WorldGenerator};
use wit_component_of_bindgen::{StringEncoding, metadata};

mod arms;
mod body;
mod check;
mod define;
mod exports;
mod file;
mod home;
mod imports;
mod lift;
mod lists;
mod lower;
mod names;
mod naming;
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
    /// Leaves to the SDK what belongs to `ottavo:runtime`: its exports, and its imports but for types
    /// that other interfaces use.
    pub sdk: bool,
    /// Said in the head of every file: what to run to generate it again.
    pub generator: String,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            world: None,
            implementation: "../index".to_owned(),
            sdk: false,
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
    let world = read(&mut resolve, wit, options.world.as_deref())?;
    check::world(&resolve, world)?;
    let mut files = Files::default();
    world::World::new(world, options.clone()).generate(&mut resolve, world, &mut files)?;
    let named = files.iter().map(|(name, text)| {
        let text = String::from_utf8(text.to_vec()).context("the generated text is not UTF-8")?;
        Ok((name.to_owned(), text))
    });
    named.collect()
}

/// What a core module embeds in a custom section named `component-type:...`, so that it can be
/// encoded as a component of that world.
///
/// # Errors
/// When the package cannot be read, or the world is not there.
pub fn component_type(wit: &Path, world: Option<&str>) -> Result<Vec<u8>> {
    let mut resolve = Resolve::default();
    let world = read(&mut resolve, wit, world)?;
    metadata::encode(&resolve, world, StringEncoding::UTF8, None)
        .context("encoding the world for a module to embed")
}

fn read(resolve: &mut Resolve, wit: &Path, world: Option<&str>) -> Result<WorldId> {
    let (package, _) = resolve
        .push_path(wit)
        .with_context(|| format!("reading the WIT package in `{}`", wit.display()))?;
    resolve.select_world(&[package], world)
}
