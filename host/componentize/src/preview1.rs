//! The adapter for core modules that import WASI preview 1.
//!
//! Ours (`adapter/preview1.wat`) offers every function of preview 1 to a program without files, and
//! imports `ottavo:runtime/program` alone. The standard one imports five packages of WASI 0.2 and
//! has files and sockets, where a host grants some.

use std::sync::LazyLock;

use wasi_preview1_component_adapter_provider as standard;
use wit_component::{StringEncoding, embed_component_metadata};

use crate::package::Package;

/// The module that its functions are imported from.
pub(crate) const PREVIEW1: &str = standard::WASI_SNAPSHOT_PREVIEW1_ADAPTER_NAME;

/// As the build script assembled it.
const ASSEMBLED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/preview1.wasm"));

/// The world of what it imports.
const WORLD: &str = "preview1";

/// The adapter that fits a module with these imports; none when it imports nothing of preview 1.
///
/// A module that imports interfaces of WASI 0.2 beside it shares their streams and folders with the
/// adapter: that takes the standard one.
pub(crate) fn adapter(imports: &[(&str, &str)]) -> Option<&'static [u8]> {
    let from = |found: fn(&str) -> bool| imports.iter().any(|(module, _)| found(module));
    if !from(|module| module == PREVIEW1) {
        return None;
    }
    Some(match from(|module| module.starts_with("wasi:")) {
        true => standard::WASI_SNAPSHOT_PREVIEW1_REACTOR_ADAPTER,
        false => ours(),
    })
}

/// Our adapter, with the world it embeds.
fn ours() -> &'static [u8] {
    static OURS: LazyLock<Vec<u8>> = LazyLock::new(|| {
        let Package { resolve, id } = Package::get();
        let mut adapter = ASSEMBLED.to_vec();
        let world = resolve.packages[*id].worlds[WORLD];
        embed_component_metadata(&mut adapter, resolve, world, StringEncoding::UTF8)
            .expect("a world of the package in `wit/` can be embedded, as the tests prove");
        adapter
    });
    &OURS
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use wasmparser::{ExternalKind, FuncType, Validator};

    use super::*;

    /// The functions that a module exports, with their types.
    fn functions(module: &[u8]) -> BTreeMap<String, FuncType> {
        let types = Validator::new().validate_all(module).unwrap();
        let types = types.as_ref();
        let mut functions = BTreeMap::new();
        for payload in wasmparser::Parser::new(0).parse_all(module) {
            let wasmparser::Payload::ExportSection(section) = payload.unwrap() else { continue };
            for export in section {
                let export = export.unwrap();
                assert_eq!(export.kind, ExternalKind::Func, "{}", export.name);
                let ty = types[types.core_function_at(export.index)].unwrap_func().clone();
                functions.insert(export.name.to_owned(), ty);
            }
        }
        functions
    }

    #[test]
    fn ours_has_every_function_of_the_standard_one_with_its_type() {
        let ours = functions(ours());
        let mut standard = functions(standard::WASI_SNAPSHOT_PREVIEW1_REACTOR_ADAPTER);
        // what the encoder needs of it
        standard.retain(|name, _| {
            !["cabi_", "adapter_", "reset_"].iter().any(|start| name.starts_with(start))
        });
        assert_eq!(ours, standard);
        assert!(ours.len() > 40, "{}", ours.len());
    }

    #[test]
    fn the_standard_one_is_for_modules_with_imports_of_wasi_0_2() {
        let standard = standard::WASI_SNAPSHOT_PREVIEW1_REACTOR_ADAPTER;
        assert_eq!(adapter(&[("ottavo:runtime/log@0.1.0", "emit")]), None);
        assert_eq!(adapter(&[(PREVIEW1, "path_open")]), Some(ours()));
        let both = [(PREVIEW1, "fd_write"), ("wasi:filesystem/preopens@0.2.3", "get-directories")];
        assert_eq!(adapter(&both), Some(standard));
    }
}
