//! Modules and components made here, from WIT and from text.

use std::path::Path;

use wit_component::{ComponentEncoder, StringEncoding, dummy_module, embed_component_metadata};
use wit_parser::{ManglingAndAbi, Resolve, WorldId};

/// The package in `wit/`, and further packages given as text.
fn resolve(extra: &[&str]) -> Resolve {
    let mut resolve = Resolve::default();
    let folder = "../../wit";
    resolve.push_dir(Path::new(folder)).unwrap();
    for (at, text) in extra.iter().enumerate() {
        resolve.push_str(format!("extra-{at}.wit"), text).unwrap();
    }
    resolve
}

fn select(resolve: &Resolve, world: &str) -> WorldId {
    let packages: Vec<_> = resolve.packages.iter().map(|(id, _)| id).collect();
    resolve.select_world(&packages, Some(world)).unwrap()
}

/// A core module with this text, embedding the world.
pub(crate) fn module(wat: &str, world: &str, extra: &[&str]) -> Vec<u8> {
    let resolve = resolve(extra);
    let mut module = wat::parse_str(wat).unwrap();
    let world = select(&resolve, world);
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).unwrap();
    module
}

/// A core module that has everything the world asks for, and embeds it.
pub(crate) fn whole_module(world: &str, extra: &[&str]) -> Vec<u8> {
    let resolve = resolve(extra);
    let world = select(&resolve, world);
    let mut module =
        dummy_module(&resolve, world, ManglingAndAbi::Legacy(wit_parser::LiftLowerAbi::Sync));
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).unwrap();
    module
}

/// A component of that world.
pub(crate) fn whole_component(world: &str, extra: &[&str]) -> Vec<u8> {
    ComponentEncoder::default()
        .validate(true)
        .module(&whole_module(world, extra))
        .unwrap()
        .encode()
        .unwrap()
}

/// A function in the world `http-function`, whose core module also has these lines.
pub(crate) fn http_function(lines: &str) -> Vec<u8> {
    module(&handler(lines), "ottavo:runtime/http-function", &[])
}

/// The text of a core module with these lines that exports our handler and embeds no world.
pub(crate) fn handler(lines: &str) -> String {
    format!(
        r#"(module
            {lines}
            (memory (export "memory") 1)
            (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) unreachable)
            (func (export "ottavo:runtime/http-handler@0.1.0#handle")
                (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32)
                unreachable))"#
    )
}
