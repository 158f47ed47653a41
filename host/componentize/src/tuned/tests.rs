//! What changes of a binary, and what does not. How the result behaves: `host/engine/tests/tuned.rs`.

use std::borrow::Cow;

use wasmparser::Validator;

use super::section::sections;
use super::tuned;
use crate::features;

const PAGES: u32 = 16;

/// A module with all sections that name functions or globals, whose memory is this.
fn module(memory: &str) -> Vec<u8> {
    let text = format!(
        r#"(module $named
            (import "host" "before" (func $before (param i64)))
            (import "host" "base" (global $base i32))
            (table 2 funcref)
            {memory}
            (global $own (mut i64) (i64.const 7))
            (export "more" (func $more))
            (export "memory" (memory 0))
            (start $start)
            (elem (i32.const 0) $more $start)
            (func $start (global.set $own (i64.const 8)))
            (func $more (param i32) (result i32)
                (drop (memory.size))
                (block (result i32) (memory.grow (local.get 0))))
            (data (i32.const 16) "what is there")
            (data $later "what comes later"))"#
    );
    wat::parse_str(text).expect("valid text")
}

fn is_changed(binary: &[u8]) -> bool {
    matches!(tuned(binary, PAGES), Cow::Owned(_))
}

#[test]
fn only_what_has_to_change_does() {
    let before = module("(memory 2 100)");
    let after = tuned(&before, PAGES);
    let read = |binary: &[u8]| -> Vec<(u8, Vec<u8>)> {
        let read = sections(binary).expect("a header");
        read.map(|section| section.expect("a section"))
            .map(|section| (section.id, section.whole.to_vec()))
            .collect()
    };
    let (before, after) = (read(&before), read(&after));
    let ids = |sections: &[(u8, Vec<u8>)]| sections.iter().map(|(id, _)| *id).collect::<Vec<_>>();
    assert_eq!(ids(&before), ids(&after));
    let changed: Vec<u8> =
        before.iter().zip(&after).filter(|(b, a)| b != a).map(|(b, _)| b.0).collect();
    // types, functions, the memory, globals and code; the names stay
    assert_eq!(changed, [1, 3, 5, 6, 10]);
    assert!(ids(&before).contains(&0) && ids(&before).contains(&11), "{before:?}");
}

#[test]
fn a_module_without_globals_gets_a_section_of_them_in_its_place() {
    for rest in
        ["", "(data \"passive\") (func (memory.init 0 (i32.const 0) (i32.const 0) (i32.const 0)))"]
    {
        let text = format!("(module (memory 1) (func (drop (memory.grow (i32.const 1)))) {rest})");
        assert!(is_changed(&wat::parse_str(text).expect("valid text")), "{rest}");
    }
}

#[test]
fn what_cannot_have_headroom_stays_as_it_is() {
    assert!(is_changed(&module("(memory 2)")));
    let own = ["(memory 65536)", "(memory 3 3)", "(memory 1) (memory 1)"];
    for memory in own {
        assert!(!is_changed(&module(memory)), "{memory}");
    }
    let others = [
        "(module)",
        "(module (memory 1) (func (drop (memory.size))))",
        "(module (import \"a\" \"memory\" (memory 1)) (func (drop (memory.grow (i32.const 1)))))",
        "(module (memory i64 1) (func (drop (memory.grow (i64.const 1)))))",
        "(module (memory 1) (func (drop (memory.grow (i32.const 1)))) (@custom \".debug_line\" \"\"))",
        "(component)",
        "(component (core module (memory 1)))",
    ];
    for text in others {
        assert!(!is_changed(&wat::parse_str(text).expect(text)), "{text}");
    }
    let none = module("(memory 2)");
    assert!(matches!(tuned(&none, 0), Cow::Borrowed(_)));
    assert!(!is_changed(b"no binary"));
    // a component and a module without even a header, within one
    assert!(!is_changed(b"\0asm\x0d\0\x01\0\x04\0"));
    assert!(!is_changed(b"\0asm\x0d\0\x01\0\x01\0"));
}

#[test]
fn modules_are_found_within_components_within_components() {
    let grows = "(core module (memory 1) (func (drop (memory.grow (i32.const 1)))))";
    let text = format!("(component (core module) (component (component {grows})) {grows})");
    let before = wat::parse_str(text).expect("valid text");
    let after = tuned(&before, PAGES);
    let added = after.len() - before.len();
    let alone = wat::parse_str(format!("(component {grows})")).expect("valid text");
    let added_alone = tuned(&alone, PAGES).len() - alone.len();
    // the sizes of what they are in may need a byte more
    assert!(added_alone > 0 && (added_alone * 2..added_alone * 2 + 4).contains(&added));
}

fn is_harmless(binary: &[u8]) {
    match tuned(binary, u32::MAX) {
        Cow::Borrowed(same) => assert_eq!(same, binary),
        Cow::Owned(changed) => {
            let mut validator = Validator::new_with_features(features::ACCEPTED);
            validator.validate_all(&changed).expect("a valid binary");
        }
    }
}

#[test]
fn damaged_binaries_stay_as_they_are_or_become_valid() {
    let component = "(component (core module (memory 1) (global i32 (i32.const 1))
        (func (export \"a\") (drop (memory.grow (i32.const 1))))))";
    for whole in [wat::parse_str(component).expect("valid text"), module("(memory 2)")] {
        for at in 0..whole.len() {
            is_harmless(&whole[..at]);
            for value in [0, 1, 0x7f, 0x80, 0xff] {
                let mut damaged = whole.clone();
                damaged[at] = value;
                is_harmless(&damaged);
            }
        }
    }
}
