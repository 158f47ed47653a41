//! Types and traits of the WIT package, made by wasmtime from `wit/`.

wasmtime::component::bindgen!({
    path: "../../wit",
    world: "function",
    imports: {
        "ottavo:runtime/http-client": async,
        "ottavo:runtime/invoke": async,
        "ottavo:runtime/pubsub": async,
        "ottavo:runtime/binding": async,
        "ottavo:runtime/config": async,
        "ottavo:runtime/secret": async,
        "ottavo:runtime/state": async,
        "ottavo:runtime/lock": async,
        "ottavo:runtime/sequencer": async,
        "ottavo:runtime/file": async,
        "ottavo:runtime/file.[method]reader.info": trappable,
    },
    exports: { default: async },
});

// interfaces that hold types only
impl ottavo::runtime::types::Host for crate::Call {}
impl ottavo::runtime::http::Host for crate::Call {}

/// The world of the adapter for WASI preview 1, which no program is built for.
pub(crate) mod preview1 {
    wasmtime::component::bindgen!({
        path: "../../wit",
        world: "preview1",
        imports: {
            "ottavo:runtime/program.sleep-until": async,
            "ottavo:runtime/program.exit": trappable,
        },
    });
}
