//! Bindings of `guests/rust/sdk` from `wit/`, so that a function needs no generator to build, and of
//! the one test program with an interface of its own.
//!
//! What `wit-bindgen` makes stays private to the SDK; types that only go into a call borrow.
//!
//! The SDK has the bindings of every handler, and a macro for each world that exports one of them: a
//! function exports what its attributes ask for, and embeds their worlds, which are merged.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use wit_bindgen_core::wit_parser::Resolve;
use wit_bindgen_core::{Files, WorldGenerator};
use wit_bindgen_rust::{Opts, Ownership};

use crate::File;

/// A WIT package, the world of it to bind, and where the bindings go.
struct Program {
    wit: &'static str,
    world: &'static str,
    /// The worlds that get an export macro each, in place of the one of `world`.
    exports: &'static [&'static str],
    bindings: &'static str,
    options: fn(&str) -> Opts,
}

const PROGRAMS: [Program; 2] = [
    Program {
        wit: "wit",
        world: "function",
        exports: &["http-function", "event-function"],
        bindings: "guests/rust/sdk/src/bindings.rs",
        options: sdk,
    },
    Program {
        wit: "tests/programs/bad-interface/wit",
        world: "caller",
        exports: &[],
        bindings: "tests/programs/bad-interface/src/bindings.rs",
        options: importer,
    },
];

/// What is said above the generated text: the rest of the SDK is held to its lints.
const HEADER: &str = "\
//! Generated from WIT by `cargo xtask gen`; not for editing.
#![allow(clippy::all, clippy::allow_attributes_without_reason, reason = \"generated\")]
#![allow(clippy::unwrap_used, reason = \"generated\")]
#![allow(missing_docs, unreachable_pub, reason = \"generated\")]

";

/// The generated files.
pub(crate) fn files(root: &Path) -> Result<Vec<File>> {
    PROGRAMS.iter().map(|program| program.generate(root)).collect()
}

impl Program {
    fn generate(&self, root: &Path) -> Result<File> {
        let mut text = self.bind(root, self.world)?;
        if !self.exports.is_empty() {
            let mut macros = String::new();
            for world in self.exports {
                macros += export_macro(&self.bind(root, world)?)?;
            }
            text = text.replace(export_macro(&text)?, &macros);
        }
        Ok((PathBuf::from(self.bindings), format!("{HEADER}{text}")))
    }

    fn bind(&self, root: &Path, world: &str) -> Result<String> {
        let mut resolve = Resolve::default();
        let folder = root.join(self.wit);
        let (package, _) = resolve
            .push_path(&folder)
            .with_context(|| format!("reading the WIT package in `{}`", folder.display()))?;
        let options = (self.options)(world);
        let world = resolve.select_world(&[package], Some(world))?;
        let mut made = Files::default();
        options.build().generate(&mut resolve, world, &mut made)?;
        let (_, text) = made.iter().next().context("the generator made no file")?;
        Ok(std::str::from_utf8(text).context("the generated text is not UTF-8")?.to_owned())
    }
}

/// The macro that exports a world, with what the generator says of it.
fn export_macro(text: &str) -> Result<&str> {
    let begin = text.find("/// Generates `#[unsafe(no_mangle)]` functions");
    let name = text.find("\npub use __export_").context("the generator made no export macro")?;
    let end = text[name + 1..].find('\n').map(|length| name + 1 + length + 1);
    let (begin, end) = begin.zip(end).context("the export macro has another form")?;
    Ok(&text[begin..end])
}

/// The SDK's: the attribute in a function's crate uses the export macro from there.
fn sdk(world: &str) -> Opts {
    Opts {
        export_macro_name: Some(format!("__export_{}", world.replace('-', "_"))),
        default_bindings_module: Some("::ottavo_sdk::__private::bindings".to_owned()),
        pub_export_macro: true,
        ..importer(world)
    }
}

/// A program's that calls an interface of its own beside the SDK's.
fn importer(_world: &str) -> Opts {
    Opts {
        format: true,
        generate_all: true,
        ownership: Ownership::Borrowing { duplicate_if_necessary: true },
        runtime_path: Some("::ottavo_sdk::__private::rt".to_owned()),
        ..Opts::default()
    }
}
