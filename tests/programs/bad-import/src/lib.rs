//! A function whose module also imports `env.nope`, which no host has.

use ottavo_sdk::Request;

#[cfg(target_family = "wasm")]
#[ottavo_sdk::http]
#[expect(unsafe_code, reason = "an import that no interface describes")]
fn bad_import(_: Request) -> String {
    #[link(wasm_import_module = "env")]
    unsafe extern "C" {
        fn nope() -> u32;
    }
    // SAFETY: never reached, since the import is refused at deploy
    unsafe { nope() }.to_string()
}

#[cfg(not(target_family = "wasm"))]
#[ottavo_sdk::http]
fn bad_import(_: Request) -> &'static str {
    "the import is there on wasm alone"
}
