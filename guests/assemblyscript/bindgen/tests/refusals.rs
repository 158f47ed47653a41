//! What the generator does not cover is refused by the name of the WIT item.

use std::fs;

use ottavo_bindgen_assemblyscript::{Options, generate};

/// The answer to a package `test:no` with these items.
fn refusal(items: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder for the package");
    let file = folder.path().join("no.wit");
    fs::write(&file, format!("package test:no@1.0.0;\n{items}")).expect("room for the package");
    match generate(&file, &Options::default()) {
        Ok(files) => {
            panic!("not refused: {:?}", files.iter().map(|file| &file.0).collect::<Vec<_>>())
        }
        Err(error) => format!("{error:#}"),
    }
}

fn check(items: &str, parts: &[&str]) {
    let refusal = refusal(items);
    for part in parts {
        assert!(refusal.contains(part), "`{part}` is not in: {refusal}");
    }
}

#[test]
fn an_async_function() {
    check(
        "interface a { wait: async func(); } world w { import a; }",
        &["`test:no/a@1.0.0#wait`", "async"],
    );
}

#[test]
fn a_stream_within_other_types() {
    check(
        "interface a { read: func(n: u8) -> result<option<stream<u8>>>; } world w { import a; }",
        &["`test:no/a@1.0.0#read, result`", "`stream`"],
    );
}

#[test]
fn a_future_in_a_record() {
    check(
        "interface a { record r { x: list<future> } } world w { export a; }",
        &["`test:no/a@1.0.0#r`", "`future`"],
    );
}

#[test]
fn an_async_function_of_a_resource_or_of_the_world() {
    check(
        "interface a { resource r { wait: async func(); } } world w { export a; }",
        &["`test:no/a@1.0.0#[method]r.wait`", "async"],
    );
    check("world w { import f: async func(); }", &["`w#f`", "async"]);
    check("world w { export g: async func(); }", &["`w#g`", "async"]);
}

#[test]
fn a_stream_in_a_map_or_a_list_of_fixed_length() {
    check(
        "interface a { f: func(m: map<string, stream<u8>>); } world w { import a; }",
        &["`test:no/a@1.0.0#f, parameter m`", "`stream`"],
    );
    check(
        "interface a { f: func() -> list<future<u8>, 2>; } world w { export a; }",
        &["`test:no/a@1.0.0#f, result`", "`future`"],
    );
    check("world w { type t = stream<u8>; import f: func(t: t); }", &["`w#t`", "`stream`"]);
}

#[test]
fn error_context() {
    check(
        "interface a { f: func() -> error-context; } world w { import a; }",
        &["`test:no/a@1.0.0#f, result`", "`error-context`"],
    );
}

#[test]
fn more_flags_than_a_number_has_bits() {
    let flags: Vec<_> = (0..65).map(|flag| format!("b{flag}")).collect();
    let items =
        format!("interface a {{ flags f {{ {} }} }} world w {{ import a; }}", flags.join(", "));
    check(&items, &["`test:no/a@1.0.0#f`", "64 flags"]);
}

#[test]
fn a_world_that_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("no.wit");
    fs::write(&file, "package test:no;\nworld w {}").unwrap();
    let options = Options { world: Some("v".to_owned()), ..Options::default() };
    assert!(generate(&file, &options).is_err());
}
