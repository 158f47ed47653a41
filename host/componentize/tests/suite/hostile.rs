//! Nothing panics on any bytes, and no message grows with them.

use expect_test::expect;
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

/// A core module that embeds a world made from text, as an encoder would embed it.
fn embedding(world: &str) -> Vec<u8> {
    let text = format!(
        r#"(component
            (@custom "wit-component-encoding" "\04\00")
            (type (export "w") (component
                (type (component {world}))
                (export "t:t/w" (component (type 0))))))"#
    );
    let data = wat::parse_str(text).unwrap();
    let mut section = vec![14];
    section.extend(b"component-type");
    section.extend(data);
    let mut module = wat::parse_str("(module)").unwrap();
    module.push(0);
    let mut length = section.len();
    while length >= 0x80 {
        module.push(u8::try_from(length & 0x7f).unwrap() | 0x80);
        length >>= 7;
    }
    module.push(u8::try_from(length).unwrap());
    module.extend(section);
    module
}

/// An interface with one type, which is another one's.
fn uses(at: usize, name: &str, of: usize) -> String {
    format!(
        r#"(alias export {of} "t" (type $of{at}))
           (import "{name}" (instance $i{at}
               (alias outer 1 $of{at} (type $x)) (export "t" (type (eq $x)))))"#
    )
}

#[test]
fn packages_in_a_circle_are_refused() {
    // It broke: following them ended the process.
    let world = format!(
        r#"(import "a:a/x" (instance (type $x u8) (export "t" (type (eq $x))))) {} {}"#,
        uses(1, "b:b/y", 0),
        uses(2, "a:a/z", 1),
    );
    let module = embedding(&world);
    exercise(&module);
    expect!["the world that the core module embeds cannot be read: its packages depend on each other in a circle, or in a chain of more than 64; build it again with a current SDK"].assert_eq(component(&module).unwrap_err().message());
}

#[test]
fn versions_of_a_package_that_depend_on_each_other_are_refused() {
    // It broke: to the encoder's parser they are two packages in a circle.
    let world = format!(
        r#"(import "t:t/x@0.1.0" (instance (type $x u8) (export "t" (type (eq $x))))) {} {}"#,
        uses(1, "t:t/y@0.1.1", 0),
        uses(2, "t:t/z@0.1.0", 1),
    );
    let module = embedding(&world);
    exercise(&module);
    expect!["the world that the core module embeds cannot be read: its package `t:t@0.1.1` depends on `t:t@0.1.0`; build it again with a current SDK"].assert_eq(component(&module).unwrap_err().message());
}

#[test]
fn long_chains_of_packages_and_names_are_refused() {
    let mut world =
        r#"(import "a:a0/x" (instance (type $x u8) (export "t" (type (eq $x)))))"#.to_owned();
    for at in 1..500 {
        world.push_str(&uses(at, &format!("a:a{at}/x"), at - 1));
    }
    exercise(&embedding(&world));

    let mut names = r#"(type $x0 u8) (export "t0" (type $t0 (eq $x0)))"#.to_owned();
    for at in 1..5_000 {
        names.push_str(&format!(r#"(export "t{at}" (type $t{at} (eq $t{})))"#, at - 1));
    }
    let module = embedding(&format!(r#"(import "a:a/x" (instance {names}))"#));
    exercise(&module);
    expect!["the world that the core module embeds cannot be read: a type has more than 16 names; build it again with a current SDK"].assert_eq(component(&module).unwrap_err().message());
}

#[test]
fn the_deepest_world_allowed_does_not_overflow_the_stack() {
    // Types nested almost as deep as can be, each level with a name of its own.
    let mut names = r#"(type $x0 (list u8)) (export "t0" (type $t0 (eq $x0)))"#.to_owned();
    for at in 1..90 {
        names.push_str(&format!(
            r#"(type $x{at} (list $t{})) (export "t{at}" (type $t{at} (eq $x{at})))"#,
            at - 1
        ));
    }
    names.push_str(r#"(export "f" (func (param "p" $t89)))"#);
    let module = embedding(&format!(r#"(import "a:a/x" (instance {names}))"#));
    component(&module).unwrap();
    exercise(&module);
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
