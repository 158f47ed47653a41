//! What becomes a component, and what is refused.

use std::borrow::Cow;

use expect_test::{Expect, expect};
use ottavo_componentize::{Handler, component, inspect};
use ottavo_core::Kind;

use crate::programs::{handler, http_function, module, whole_component, whole_module};

#[track_caller]
fn refused(bytes: &[u8], answer: Expect) {
    let error = component(bytes).unwrap_err();
    assert_eq!(error.kind(), Kind::InvalidArgument);
    answer.assert_eq(error.message());
}

fn wat(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap()
}

#[test]
fn a_component_passes_as_it_is() {
    let bytes = whole_component("ottavo:runtime/http-function", &[]);
    assert!(matches!(component(&bytes), Ok(Cow::Borrowed(same)) if same == bytes));
}

#[test]
fn a_core_module_becomes_a_component_of_its_world() {
    let module = whole_module("ottavo:runtime/http-function", &[]);
    let component = component(&module).unwrap();
    assert_eq!(inspect(&component).unwrap().handlers, [Handler::Http]);
}

#[test]
fn a_handler_of_events_stands_alone_or_beside_the_other() {
    for (world, handlers) in [
        ("ottavo:runtime/event-function", &[Handler::Event][..]),
        ("ottavo:runtime/function", &[Handler::Http, Handler::Event]),
    ] {
        let module = whole_module(world, &[]);
        let component = component(&module).unwrap();
        assert_eq!(inspect(&component).unwrap().handlers, handlers, "{world}");
    }
    // shown by the exports alone
    let receive = r#"(func (export "ottavo:runtime/event-handler@0.1.0#receive")
        (param i32) (result i32) unreachable)"#;
    let both = component(&wat(&handler(receive))).unwrap().into_owned();
    assert_eq!(inspect(&both).unwrap().handlers, [Handler::Http, Handler::Event]);
    let alone = handler("").replace(
        r#""ottavo:runtime/http-handler@0.1.0#handle")
                (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)"#,
        r#""ottavo:runtime/event-handler@0.1.0#receive") (param i32)"#,
    );
    let alone = component(&wat(&alone)).unwrap().into_owned();
    assert_eq!(inspect(&alone).unwrap().handlers, [Handler::Event]);
}

#[test]
fn a_core_module_imports_only_what_it_uses() {
    let module = http_function("");
    let inspection = inspect(&component(&module).unwrap()).unwrap();
    let functions: Vec<_> = inspection.imports.iter().flat_map(|i| &i.functions).collect();
    assert_eq!(functions, [""; 0]);
    assert_eq!(inspection.handlers, [Handler::Http]);
}

#[test]
fn a_wasip1_module_gets_the_adapter() {
    let module = http_function(
        r#"(import "wasi_snapshot_preview1" "fd_write"
            (func (param i32 i32 i32 i32) (result i32)))"#,
    );
    let inspection = inspect(&component(&module).unwrap()).unwrap();
    let imports: Vec<_> = inspection.imports.iter().map(|i| i.interface.as_str()).collect();
    assert!(imports.contains(&"ottavo:runtime/program@0.1.0"), "{imports:?}");
    assert!(imports.iter().all(|i| i.starts_with("ottavo:runtime/")), "{imports:?}");
    assert_eq!(inspection.handlers, [Handler::Http]);
}

#[test]
fn a_module_without_a_world_is_given_the_one_that_its_exports_show() {
    let lines = r#"(import "wasi_snapshot_preview1" "proc_exit" (func (param i32)))"#;
    let bytes = wat(&handler(lines));
    let inspection = inspect(&component(&bytes).unwrap()).unwrap();
    assert_eq!(inspection.handlers, [Handler::Http]);
    assert!(inspection.imports.iter().any(|i| i.functions == ["exit"]));
    let lines = r#"(import "ottavo:runtime/state@0.1.0" "get" (func (param i64)))"#;
    refused(
        &wat(&handler(lines)),
        expect![
            "the core module does not fit the world that it embeds: failed to resolve import `ottavo:runtime/state@0.1.0::get`: failed to validate import interface `ottavo:runtime/state@0.1.0`: type mismatch for function `get`: expected `[I32, I32, I32, I32, I32, I32, I32] -> []` but found `[I64] -> []`; build it again with one version of the SDK"
        ],
    );
}

#[test]
fn other_files_are_named() {
    refused(
        b"",
        expect![
            "not a WebAssembly binary: the file is empty; upload the `.wasm` that the build wrote"
        ],
    );
    refused(
        b"\x7fELF\x02\x01\x01\0",
        expect![
            "not a WebAssembly binary: it is an ELF file, a native program or an already compiled artifact (`.cwasm`); compiled artifacts are never accepted: upload the `.wasm` they were made from"
        ],
    );
    refused(
        b"\x1f\x8b\x08\0\0\0\0\0",
        expect!["not a WebAssembly binary: it is gzip data; unpack it and upload the `.wasm`"],
    );
    refused(
        b"(module)",
        expect![
            "not a WebAssembly binary: it is WebAssembly text; assemble it first: `wasm-tools parse`"
        ],
    );
    refused(
        b"  <!DOCTYPE html>",
        expect![
            "not a WebAssembly binary: it is an HTML page; the download did not give the `.wasm`"
        ],
    );
    refused(
        "über alles".as_bytes(),
        expect!["not a WebAssembly binary: it is text; upload the `.wasm` itself"],
    );
    refused(
        &[0xde, 0xad, 0, 0xbe, 0xef],
        expect!["not a WebAssembly binary: it is other data; upload the `.wasm` itself"],
    );
    refused(
        b"\0as",
        expect![
            "not a WebAssembly binary: the file ends after 3 bytes; it was cut off: build or copy it again"
        ],
    );
    refused(
        b"\0asm\x0a\0\x01\0",
        expect![
            "not a WebAssembly binary: the binary format is version 10, layer 1; build with current tools: modules of version 1 and components of version 13 are read"
        ],
    );
    refused(
        b"!<arch>\nlib.o",
        expect![[
            r#"not a WebAssembly binary: it is a static library; build a `cdylib` (in Cargo.toml: `crate-type = ["cdylib"]`)"#
        ]],
    );
}

#[test]
fn a_cut_off_binary_says_so() {
    let module = whole_module("ottavo:runtime/http-function", &[]);
    refused(
        &module[..module.len() / 2],
        expect![
            "the WebAssembly binary is cut off or damaged at byte 2112: unexpected end-of-file; build or copy it again"
        ],
    );
    let component = whole_component("ottavo:runtime/http-function", &[]);
    refused(
        &component[..component.len() - 1],
        expect![
            "the WebAssembly binary is cut off or damaged at byte 18997: unexpected end-of-file; build or copy it again"
        ],
    );
}

#[test]
fn a_module_without_a_world_is_told_how_to_get_one() {
    refused(
        &wat("(module)"),
        expect![
            "the core module does not say which world it was built for: it has no `component-type` section; build it with an SDK of Ottavo and `ottavo build`, or upload a component"
        ],
    );
    refused(
        &wat(r#"(module (func (export "add")))"#),
        expect![
            "the core module (it exports `add`) does not say which world it was built for: it has no `component-type` section; build it with an SDK of Ottavo and `ottavo build`, or upload a component"
        ],
    );
    refused(
        &wat(r#"(module (func (export "_start")))"#),
        expect![[
            r#"the core module (it exports `_start`) does not say which world it was built for: it has no `component-type` section; it is a command with a `main`: build it as a library (Rust: `crate-type = ["cdylib"]`, Go: `-buildmode=c-shared`) that uses the SDK, with `ottavo build`"#
        ]],
    );
    refused(
        &wat(r#"(module (import "gojs" "runtime.wasmExit" (func)))"#),
        expect![
            "the core module does not say which world it was built for: it has no `component-type` section; it was built for a browser (`GOOS=js`): build it with `GOOS=wasip1` and the Go SDK"
        ],
    );
    refused(
        &wat(r#"(module (import "wbg" "__wbg_now" (func)))"#),
        expect![
            "the core module does not say which world it was built for: it has no `component-type` section; it was built with wasm-bindgen, for a browser: build it with the SDK and without wasm-bindgen"
        ],
    );
}

#[test]
fn imports_outside_the_world_are_named_each() {
    let module = http_function(
        r#"(import "env" "nope" (func))
           (import "env" "memory" (memory 1))
           (import "env" "abort" (func))
           (import "wasi_unstable" "fd_write" (func))
           (import "acme:db/query@1.0.0" "run" (func))
           (import "wasi_snapshot_preview1" "fd_write"
               (func (param i32 i32 i32 i32) (result i32)))"#,
    );
    refused(
        &module.clone(),
        expect![[r#"
        the core module imports what its world does not have, so nothing can provide it:
          `env.nope`: a symbol the linker did not find: link the library that has it
          `env.memory`: link without `--import-memory`
          `env.abort`: AssemblyScript's default: build with the SDK's `asconfig.json`
          `wasi_unstable.fd_write`: the toolchain is too old: build for `wasm32-wasip1` or later
          `acme:db/query@1.0.0.run`: remove what needs it, or add the interface to the world"#]],
    );
    let error = component(&module).unwrap_err();
    assert_eq!(error.detail("import"), Some("env.nope"));
}

#[test]
fn a_world_that_promises_more_than_the_module_has_is_refused() {
    let wat = r#"(module
        (memory (export "memory") 1)
        (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) unreachable))"#;
    refused(
        &module(wat, "ottavo:runtime/http-function", &[]),
        expect![[r#"
        the core module lacks functions that its world says it exports (implement them, or build against a world without them):
          `ottavo:runtime/http-handler@0.1.0#handle`"#]],
    );
}

#[test]
fn a_function_of_the_wrong_type_is_refused() {
    let module = http_function(r#"(import "ottavo:runtime/state@0.1.0" "get" (func (param i64)))"#);
    refused(
        &module,
        expect![
            "the core module does not fit the world that it embeds: failed to resolve import `ottavo:runtime/state@0.1.0::get`: failed to validate import interface `ottavo:runtime/state@0.1.0`: type mismatch for function `get`: expected `[I32, I32, I32, I32, I32, I32, I32] -> []` but found `[I64] -> []`; build it again with one version of the SDK"
        ],
    );
    let module = http_function(r#"(import "ottavo:runtime/state@0.1.0" "gone" (func))"#);
    refused(
        &module,
        expect![
            "the core module does not fit the world that it embeds: failed to resolve import `ottavo:runtime/state@0.1.0::gone`: import interface `ottavo:runtime/state@0.1.0` is missing function `gone` that is required by the module; build it again with one version of the SDK"
        ],
    );
}

#[test]
fn features_that_are_off_are_named() {
    refused(
        &wat("(module (memory 1 2 shared))"),
        expect![
            "functions cannot use threads or shared memory (threads must be enabled for shared memories); build for a target without threads, such as `wasm32-wasip2`"
        ],
    );
    refused(
        &wat("(module (func (param externref)))"),
        expect![
            "functions cannot use garbage-collected references (gc types are disallowed but found type which requires gc); build with linear memory only, without the `gc` and `externref` features"
        ],
    );
    refused(
        &wat("(module (tag))"),
        expect![[
            r#"functions cannot use exception handling (exceptions proposal not enabled); build without exceptions (`-fno-exceptions`, or panic = "abort")"#
        ]],
    );
    refused(
        &wat("(component (core module (memory 1 2 shared)))"),
        expect![
            "functions cannot use threads or shared memory (threads must be enabled for shared memories); build for a target without threads, such as `wasm32-wasip2`"
        ],
    );
}

#[test]
fn an_invalid_module_is_refused_with_the_place() {
    refused(
        &wat("(module (func (result i32)))"),
        expect![
            "the WebAssembly binary is not valid at byte 24: type mismatch: expected i32 but nothing on stack; build it again with current tools"
        ],
    );
}

#[test]
fn a_wit_package_is_no_program() {
    let mut resolve = wit_parser::Resolve::default();
    let package = resolve.push_str("a.wit", "package a:b; interface c { d: func(); }").unwrap();
    refused(
        &wit_component::encode(&resolve, package).unwrap(),
        expect![
            "this is a WIT package: interface definitions without a program; upload the component that was built against it"
        ],
    );
}

#[test]
fn a_damaged_world_is_refused() {
    let mut module = wat("(module)");
    module.extend(b"\0\x13\x0ecomponent-typegarb");
    refused(
        &module,
        expect![
            "the world that the core module embeds cannot be read: it is not encoded as a component; build it again with a current SDK"
        ],
    );
}
