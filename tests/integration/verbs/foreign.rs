//! Components that were built for other hosts: a deploy names each import that is missing.

use std::path::PathBuf;

use ottavo_test_support::{TestHost, root};
use tempfile::TempDir;
use wit_component::{ComponentEncoder, StringEncoding, dummy_module, embed_component_metadata};
use wit_parser::{LiftLowerAbi, ManglingAndAbi, Resolve};

/// A component of the world `t:t/w`, whose interfaces are only named like those of other hosts.
fn component(packages: &[&str], imports: &[&str], export: &str) -> Vec<u8> {
    let mut resolve = Resolve::default();
    resolve.push_dir(root().join("wit")).unwrap();
    let imports: String = imports.iter().map(|i| format!("import {i};\n")).collect();
    let world = format!("package t:t; world w {{ {imports} export {export}; }}");
    for (at, text) in packages.iter().copied().chain([world.as_str()]).enumerate() {
        resolve.push_str(format!("{at}.wit"), text).unwrap();
    }
    let packages: Vec<_> = resolve.packages.iter().map(|(id, _)| id).collect();
    let world = resolve.select_world(&packages, Some("t:t/w")).unwrap();
    let mut module = dummy_module(&resolve, world, ManglingAndAbi::Legacy(LiftLowerAbi::Sync));
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).unwrap();
    ComponentEncoder::default().module(&module).unwrap().encode().unwrap()
}

fn written(component: &[u8]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("foreign.wasm");
    std::fs::write(&file, component).unwrap();
    (folder, file)
}

async fn refused(component: &[u8], named: &[&str]) {
    let host = TestHost::start().await.unwrap();
    let (_folder, file) = written(component);
    let file = file.to_str().unwrap();
    let (status, out, err) = host.cli(&["deploy", file]).await.unwrap();
    assert_eq!(status.code(), Some(1), "{out}{err}");
    for name in named {
        assert!(err.contains(name), "no `{name}` in: {err}");
    }
    let (_, list, _) = host.cli(&["list", "--output", "json"]).await.unwrap();
    assert_eq!(list.trim(), r#"{"functions":[]}"#);

    // without a host, the same is told import by import
    let (status, out, err) = host.cli(&["describe", file, "--output", "json"]).await.unwrap();
    assert!(status.success(), "{err}");
    let told: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(told["runs"], false);
    let foreign = |import: &&serde_json::Value| {
        !import["interface"].as_str().unwrap().starts_with("ottavo:runtime/")
    };
    for import in told["imports"].as_array().unwrap().iter().filter(foreign) {
        assert_eq!(import["status"], "missing", "{import}");
        assert!(!import["fix"].as_str().unwrap().is_empty(), "{import}");
    }
}

#[tokio::test]
async fn a_component_built_for_spin_is_refused_import_by_import() {
    let packages = ["package fermyon:spin@2.0.0;
         interface key-value { fetch: func(name: string) -> option<list<u8>>; }
         interface llm { ask: func(text: string) -> string; }
         interface variables { read: func(name: string) -> string; }
         interface inbound { take: func(); }"];
    let imports =
        ["fermyon:spin/key-value@2.0.0", "fermyon:spin/llm@2.0.0", "fermyon:spin/variables@2.0.0"];
    let bytes = component(&packages, &imports, "fermyon:spin/inbound@2.0.0");
    let hints = ["`ottavo:runtime/state`", "`ottavo:runtime/http-handler@0.1.0`"];
    refused(&bytes, &[&imports[..], &hints[..]].concat()).await;
}

#[tokio::test]
async fn a_component_built_for_wasmcloud_is_refused_import_by_import() {
    let packages = [
        "package wasi:keyvalue@0.2.0-draft;
         interface store { find: func(name: string) -> u32; }
         interface atomics { add: func(by: u64) -> u64; }",
        "package wasmcloud:messaging@0.2.0;
         interface consumer { send: func(to: string, body: list<u8>); }",
    ];
    let imports = [
        "wasi:keyvalue/store@0.2.0-draft",
        "wasi:keyvalue/atomics@0.2.0-draft",
        "wasmcloud:messaging/consumer@0.2.0",
    ];
    let bytes = component(&packages, &imports, "ottavo:runtime/http-handler@0.1.0");
    refused(&bytes, &imports).await;
}
