//! The module that cargo built, read from its messages.

use std::path::PathBuf;

use serde::Deserialize;

use crate::failure::{Failure, Result};

#[derive(Deserialize)]
struct Message {
    reason: String,
    #[serde(default)]
    target: Target,
    #[serde(default)]
    filenames: Vec<PathBuf>,
}

#[derive(Default, Deserialize)]
struct Target {
    #[serde(default)]
    kind: Vec<String>,
    #[serde(default)]
    crate_types: Vec<String>,
}

/// The `.wasm` of the last library that was built for loading.
pub(crate) fn of_cargo(printed: &str) -> Result<PathBuf> {
    let mut messages =
        printed.lines().filter_map(|line| serde_json::from_str::<Message>(line).ok());
    let cdylib = |target: &Target| {
        target.kind.iter().chain(&target.crate_types).any(|kind| kind == "cdylib")
    };
    let built = messages.rfind(|m| m.reason == "compiler-artifact" && cdylib(&m.target));
    let wasm = built.into_iter().flat_map(|message| message.filenames);
    wasm.into_iter().find(|file| file.extension().is_some_and(|e| e == "wasm")).ok_or_else(|| {
        Failure::new("cargo built no WebAssembly module")
            .hint("a function is a library: its code belongs in `src/lib.rs`")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_loadable_library_wins() {
        let printed = r#"
not json
{"reason":"compiler-artifact","target":{"kind":["proc-macro"]},"filenames":["/t/libm.so"]}
{"reason":"compiler-artifact","target":{"kind":["cdylib"]},"filenames":["/t/deps.wasm"]}
{"reason":"compiler-artifact","target":{"kind":["lib"],"crate_types":["cdylib"]},"filenames":["/t/f.d","/t/f.wasm"]}
{"reason":"compiler-artifact","target":{"kind":["bin"]},"filenames":["/t/bin.wasm"]}
{"reason":"build-finished","success":true}
"#;
        assert_eq!(of_cargo(printed), Ok(PathBuf::from("/t/f.wasm")));
        assert!(of_cargo("").is_err());
    }
}
