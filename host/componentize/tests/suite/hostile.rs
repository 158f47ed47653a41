//! Nothing panics on any bytes, and no message grows with them.

use ottavo_componentize::{check, component, explain, inspect};

use crate::programs::{http_function, whole_component, whole_module};

/// The longest message a person is shown.
const MESSAGE: usize = 16 * 1024;

/// Everything this room does with an upload.
fn exercise(bytes: &[u8]) {
    let made = component(bytes);
    if let Err(error) = &made {
        assert!(error.message().len() < MESSAGE, "{} bytes", error.message().len());
    }
    for bytes in [Some(bytes), made.as_deref().ok()].into_iter().flatten() {
        let Ok(inspection) = inspect(bytes) else { continue };
        explain(&inspection);
        if let Err(error) = check(&inspection) {
            assert!(error.message().len() < MESSAGE, "{} bytes", error.message().len());
        }
    }
}

fn seeds() -> [Vec<u8>; 3] {
    let adapted = http_function(
        r#"(import "wasi_snapshot_preview1" "fd_write"
            (func (param i32 i32 i32 i32) (result i32)))"#,
    );
    let world = "ottavo:runtime/http-function";
    [whole_component(world, &[]), whole_module(world, &[]), adapted]
}

#[test]
fn truncated_uploads_do_not_panic() {
    let mut random = fastrand::Rng::with_seed(0x07_7a);
    for seed in seeds() {
        for _ in 0..150 {
            exercise(&seed[..random.usize(..seed.len())]);
        }
    }
}

#[test]
fn flipped_bytes_do_not_panic() {
    let mut random = fastrand::Rng::with_seed(0x07_7a);
    for seed in seeds() {
        for _ in 0..400 {
            let mut bytes = seed.clone();
            for _ in 0..random.usize(1..4) {
                bytes[random.usize(8..seed.len())] = random.u8(..);
            }
            exercise(&bytes);
        }
    }
}

#[test]
fn random_bytes_behind_a_header_do_not_panic() {
    let mut random = fastrand::Rng::with_seed(0x07_7a);
    for header in [b"\0asm\x01\0\0\0", b"\0asm\x0d\0\x01\0"] {
        for _ in 0..300 {
            let mut bytes = header.to_vec();
            bytes.extend((0..random.usize(..200)).map(|_| random.u8(..)));
            exercise(&bytes);
        }
    }
}

#[test]
fn deeply_nested_types_do_not_overflow_the_stack() {
    let nested: String = (1..50_000).map(|n| format!("(type $t{n} (list $t{}))", n - 1)).collect();
    let text = format!(
        r#"(component (type $t0 (list u8)) {nested}
            (import "ottavo:runtime/context@0.1.0"
                (instance (export "get" (func (param "name" string))))))"#
    );
    exercise(&wat::parse_str(text).unwrap());
}

#[test]
fn messages_do_not_grow_with_names_or_numbers() {
    let name = "a".repeat(50_000);
    let long = wat::parse_str(format!(r#"(component (import "a:b/{name}" (instance)))"#)).unwrap();
    exercise(&long);
    let many: String = (0..5_000).map(|n| format!(r#"(import "a:b/c{n}" (instance))"#)).collect();
    exercise(&wat::parse_str(format!("(component {many})")).unwrap());
    let many: String =
        (0..5_000).map(|n| format!(r#"(import "env{n}" "{name}" (func))"#)).take(40).collect();
    exercise(&http_function(&many));
}
