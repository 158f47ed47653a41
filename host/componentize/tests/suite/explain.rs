//! What is said about a component's imports and exports.

use expect_test::{Expect, expect};
use ottavo_componentize::{Handler, Status, check, component, explain, inspect};
use ottavo_core::Kind;

use crate::programs::{handler, http_function, module, whole_component, whole_module};

const HTTP_FUNCTION: &str = "ottavo:runtime/http-function";

#[track_caller]
fn refused(bytes: &[u8], answer: Expect) {
    let error = check(&inspect(bytes).unwrap()).unwrap_err();
    assert_eq!(error.kind(), Kind::InvalidArgument);
    answer.assert_eq(error.message());
}

/// A function that imports these interfaces beside ours.
fn importing(packages: &[&str], imports: &[&str]) -> Vec<u8> {
    let imports: String = imports.iter().map(|i| format!("import {i};\n")).collect();
    let world =
        format!("package t:t; world w {{ {imports} export ottavo:runtime/http-handler@0.1.0; }}");
    let mut extra = packages.to_vec();
    extra.push(&world);
    whole_component("t:t/w", &extra)
}

#[test]
fn everything_in_the_package_is_provided() {
    let inspection = inspect(&whole_component(HTTP_FUNCTION, &[])).unwrap();
    let statuses = explain(&inspection);
    assert!(statuses.iter().all(|i| i.status == Status::Provided), "{statuses:#?}");
    check(&inspection).unwrap();
    let state = inspection.imports.iter().find(|i| i.interface.contains("/state@")).unwrap();
    assert!(state.functions.iter().any(|f| f == "transact"));
}

#[test]
fn all_that_the_adapters_import_is_provided() {
    let names =
        ["fd_write", "path_open", "random_get", "poll_oneoff", "proc_exit", "sock_shutdown"];
    let types = [
        "(param i32 i32 i32 i32) (result i32)",
        "(param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)",
        "(param i32 i32) (result i32)",
        "(param i32 i32 i32 i32) (result i32)",
        "(param i32)",
        "(param i32 i32) (result i32)",
    ];
    let imports: String = names
        .iter()
        .zip(types)
        .map(|(name, ty)| format!("(import \"wasi_snapshot_preview1\" \"{name}\" (func {ty}))"))
        .collect();
    let inspection = inspect(&component(&http_function(&imports)).unwrap()).unwrap();
    let program = inspection.imports.iter().find(|i| i.interface.contains("/program@")).unwrap();
    let used = ["write", "monotonic", "wall", "random", "sleep-until", "exit"];
    assert_eq!(program.functions, used);
    check(&inspection).unwrap();

    // a module that uses WASI 0.2 by itself shares it with the standard adapter
    let random = "package wasi:random@0.2.3; interface random { get-random-u64: func() -> u64; }";
    let world = "package t:t; world w { include ottavo:runtime/http-function@0.1.0; import wasi:random/random@0.2.3; }";
    let own = r#"(import "wasi:random/random@0.2.3" "get-random-u64" (func (result i64)))"#;
    let shares = module(&handler(&format!("{imports}{own}")), "t:t/w", &[random, world]);
    let inspection = inspect(&component(&shares).unwrap()).unwrap();
    let wasi = inspection.imports.iter().filter(|i| i.interface.starts_with("wasi:")).count();
    assert!(wasi > 10, "{:?}", inspection.imports);
    assert!(!inspection.imports.iter().any(|i| i.interface.contains("/program@")));
    check(&inspection).unwrap();
}

#[test]
fn foreign_imports_are_named_with_the_nearest_of_ours() {
    let packages = [
        "package wasi:keyvalue@0.2.0; interface store { open: func(); }",
        "package fermyon:spin@2.0.0; interface key-value { open: func(); }",
        "package wasmcloud:bus@1.0.0; interface lattice { open: func(); }",
        "package wasi:http@0.3.0; interface middle { send: func(); }",
        "package acme:db@1.0.0; interface query { run: func(); }",
    ];
    let imports = [
        "wasi:keyvalue/store@0.2.0",
        "fermyon:spin/key-value@2.0.0",
        "wasmcloud:bus/lattice@1.0.0",
        "wasi:http/middle@0.3.0",
        "acme:db/query@1.0.0",
    ];
    let bytes = importing(&packages, &imports);
    refused(
        &bytes,
        expect![[r#"
            the component imports what this host does not provide:
              `wasi:keyvalue/store@0.2.0`: keep state with `ottavo:runtime/state`
              `fermyon:spin/key-value@2.0.0`: keep state with `ottavo:runtime/state`
              `wasmcloud:bus/lattice@1.0.0`: this is wasmCloud's own; for state there is `ottavo:runtime/state`
              `wasi:http/middle@0.3.0`: this host has `wasi:http` of WASI 0.2 and 0.3: build for one of those (Rust: the target `wasm32-wasip2`)
              `acme:db/query@1.0.0`: remove what needs `acme:db`, or put a component that exports it together with yours (`wac plug`)"#]],
    );
    let error = check(&inspect(&bytes).unwrap()).unwrap_err();
    assert_eq!(error.details().len(), imports.len());
    assert_eq!(error.detail("import"), Some("wasi:keyvalue/store@0.2.0"));
}

#[test]
fn versions_that_do_not_fit_are_named() {
    let packages = [
        "package wasi:clocks@0.3.0; interface wall-clock { now: func(); }",
        "package wasi:random@0.2.99; interface random { x: func(); }",
        "package wasi:cli@0.4.0; interface stdout { x: func(); }",
    ];
    let imports =
        ["wasi:clocks/wall-clock@0.3.0", "wasi:random/random@0.2.99", "wasi:cli/stdout@0.4.0"];
    refused(
        &importing(&packages, &imports),
        expect![[r#"
            the component imports what this host does not provide:
              `wasi:clocks/wall-clock@0.3.0`: this host has version 0.2.12; build for WASI 0.2.12, for example with the Rust target `wasm32-wasip2`
              `wasi:random/random@0.2.99`: this host has version 0.2.12 or 0.3.0; build for WASI 0.2.12 or 0.3.0, for example with the Rust target `wasm32-wasip2`
              `wasi:cli/stdout@0.4.0`: this host has version 0.2.12 or 0.3.0; build for WASI 0.2.12 or 0.3.0, for example with the Rust target `wasm32-wasip2`"#]],
    );
}

/// A component made from text: an import with an interface of our name and other contents.
fn from_text(import: &str, functions: &str) -> Vec<u8> {
    let text = format!(r#"(component (import "{import}" (instance {functions})))"#);
    wat::parse_str(text).unwrap()
}

#[test]
fn other_versions_and_interfaces_of_our_package_are_named() {
    refused(
        &from_text("ottavo:runtime/state@0.2.0", ""),
        expect![[r#"
            the component imports what this host does not provide:
              `ottavo:runtime/state@0.2.0`: this host has version 0.1.0; build with an SDK for version 0.1.0, or update the host
            the component exports no handler that this host can call (accepted: `ottavo:runtime/http-handler@0.1.0`, `ottavo:runtime/event-handler@0.1.0`, `wasi:http/incoming-handler@0.2.12`, `wasi:http/handler@0.3.0`):
              it exports nothing; export a handler, as `ottavo build` does with an SDK"#]],
    );
    refused(
        &from_text("ottavo:runtime/state@0.2.0-rc.1", ""),
        expect![[r#"
            the component imports what this host does not provide:
              `ottavo:runtime/state@0.2.0-rc.1`: this host has version 0.1.0; build with an SDK for version 0.1.0, or update the host
            the component exports no handler that this host can call (accepted: `ottavo:runtime/http-handler@0.1.0`, `ottavo:runtime/event-handler@0.1.0`, `wasi:http/incoming-handler@0.2.12`, `wasi:http/handler@0.3.0`):
              it exports nothing; export a handler, as `ottavo build` does with an SDK"#]],
    );
    refused(
        &from_text("ottavo:runtime/teapot@0.1.0", ""),
        expect![[r#"
            the component imports what this host does not provide:
              `ottavo:runtime/teapot@0.1.0`: this host provides `ottavo:runtime/types@0.1.0`, `ottavo:runtime/binding@0.1.0`, `ottavo:runtime/config@0.1.0`, `ottavo:runtime/context@0.1.0`, `ottavo:runtime/log@0.1.0`, `ottavo:runtime/http@0.1.0`, `ottavo:runtime/http-client@0.1.0`, `ottavo:runtime/invoke@0.1.0`, `ottavo:runtime/secret@0.1.0`, `ottavo:runtime/state@0.1.0`, `ottavo:runtime/lock@0.1.0`, `ottavo:runtime/sequencer@0.1.0`, `ottavo:runtime/pubsub@0.1.0`, `ottavo:runtime/file@0.1.0`, `ottavo:runtime/program@0.1.0`: remove what needs it, or update the host
            the component exports no handler that this host can call (accepted: `ottavo:runtime/http-handler@0.1.0`, `ottavo:runtime/event-handler@0.1.0`, `wasi:http/incoming-handler@0.2.12`, `wasi:http/handler@0.3.0`):
              it exports nothing; export a handler, as `ottavo build` does with an SDK"#]],
    );
}

#[test]
fn a_newer_patch_is_provided_while_its_functions_are() {
    let get = r#"(export "request-id" (func (result string)))"#;
    let inspection = inspect(&from_text("ottavo:runtime/context@0.1.9", get)).unwrap();
    assert_eq!(explain(&inspection)[0].status, Status::Provided);
}

#[test]
fn unknown_functions_and_other_types_are_named() {
    let import = "ottavo:runtime/context@0.1.0";
    refused(
        &from_text(import, r#"(export "tenant" (func))"#),
        expect![[r#"
            the component imports what this host does not provide:
              `ottavo:runtime/context@0.1.0`: no function `tenant`; `ottavo:runtime/context@0.1.0` has `request-id`, `remaining`, `caller`, `remote`, `get`, `setting`: build with an SDK of this host's version, or update the host
            the component exports no handler that this host can call (accepted: `ottavo:runtime/http-handler@0.1.0`, `ottavo:runtime/event-handler@0.1.0`, `wasi:http/incoming-handler@0.2.12`, `wasi:http/handler@0.3.0`):
              it exports nothing; export a handler, as `ottavo build` does with an SDK"#]],
    );
    let get = r#"(export "get" (func (param "name" (list u8)) (result (option string))))"#;
    refused(
        &from_text(import, get),
        expect![[r#"
            the component imports what this host does not provide:
              `ottavo:runtime/context@0.1.0`: other types in `get` (parameter `name`: expected string, found list); the interface was changed: build with the SDK's own WIT
            the component exports no handler that this host can call (accepted: `ottavo:runtime/http-handler@0.1.0`, `ottavo:runtime/event-handler@0.1.0`, `wasi:http/incoming-handler@0.2.12`, `wasi:http/handler@0.3.0`):
              it exports nothing; export a handler, as `ottavo build` does with an SDK"#]],
    );
    let get = r#"(export "get" (func (param "key" string) (result (option string))))"#;
    refused(
        &from_text(import, get),
        expect![[r#"
            the component imports what this host does not provide:
              `ottavo:runtime/context@0.1.0`: other types in `get` (expected parameter `name`, found `key`); the interface was changed: build with the SDK's own WIT
            the component exports no handler that this host can call (accepted: `ottavo:runtime/http-handler@0.1.0`, `ottavo:runtime/event-handler@0.1.0`, `wasi:http/incoming-handler@0.2.12`, `wasi:http/handler@0.3.0`):
              it exports nothing; export a handler, as `ottavo build` does with an SDK"#]],
    );
    let get = r#"(export "get" (func (param "name" string) (result (option u32))))"#;
    refused(
        &from_text(import, get),
        expect![[r#"
            the component imports what this host does not provide:
              `ottavo:runtime/context@0.1.0`: other types in `get` (result: in the option: expected string, found u32); the interface was changed: build with the SDK's own WIT
            the component exports no handler that this host can call (accepted: `ottavo:runtime/http-handler@0.1.0`, `ottavo:runtime/event-handler@0.1.0`, `wasi:http/incoming-handler@0.2.12`, `wasi:http/handler@0.3.0`):
              it exports nothing; export a handler, as `ottavo build` does with an SDK"#]],
    );
    let remaining = r#"(export "remaining" (func))"#;
    refused(
        &from_text(import, remaining),
        expect![[r#"
            the component imports what this host does not provide:
              `ottavo:runtime/context@0.1.0`: other types in `remaining` (result: expected u64, found nothing); the interface was changed: build with the SDK's own WIT
            the component exports no handler that this host can call (accepted: `ottavo:runtime/http-handler@0.1.0`, `ottavo:runtime/event-handler@0.1.0`, `wasi:http/incoming-handler@0.2.12`, `wasi:http/handler@0.3.0`):
              it exports nothing; export a handler, as `ottavo build` does with an SDK"#]],
    );
    let level = r#"
        (type $level (enum "trace" "debug" "info" "warn"))
        (export "level" (type $l (eq $level)))
        (export "emit" (func (param "level" $l) (param "message" string)
            (param "fields" (list (tuple string string)))))"#;
    refused(
        &from_text("ottavo:runtime/log@0.1.0", level),
        expect![[r#"
            the component imports what this host does not provide:
              `ottavo:runtime/log@0.1.0`: other types in `emit` (parameter `level`: expected an enum with the cases trace, debug, info, warn, error); the interface was changed: build with the SDK's own WIT
            the component exports no handler that this host can call (accepted: `ottavo:runtime/http-handler@0.1.0`, `ottavo:runtime/event-handler@0.1.0`, `wasi:http/incoming-handler@0.2.12`, `wasi:http/handler@0.3.0`):
              it exports nothing; export a handler, as `ottavo build` does with an SDK"#]],
    );
}

#[test]
fn imports_that_are_no_interfaces_are_named() {
    let text = r#"(component (import "run" (func)) (import "handle" (type (sub resource))))"#;
    refused(
        &wat::parse_str(text).unwrap(),
        expect![[r#"
            the component imports what this host does not provide:
              `run`: a world may import interfaces only: build with an SDK of Ottavo
              `handle`: a world may import interfaces only: build with an SDK of Ottavo
            the component exports no handler that this host can call (accepted: `ottavo:runtime/http-handler@0.1.0`, `ottavo:runtime/event-handler@0.1.0`, `wasi:http/incoming-handler@0.2.12`, `wasi:http/handler@0.3.0`):
              it exports nothing; export a handler, as `ottavo build` does with an SDK"#]],
    );
}

fn exporting(export: &str, extra: &[&str]) -> Vec<u8> {
    let world = format!("package t:t; world w {{ export {export}; }}");
    let mut packages = extra.to_vec();
    packages.push(&world);
    whole_component("t:t/w", &packages)
}

#[test]
fn a_component_without_a_handler_is_refused() {
    refused(
        &wat::parse_str("(component)").unwrap(),
        expect![[r#"
            the component exports no handler that this host can call (accepted: `ottavo:runtime/http-handler@0.1.0`, `ottavo:runtime/event-handler@0.1.0`, `wasi:http/incoming-handler@0.2.12`, `wasi:http/handler@0.3.0`):
              it exports nothing; export a handler, as `ottavo build` does with an SDK"#]],
    );
    refused(
        &exporting("run: func()", &[]),
        expect![[r#"
            the component exports no handler that this host can call (accepted: `ottavo:runtime/http-handler@0.1.0`, `ottavo:runtime/event-handler@0.1.0`, `wasi:http/incoming-handler@0.2.12`, `wasi:http/handler@0.3.0`):
              it exports `run`; export a handler, as `ottavo build` does with an SDK"#]],
    );
    let http = "package wasi:http@0.2.3; interface incoming-handler { handle: func(); }";
    let standard = inspect(&exporting("wasi:http/incoming-handler@0.2.3", &[http])).unwrap();
    assert_eq!(standard.handlers, [Handler::Http]);
    check(&standard).unwrap();
    assert!(!standard.is_concurrent());
    let http = "package wasi:http@0.3.0; interface handler { handle: func(); }";
    let standard = inspect(&exporting("wasi:http/handler@0.3.0", &[http])).unwrap();
    assert_eq!(standard.handlers, [Handler::Http]);
    assert!(standard.is_concurrent());
    check(&standard).unwrap();
    let http = "package wasi:http@0.3.0; interface server { handle: func(); }";
    refused(
        &exporting("wasi:http/server@0.3.0", &[http]),
        expect![[r#"
            the component exports no handler that this host can call (accepted: `ottavo:runtime/http-handler@0.1.0`, `ottavo:runtime/event-handler@0.1.0`, `wasi:http/incoming-handler@0.2.12`, `wasi:http/handler@0.3.0`):
              `wasi:http/server@0.3.0`: this host calls `wasi:http/incoming-handler` of WASI 0.2 and `wasi:http/handler` of 0.3; build for one of those, or with an SDK"#]],
    );
    let cli = "package wasi:cli@0.2.3; interface run { run: func() -> result; }";
    refused(
        &exporting("wasi:cli/run@0.2.3", &[cli]),
        expect![[r#"
            the component exports no handler that this host can call (accepted: `ottavo:runtime/http-handler@0.1.0`, `ottavo:runtime/event-handler@0.1.0`, `wasi:http/incoming-handler@0.2.12`, `wasi:http/handler@0.3.0`):
              `wasi:cli/run@0.2.3`: this is a command with a `main`; build a library (Rust: `crate-type = ["cdylib"]`) that uses the SDK"#]],
    );
}

#[test]
fn a_handler_of_another_shape_is_refused() {
    let text = |functions: &str, version: &str| {
        let component = format!(
            r#"(component
                (core module $m (func (export "f")))
                (core instance $i (instantiate $m))
                (func $f (canon lift (core func $i "f")))
                (instance $h {functions})
                (export "ottavo:runtime/http-handler@{version}" (instance $h)))"#
        );
        wat::parse_str(component).unwrap()
    };
    refused(
        &text(r#"(export "handle" (func $f))"#, "0.1.0"),
        expect![[r#"
            the component exports no handler that this host can call (accepted: `ottavo:runtime/http-handler@0.1.0`, `ottavo:runtime/event-handler@0.1.0`, `wasi:http/incoming-handler@0.2.12`, `wasi:http/handler@0.3.0`):
              `ottavo:runtime/http-handler@0.1.0`: function `handle`: expected 1 parameters, found 0; build with the SDK's own WIT"#]],
    );
    refused(
        &text(r#"(export "handel" (func $f))"#, "0.1.0"),
        expect![[r#"
            the component exports no handler that this host can call (accepted: `ottavo:runtime/http-handler@0.1.0`, `ottavo:runtime/event-handler@0.1.0`, `wasi:http/incoming-handler@0.2.12`, `wasi:http/handler@0.3.0`):
              `ottavo:runtime/http-handler@0.1.0`: function `handle`: it is missing; build with the SDK's own WIT"#]],
    );
    refused(
        &text(r#"(export "handle" (func $f))"#, "0.2.0"),
        expect![[r#"
            the component exports no handler that this host can call (accepted: `ottavo:runtime/http-handler@0.1.0`, `ottavo:runtime/event-handler@0.1.0`, `wasi:http/incoming-handler@0.2.12`, `wasi:http/handler@0.3.0`):
              `ottavo:runtime/http-handler@0.2.0`: this host calls version 0.1.0; build with an SDK for that version"#]],
    );
}

#[test]
fn language_and_size_are_told() {
    let module = http_function("");
    let mut marked = module.clone();
    // A `producers` section: processed-by rustc 1.95.0.
    marked.extend(b"\0\x29\x09producers\x01\x0cprocessed-by\x01\x05rustc\x061.95.0");
    let length = marked.len() - module.len() - 2;
    marked[module.len() + 1] = u8::try_from(length).unwrap();
    let bytes = component(&marked).unwrap().into_owned();
    let inspection = inspect(&bytes).unwrap();
    assert_eq!(inspection.language.as_deref(), Some("Rust"));
    assert_eq!(inspection.size, bytes.len());
    assert_eq!(inspection.handlers, [Handler::Http]);

    let plain = component(&module).unwrap().into_owned();
    assert_eq!(inspect(&plain).unwrap().language, None);
}

#[test]
fn a_core_module_is_no_component_yet() {
    let error = inspect(&whole_module(HTTP_FUNCTION, &[])).unwrap_err();
    expect!["this is a core module, not yet a component; make it one first"]
        .assert_eq(error.message());
}
