//! `ottavo describe`

use ottavo_core::Digest;
use ottavo_test_support::{TestHost, program, root};
use serde_json::Value;

async fn json(host: &TestHost, args: &[&str]) -> Value {
    let args = [&["describe", "--output", "json"], args].concat();
    let (status, out, err) = host.cli(&args).await.unwrap();
    assert!(status.success(), "{err}");
    serde_json::from_str(&out).unwrap()
}

fn import<'v>(told: &'v Value, part: &str) -> &'v Value {
    let imports = told["imports"].as_array().unwrap();
    imports.iter().find(|i| i["interface"].as_str().unwrap().contains(part)).unwrap()
}

#[tokio::test]
async fn a_file_is_compared_with_the_host_and_with_its_manifest() {
    let host = TestHost::start().await.unwrap();
    let wasm = program("inventory-rust").unwrap();
    let file = wasm.to_str().unwrap();
    let told = json(&host, &[file]).await;
    assert_eq!(told["digest"], Digest::of(&std::fs::read(&wasm).unwrap()).to_string());
    assert_eq!(told["size"], std::fs::metadata(&wasm).unwrap().len());
    assert_eq!((&told["language"], &told["symbols"]), (&"Rust".into(), &"names".into()));
    assert_eq!(told["limits"]["memory"], "128MiB");
    assert_eq!(import(&told, "/state@")["status"], "provided");
    assert_eq!(told["exports"][0]["status"], "called");

    let manifest = root().join("examples/inventory-rust/function.toml");
    let told = json(&host, &[file, "--manifest", manifest.to_str().unwrap()]).await;
    assert_eq!(import(&told, "/state@")["status"], "provided");
    let none = root().join("examples/hello-rust/function.toml");
    let told = json(&host, &[file, "--manifest", none.to_str().unwrap()]).await;
    let state = import(&told, "/state@");
    assert_eq!(state["status"], "not-granted");
    assert!(state["fix"].as_str().unwrap().contains("`state = [\"default\"]`"), "{state}");
    assert_eq!(told["runs"], true, "it runs, and its calls are refused");
}

#[tokio::test]
async fn what_is_missing_stands_there_with_its_fix_and_what_is_no_wasm_is_an_error() {
    let host = TestHost::start().await.unwrap();
    let file = program("bad-interface").unwrap();
    let (status, out, err) = host.cli(&["describe", file.to_str().unwrap()]).await.unwrap();
    assert!(status.success(), "{err}");
    let lines: Vec<_> = out.lines().collect();
    let at = lines.iter().position(|line| line.contains("example:missing/thing@1.0.0")).unwrap();
    assert!(lines[at].ends_with("missing"), "{out}");
    assert!(lines[at + 1].contains("`wac plug`"), "{out}");
    assert!(out.contains("a host refuses it"), "{out}");

    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("x.wasm");
    std::fs::write(&script, "#!/bin/sh\n").unwrap();
    let (status, _, err) = host.cli(&["describe", script.to_str().unwrap()]).await.unwrap();
    assert_eq!(status.code(), Some(1));
    assert!(err.contains("it is a script") && err.contains("ottavo build"), "{err}");
}

#[tokio::test]
async fn a_deployed_function_is_told_with_its_version_routes_grants_and_limits() {
    let host = TestHost::start().await.unwrap();
    host.deploy(root().join("tests/programs/faults")).await.unwrap();
    let told = json(&host, &["faults"]).await;
    assert_eq!((&told["name"], &told["version"]), (&"faults".into(), &1.into()));
    assert_eq!(told["granted"], "state default");
    assert_eq!(told["limits"]["cpu"], "200ms");
    assert_eq!(told["http"][0]["route"], "/faults/...");
    assert_eq!(import(&told, "/state@")["status"], "provided");
    assert!(told["deployed_at"].as_u64().unwrap() > 0);

    let (_, out, _) = host.cli(&["describe", "faults"]).await.unwrap();
    let line = |start: &str| out.lines().find(|line| line.starts_with(start)).unwrap().to_owned();
    assert!(line("limits.cpu").ends_with("200ms"), "{out}");
    assert!(line("limits.reuse").ends_with("(default)"), "{out}");
    assert!(line("version").contains("1, deployed"), "{out}");
    assert!(line("route").contains("/faults/..."), "{out}");

    let (status, _, err) = host.cli(&["describe", "nobody"]).await.unwrap();
    assert_eq!(status.code(), Some(1));
    assert!(err.contains("no function `nobody` is deployed"), "{err}");
    for wrong in [&["describe", "No Name"][..], &["describe", "faults", "--manifest", "x"]] {
        let (status, _, err) = host.cli(wrong).await.unwrap();
        assert_eq!(status.code(), Some(2), "{err}");
    }
}
