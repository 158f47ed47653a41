//! The WebAssembly proposals a function may use, and validation with them.

use ottavo_core::Error;
use wasmparser::WasmFeatures;

use crate::listing::cause;

/// What the engine accepts: WebAssembly 3 without garbage collection, exceptions and threads.
/// Asking here gives the readable answer; the engine asks again when it compiles.
pub(crate) const ACCEPTED: WasmFeatures = WasmFeatures::WASM3
    .difference(WasmFeatures::GC_TYPES)
    .difference(WasmFeatures::EXCEPTIONS)
    .difference(WasmFeatures::THREADS)
    .union(WasmFeatures::COMPONENT_MODEL)
    .union(WasmFeatures::CM_ASYNC);

/// A proposal that is not accepted, its name, what to do.
const REFUSED: &[(WasmFeatures, &str, &str)] = &[
    (
        WasmFeatures::THREADS,
        "threads or shared memory",
        "build for a target without threads, such as `wasm32-wasip2`",
    ),
    (
        WasmFeatures::GC_TYPES,
        "garbage-collected references",
        "build with linear memory only, without the `gc` and `externref` features",
    ),
    (
        WasmFeatures::EXCEPTIONS,
        "exception handling",
        "build without exceptions (`-fno-exceptions`, or panic = \"abort\")",
    ),
    (
        WasmFeatures::LEGACY_EXCEPTIONS,
        "exception handling",
        "build without exceptions (`-fno-exceptions`, or panic = \"abort\")",
    ),
];

/// Puts a validator's complaint into words.
pub(crate) fn refused(error: &wasmparser::Error) -> Error {
    let offset = error.offset();
    let cause = cause(error.message());
    if let Some(missing) = error.missing_wasm_feature() {
        return match REFUSED.iter().find(|(feature, ..)| missing.intersects(*feature)) {
            Some((_, name, hint)) => {
                Error::invalid(format!("functions cannot use {name} ({cause}); {hint}"))
            }
            None => Error::invalid(format!(
                "the binary uses a WebAssembly feature that is not accepted: {cause}; build \
                 without it"
            )),
        };
    }
    if error.message().contains("unexpected end") {
        return Error::invalid(format!(
            "the WebAssembly binary is cut off or damaged at byte {offset}: {cause}; build or \
             copy it again"
        ));
    }
    Error::invalid(format!(
        "the WebAssembly binary is not valid at byte {offset}: {cause}; build it again with \
         current tools"
    ))
}
