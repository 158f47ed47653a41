//! What is uploaded: sniffed, validated, made a component, explained.
#![no_main]

use std::panic::{PanicHookInfo, set_hook, take_hook};
use std::sync::Once;

use libfuzzer_sys::fuzz_target;

/// Crates whose panics are caught where they are called, and are answers.
const CAUGHT: &[&str] = &["/wit-component-", "/wit-parser-"];

static HOOK: Once = Once::new();

fn keep_going() {
    let abort = take_hook();
    set_hook(Box::new(move |panic: &PanicHookInfo<'_>| {
        let file = panic.location().map_or("", |location| location.file());
        if !CAUGHT.iter().any(|known| file.contains(known)) {
            abort(panic);
        }
    }));
}

fuzz_target!(|bytes: &[u8]| {
    HOOK.call_once(keep_going);
    let answer = |error: ottavo_core::Error| assert!(error.message().len() < 64 << 10);
    drop(ottavo_componentize::tuned(bytes, 16));
    match ottavo_componentize::component(bytes) {
        Ok(component) => match ottavo_componentize::inspect(&component) {
            Ok(inspection) => {
                ottavo_componentize::check(&inspection).unwrap_or_else(answer);
                drop(ottavo_componentize::surface(&inspection, Some(&[("state", true)])));
                // what was a component is the same one to everybody outside
                let roomy = ottavo_componentize::tuned(&component, 16);
                let inside = ottavo_componentize::inspect(&roomy).expect("it is valid");
                assert_eq!(inside.imports, inspection.imports);
                assert_eq!(inside.exports, inspection.exports);
            }
            Err(error) => answer(error),
        },
        Err(error) => answer(error),
    }
    ottavo_componentize::inspect(bytes).map(drop).unwrap_or_else(answer);
});
