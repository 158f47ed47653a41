//! Interfaces of other hosts, and the nearest of ours.

use crate::interface::InterfaceName;

/// The start of a foreign interface's name without its version, and what to use here instead. The
/// first that fits wins.
const NEAREST: &[(&str, &str)] = &[
    (
        "wasi:http/",
        "this host has `wasi:http` of WASI 0.2 and 0.3: build for one of those (Rust: the target `wasm32-wasip2`)",
    ),
    ("wasi:keyvalue/", "keep state with `ottavo:runtime/state`"),
    ("wasi:blobstore/", "keep bytes with `ottavo:runtime/state`"),
    ("wasi:config/", "read settings with `setting` of `ottavo:runtime/context`"),
    ("wasi:logging/", "log with `ottavo:runtime/log`, or write to stderr"),
    ("fermyon:spin/key-value", "keep state with `ottavo:runtime/state`"),
    ("fermyon:spin/variables", "read settings with `setting` of `ottavo:runtime/context`"),
    ("fermyon:spin/config", "read settings with `setting` of `ottavo:runtime/context`"),
    ("fermyon:spin/", "this is Spin's own; for state there is `ottavo:runtime/state`"),
    ("spin:key-value/", "keep state with `ottavo:runtime/state`"),
    ("spin:variables/", "read settings with `setting` of `ottavo:runtime/context`"),
    ("spin:", "this is Spin's own; for state there is `ottavo:runtime/state`"),
    ("wasmcloud:", "this is wasmCloud's own; for state there is `ottavo:runtime/state`"),
    ("wrpc:", "this is wasmCloud's own; for state there is `ottavo:runtime/state`"),
    ("wasi:threads/", "functions run on one thread; build without threads"),
    ("wasi:nn/", "this host runs no models; remove what does"),
];

/// What to do about a foreign interface, when it is known.
pub(crate) fn nearest(name: &InterfaceName<'_>) -> Option<&'static str> {
    let path = format!("{}/{}", name.package, name.interface);
    NEAREST.iter().find(|(start, _)| path.starts_with(start)).map(|(_, hint)| *hint)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provided::{Provided, named};

    #[test]
    fn the_hints_name_interfaces_that_exist() {
        let provided = Provided::get();
        for (_, hint) in NEAREST {
            for quoted in hint.split('`').skip(1).step_by(2) {
                let Some(name) = InterfaceName::parse(quoted) else { continue };
                let known = named(provided.imports(), &name).or(named(provided.exports(), &name));
                assert!(known.is_some(), "{quoted}");
            }
        }
    }
}
