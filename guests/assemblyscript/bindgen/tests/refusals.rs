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
fn an_exported_resource() {
    check(
        "interface a { resource r; } world w { export a; }",
        &["`test:no/a@1.0.0#r`", "exported resource"],
    );
}

#[test]
fn a_borrowed_resource_given_to_an_export() {
    check(
        "interface a { resource r; } interface b { use a.{r}; f: func(x: option<borrow<r>>); }
         world w { import a; export b; }",
        &["`test:no/b@1.0.0#f, parameter x`", "borrowed"],
    );
}

#[test]
fn functions_and_types_of_a_world() {
    check("world w { import f: func(); }", &["`w#f`", "function of a world"]);
    check("world w { export g: func(); }", &["`w#g`", "function of a world"]);
    check("world w { record r { a: u8 } import f: func(r: r); }", &["`w#"]);
}

#[test]
fn an_interface_both_imported_and_exported() {
    check("interface a { f: func(); } world w { import a; export a; }", &["imported and exported"]);
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
