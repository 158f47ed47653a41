//! Why a core module does not fit the world it embeds.

use ottavo_core::Error;
use wit_component::metadata::{self, Bindgen};
use wit_parser::{WorldItem, WorldKey};

use crate::encode::{Surface, guarded};
use crate::interface::InterfaceName;
use crate::listing::{self, lines, short};
use crate::preview1::PREVIEW1;

/// Puts the encoder's refusal into words, naming everything that is wrong rather than the first.
pub(crate) fn explain_failure(module: &[u8], surface: &Surface<'_>, cause: &str) -> Error {
    let embedded = guarded(|| metadata::decode(module).map_err(|e| format!("{e:#}")));
    let Ok((_, embedded)) = embedded else {
        return Error::invalid(format!(
            "the world that the core module embeds cannot be read: {}; build it again with a \
             current SDK",
            listing::cause(cause)
        ));
    };
    let outside = outside_imports(surface, &embedded);
    if !outside.is_empty() {
        let error = Error::invalid(lines(
            "the core module imports what its world does not have, so nothing can provide it:",
            &outside.iter().map(|i| i.line()).collect::<Vec<_>>(),
        ));
        return outside.iter().take(32).fold(error, |error, import| {
            error.with_detail("import", short(&format!("{}.{}", import.module, import.name)))
        });
    }
    let missing = missing_exports(surface, &embedded);
    if !missing.is_empty() {
        return Error::invalid(lines(
            "the core module lacks functions that its world says it exports (implement them, or \
             build against a world without them):",
            &missing,
        ));
    }
    let cause = cause.strip_prefix(ENCODER).unwrap_or(cause);
    Error::invalid(format!(
        "the core module does not fit the world that it embeds: {}; build it again with one \
         version of the SDK",
        listing::cause(cause)
    ))
}

/// What the encoder says first, and what the message says already.
const ENCODER: &str = "failed to decode world from module: module was not valid: ";

struct OutsideImport<'a> {
    module: &'a str,
    name: &'a str,
}

impl OutsideImport<'_> {
    fn line(&self) -> String {
        let hint = match self.module {
            "wasi_unstable" => "the toolchain is too old: build for `wasm32-wasip1` or later",
            "wbg" | "__wbindgen_placeholder__" => "a crate uses wasm-bindgen: switch that off",
            "gojs" | "go" => "build with `GOOS=wasip1`",
            "env" if self.name == "memory" => "link without `--import-memory`",
            "env" if matches!(self.name, "abort" | "seed" | "trace") => {
                "AssemblyScript's default: build with the SDK's `asconfig.json`"
            }
            "env" => "a symbol the linker did not find: link the library that has it",
            _ => "remove what needs it, or add the interface to the world",
        };
        format!("`{}.{}`: {hint}", short(self.module), short(self.name))
    }
}

fn outside_imports<'a>(surface: &Surface<'a>, embedded: &Bindgen) -> Vec<OutsideImport<'a>> {
    let world = &embedded.resolve.worlds[embedded.world];
    let names: Vec<String> =
        world.imports.keys().map(|key| embedded.resolve.name_world_key(key)).collect();
    let inside = |module: &str| {
        module == PREVIEW1
            || module == "$root"
            || module.starts_with("[export]")
            || module.starts_with("cm32p2")
            || names.iter().any(|name| fits(name, module))
    };
    surface
        .imports
        .iter()
        .filter(|(module, _)| !inside(module))
        .map(|&(module, name)| OutsideImport { module, name })
        .collect()
}

fn fits(ours: &str, theirs: &str) -> bool {
    ours == theirs
        || InterfaceName::parse(ours)
            .zip(InterfaceName::parse(theirs))
            .is_some_and(|(ours, theirs)| ours.compatible(&theirs))
}

fn missing_exports(surface: &Surface<'_>, embedded: &Bindgen) -> Vec<String> {
    let resolve = &embedded.resolve;
    let mut missing = Vec::new();
    for (key, item) in &resolve.worlds[embedded.world].exports {
        match item {
            WorldItem::Interface { id, .. } => {
                let interface = resolve.name_world_key(key);
                for function in resolve.interfaces[*id].functions.keys() {
                    let wanted = format!("{interface}#{function}");
                    if !exported(surface, &wanted, function) {
                        missing.push(format!("`{}`", short(&wanted)));
                    }
                }
            }
            WorldItem::Function(function) => {
                let WorldKey::Name(name) = key else { continue };
                if !exported(surface, name, &function.name) {
                    missing.push(format!("`{}`", short(name)));
                }
            }
            WorldItem::Type { .. } => {}
        }
    }
    missing
}

/// Under its own name, or one of the other manglings: asynchronous, or the newer `cm32p2`.
fn exported(surface: &Surface<'_>, wanted: &str, function: &str) -> bool {
    surface.exports.iter().any(|name| {
        *name == wanted
            || name.strip_prefix("[async-lift]") == Some(wanted)
            || name.strip_prefix("[async-lift-stackful]") == Some(wanted)
            || (name.starts_with("cm32p2") && name.rsplit('|').next() == Some(function))
    })
}
