//! A guest with a world of its own, from what the generator tells about it to a component.

use std::fs;

use ottavo_bindgen_assemblyscript::{Options, component_type, generate};
use wit_component_of_bindgen::ComponentEncoder;

/// Imports of ours, and an exported interface of its own, with a resource.
const WIT: &str = "\
package test:shop@0.1.0;

interface stock {
    resource shelf {
        constructor(name: string);
        count: func() -> u32;
    }
    total: func(shelves: list<borrow<shelf>>) -> u64;
}

world shop {
    import ottavo:runtime/log@0.1.0;
    export stock;
    export ready: func() -> bool;
}
";

/// The package with ours beside it, as `wit/deps` of a project has it.
fn package() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder for the package");
    let ours = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../wit");
    let deps = folder.path().join("deps").join("ottavo");
    fs::create_dir_all(&deps).expect("room for ours");
    for entry in fs::read_dir(ours).expect("the package of ours") {
        let entry = entry.expect("a file of ours");
        let path = entry.path();
        if path.extension().is_some_and(|extension| extension == "wit") {
            fs::copy(&path, deps.join(entry.file_name())).expect("room for a file");
        }
    }
    fs::write(folder.path().join("shop.wit"), WIT).expect("room for the package");
    folder
}

/// A core module with these exports that embeds the world.
fn module(wat: &str, world: &[u8]) -> Vec<u8> {
    let mut module = wat::parse_str(wat).expect("a module");
    let name = b"component-type:own";
    let mut section = vec![u8::try_from(name.len()).expect("a short name")];
    section.extend(name);
    section.extend(world);
    module.push(0);
    let mut length = section.len();
    while length >= 0x80 {
        module.push(u8::try_from(length & 0x7f | 0x80).expect("seven bits and one"));
        length >>= 7;
    }
    module.push(u8::try_from(length).expect("seven bits"));
    module.extend(section);
    module
}

#[test]
fn the_exports_that_are_written_are_those_that_the_world_wants() {
    let package = package();
    let files = generate(package.path(), &Options::default()).expect("bindings of the world");
    let exports = &files.iter().find(|(name, _)| name == "exports.json").expect("exports").1;
    let names = |line: &str| {
        let host = line.split_once("\": \"")?.1;
        Some(host.trim_end_matches(['"', ',']).to_owned())
    };
    let names: Vec<String> = exports.lines().filter_map(names).collect();
    let core = |name: &str| match name {
        "test:shop/stock@0.1.0#[constructor]shelf" => "(param i32 i32) (result i32) i32.const 0",
        "test:shop/stock@0.1.0#[method]shelf.count" => "(param i32) (result i32) i32.const 0",
        "test:shop/stock@0.1.0#total" => "(param i32 i32) (result i64) i64.const 0",
        "test:shop/stock@0.1.0#[dtor]shelf" => "(param i32)",
        "ready" => "(result i32) i32.const 1",
        other => panic!("nobody asked for `{other}`"),
    };
    let functions: String =
        names.iter().map(|name| format!("(func (export \"{name}\") {})\n", core(name))).collect();
    let wat = format!(
        "(module
           (import \"ottavo:runtime/log@0.1.0\" \"emit\"
             (func (param i32 i32 i32 i32 i32)))
           (import \"[export]test:shop/stock@0.1.0\" \"[resource-new]shelf\"
             (func (param i32) (result i32)))
           (memory (export \"memory\") 1)
           (func (export \"cabi_realloc\") (param i32 i32 i32 i32) (result i32) i32.const 8)
           {functions})"
    );
    let world = component_type(package.path(), None).expect("the world for a module");
    let component = ComponentEncoder::default()
        .validate(true)
        .module(&module(&wat, &world))
        .expect("the module fits the world")
        .encode()
        .expect("a component");
    assert_eq!(component[4..8], [0x0d, 0, 1, 0]);
}

#[test]
fn a_world_that_is_not_there_has_no_type() {
    let package = package();
    assert!(component_type(package.path(), Some("shops")).is_err());
}

#[test]
fn what_the_sdk_has_is_left_to_it() {
    let package = package();
    let wit = "package test:mine;\n\
        interface prices { use ottavo:runtime/types@0.1.0.{error}; of: func(name: string) -> result<u32, error>; }\n\
        world mine { include ottavo:runtime/http-function@0.1.0; export prices; }\n";
    fs::write(package.path().join("shop.wit"), wit).expect("room for the package");
    let options = Options { sdk: true, ..Options::default() };
    let files = generate(package.path(), &options).expect("bindings of the world");
    let names: Vec<_> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["abi.ts", "entry.ts", "exports.json", "types.ts"]);
    let text = |name: &str| &files.iter().find(|(known, _)| known == name).expect(name).1;
    assert!(
        text("exports.json").contains("\"@ottavo/sdk\": \"ottavo:runtime/http-handler@0.1.0\"")
    );
    assert!(text("entry.ts").contains("import { of } from \"../index\";"), "{}", text("entry.ts"));
}
