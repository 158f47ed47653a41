//! Types and traits of the WIT package, made by wasmtime from `wit/`.

wasmtime::component::bindgen!({
    path: "../../wit",
    world: "http-function",
    imports: {
        "ottavo:runtime/state": async,
    },
    exports: { default: async },
});

// interfaces that hold types only
impl ottavo::runtime::types::Host for crate::Call {}
impl ottavo::runtime::http::Host for crate::Call {}
