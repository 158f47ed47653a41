//! A component as a person sees it.

use ottavo_componentize::{inspect, surface};
use ottavo_core::Surface;
use ottavo_core::surface::{ExportStatus, ImportStatus, Symbols};

use crate::programs::whole_component;

fn seen(bytes: &[u8], granted: Option<&[(&str, bool)]>) -> Surface {
    surface(&inspect(bytes).unwrap(), granted)
}

fn of_text(text: &str) -> Surface {
    seen(&wat::parse_str(text).unwrap(), None)
}

#[test]
fn an_import_of_a_block_is_granted_or_not_and_unknown_without_a_manifest() {
    let bytes = whole_component("ottavo:runtime/http-function", &[]);
    let cases = [
        (None, ImportStatus::Provided),
        (Some(&[("state", true)][..]), ImportStatus::Provided),
        (Some(&[("state", false)][..]), ImportStatus::NotGranted),
    ];
    for (granted, expected) in cases {
        let surface = seen(&bytes, granted);
        assert!(surface.runs);
        for import in &surface.imports {
            let state = import.interface.contains("/state@");
            let expected = if state { expected } else { ImportStatus::Provided };
            assert_eq!(import.status, expected, "{}", import.interface);
            assert_eq!(import.fix.is_empty(), expected == ImportStatus::Provided);
        }
        assert_eq!(surface.exports[0].status, ExportStatus::Called);
    }
}

#[test]
fn requests_to_the_outside_are_granted_under_another_name() {
    let bytes = whole_component("ottavo:runtime/http-function", &[]);
    for (granted, expected) in [(true, ImportStatus::Provided), (false, ImportStatus::NotGranted)] {
        let surface = seen(&bytes, Some(&[("egress", granted)]));
        let found = surface.imports.iter().find(|i| i.interface.contains("/http-client@")).unwrap();
        assert_eq!(found.status, expected);
        assert_eq!(found.fix.contains("`egress = ["), !granted, "{}", found.fix);
    }
    // only its types
    let text = r#"(component (import "ottavo:runtime/http-client@0.1.0" (instance)))"#;
    let surface = seen(&wat::parse_str(text).unwrap(), Some(&[("egress", false)]));
    assert_eq!(surface.imports[0].status, ImportStatus::Provided);
}

#[test]
fn what_does_not_fit_says_in_what() {
    let surface = of_text(r#"(component (import "ottavo:runtime/state@0.2.0" (instance)))"#);
    let import = &surface.imports[0];
    assert_eq!(import.status, ImportStatus::WrongVersion);
    assert_eq!(import.detail, "this host has version 0.1.0");
    assert!(!surface.runs);

    let export = |name: &str| {
        let text = format!(r#"(component (instance $i) (export "{name}" (instance $i)))"#);
        of_text(&text).exports.remove(0)
    };
    let cases = [
        ("ottavo:runtime/http-handler@0.2.0", ExportStatus::Unfit, "version 0.1.0"),
        ("ottavo:runtime/http-handler@0.1.0", ExportStatus::Unfit, "function `handle`"),
        ("wasi:http/incoming-handler@0.2.3", ExportStatus::Called, ""),
        ("wasi:http/incoming-handler@0.2.99", ExportStatus::Unfit, "version 0.2.12"),
        ("wasi:http/incoming-handler@0.3.0", ExportStatus::Unfit, "version 0.2.12"),
        ("wasi:http/handler@0.3.0", ExportStatus::Called, ""),
        ("wasi:http/handler@0.3.9", ExportStatus::Called, ""),
        ("wasi:http/handler@0.4.0", ExportStatus::Unfit, "version 0.3.0"),
        ("wasi:http/server@0.3.0", ExportStatus::NotCalled, "`wasi:http/handler` of 0.3"),
        ("acme:x/y@1.0.0", ExportStatus::NotCalled, ""),
    ];
    for (name, status, fix) in cases {
        let export = export(name);
        assert_eq!(export.status, status, "{name}");
        assert!(export.fix.contains(fix), "{name}: {}", export.fix);
    }
}

#[test]
fn the_symbols_are_those_of_the_largest_module() {
    let small = r#"(core module $small (func $f) (@custom ".debug_line" "x"))"#;
    let large = |more: &str| {
        let data = "x".repeat(500);
        format!("(core module (memory 1) (data (i32.const 0) \"{data}\") {more})")
    };
    let symbols = |modules: &str| of_text(&format!("(component {modules})")).symbols;
    assert_eq!(symbols(""), Symbols::None);
    assert_eq!(symbols(small), Symbols::Lines);
    assert_eq!(symbols(&format!("{small} {}", large(""))), Symbols::None);
    assert_eq!(symbols(&format!("{} {small}", large(""))), Symbols::None);
    assert_eq!(symbols(&format!("{small} {}", large("(func $named)"))), Symbols::Names);
}
