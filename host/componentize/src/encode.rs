//! A core module becomes a component of the world it embeds.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use ottavo_core::{Error, Result};
use wasmparser::{Parser, Payload};
use wit_component::ComponentEncoder;

use crate::infer::embed_world;
use crate::listing::short;
use crate::outside::explain_failure;
use crate::preview1::{self, PREVIEW1};
use crate::world::check_worlds;

/// What a core module says about itself.
pub(crate) struct Surface<'a> {
    /// Module and name of each import.
    pub(crate) imports: Vec<(&'a str, &'a str)>,
    /// The name of each export.
    pub(crate) exports: Vec<&'a str>,
    /// Whether it embeds a world.
    world: bool,
}

/// Encodes a valid core module.
pub(crate) fn encode(module: &[u8]) -> Result<Vec<u8>> {
    let surface = Surface::read(module)?;
    let module = match surface.world {
        true => Cow::Borrowed(module),
        false => Cow::Owned(
            embed_world(module, &surface.exports).ok_or_else(|| without_world(&surface))?,
        ),
    };
    let module = &*module;
    let adapter = preview1::adapter(&surface.imports);
    match adapter {
        Some(adapter) => check_worlds(&[module, adapter])?,
        None => check_worlds(&[module])?,
    }
    let encoded = guarded(|| {
        let mut encoder = ComponentEncoder::default()
            .validate(true)
            .module(module)
            .map_err(|e| format!("{e:#}"))?;
        if let Some(adapter) = adapter {
            encoder = encoder.adapter(PREVIEW1, adapter).map_err(|e| format!("{e:#}"))?;
        }
        encoder.encode().map_err(|e| format!("{e:#}"))
    });
    encoded.map_err(|cause| explain_failure(module, &surface, &cause))
}

/// Runs the encoder, which was not written for hostile worlds: a panic in it is an answer too.
pub(crate) fn guarded<T>(run: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(run))
        .unwrap_or_else(|_| Err("the encoder cannot handle the embedded world".to_owned()))
}

impl<'a> Surface<'a> {
    fn read(module: &'a [u8]) -> Result<Surface<'a>> {
        let mut surface = Surface { imports: Vec::new(), exports: Vec::new(), world: false };
        surface.fill(module).map_err(|e| crate::features::refused(&e))?;
        Ok(surface)
    }

    fn fill(&mut self, module: &'a [u8]) -> Result<(), wasmparser::Error> {
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        let import = import?;
                        self.imports.push((import.module, import.name));
                    }
                }
                Payload::ExportSection(section) => {
                    for export in section {
                        self.exports.push(export?.name);
                    }
                }
                Payload::CustomSection(section) => {
                    self.world |= section.name().starts_with("component-type");
                }
                _ => {}
            }
        }
        Ok(())
    }
}

fn without_world(surface: &Surface<'_>) -> Error {
    let from = |module: &str| surface.imports.iter().any(|(m, _)| *m == module);
    let hint = if from("gojs") || from("go") {
        "it was built for a browser (`GOOS=js`): build it with `GOOS=wasip1` and the Go SDK"
    } else if from("wbg") || from("__wbindgen_placeholder__") {
        "it was built with wasm-bindgen, for a browser: build it with the SDK and without \
         wasm-bindgen"
    } else if surface.exports.contains(&"_start") {
        "it is a command with a `main`: build it as a library (Rust: `crate-type = [\"cdylib\"]`, \
         Go: `-buildmode=c-shared`) that uses the SDK, with `ottavo build`"
    } else {
        "build it with an SDK of Ottavo and `ottavo build`, or upload a component"
    };
    let exports = match surface.exports.iter().find(|name| **name != "memory") {
        Some(name) => format!(" (it exports `{}`)", short(name)),
        None => String::new(),
    };
    Error::invalid(format!(
        "the core module{exports} does not say which world it was built for: it has no \
         `component-type` section; {hint}"
    ))
}
