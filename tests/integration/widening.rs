//! A new version that asks for more than the one before is not granted it by accident.

use std::path::PathBuf;

use ottavo_test_support::{TestHost, program};
use serde_json::Value;
use tempfile::TempDir;

/// A function whose needs change.
struct Function {
    folder: TempDir,
    wasm: PathBuf,
}

impl Function {
    fn new() -> Function {
        let folder = tempfile::tempdir().unwrap();
        Function { folder, wasm: program("inventory-rust").unwrap() }
    }

    /// Deploys it with these needs: whether it went through, and what was said.
    async fn deploy(&self, host: &TestHost, needs: &str, flags: &[&str]) -> (bool, String) {
        let manifest = self.folder.path().join("function.toml");
        let text = format!(
            "manifest = 1\nname = \"inventory\"\n[[http]]\nroute = \"/inventory\"\n[needs]\nstate = {needs}\n"
        );
        std::fs::write(&manifest, text).unwrap();
        let (wasm, manifest) = (self.wasm.to_str().unwrap(), manifest.to_str().unwrap());
        let args = [&["deploy", wasm, "--manifest", manifest], flags].concat();
        let (status, out, err) = host.cli(&args).await.unwrap();
        (status.success(), format!("{out}{err}"))
    }
}

async fn put(host: &TestHost, name: &str) -> u16 {
    host.send("PUT", &format!("/inventory?name={name}"), "1").await.unwrap().status
}

async fn version(host: &TestHost) -> Value {
    let (_, out, _) = host.cli(&["list", "--output", "json"]).await.unwrap();
    serde_json::from_str::<Value>(&out).unwrap()["functions"][0]["version"].clone()
}

#[tokio::test]
async fn more_than_before_wants_a_yes_and_the_version_before_serves_until_then() {
    let host = TestHost::builder();
    let config = "[state.default]\ndriver = \"local\"\n[state.other]\ndriver = \"memory\"\n";
    let host = host.config(config).start().await.unwrap();
    let function = Function::new();
    let (deployed, said) = function.deploy(&host, "[\"default:book*\"]", &[]).await;
    assert!(
        deployed && said.contains("state default:book*"),
        "a first deploy goes through: {said}"
    );
    assert!(!said.contains("new "), "{said}");

    // the same and less are no widening
    let (deployed, said) =
        function.deploy(&host, "[\"default:book/*\", \"default:book1*\"]", &[]).await;
    assert!(deployed, "{said}");
    let (deployed, said) = function.deploy(&host, "[\"default:book*\"]", &[]).await;
    assert!(!deployed && said.contains("state default:book*"), "back again is more: {said}");
    let (deployed, said) = function.deploy(&host, "[\"default:book*\"]", &["--accept"]).await;
    assert!(deployed && said.contains("new "), "{said}");
    let before = version(&host).await;

    // here nobody can be asked
    let (deployed, said) = function.deploy(&host, "[\"default\", \"other:a*\"]", &[]).await;
    assert!(!deployed, "{said}");
    for part in ["state default", "state other:a*", "version 3", "hint:", "--accept"] {
        assert!(said.contains(part), "no `{part}` in: {said}");
    }
    assert_eq!(version(&host).await, before);
    assert_eq!((put(&host, "lamp").await, put(&host, "book1").await / 100), (500, 2));

    // nor does a restart grant anything
    let folder = host.kill().await.unwrap();
    let host = TestHost::builder().folder(folder).config(config).start().await.unwrap();
    assert_eq!(version(&host).await, before);
    assert_eq!((put(&host, "lamp").await, put(&host, "book1").await / 100), (500, 2));

    let (deployed, said) = function
        .deploy(&host, "[\"default\", \"other:a*\"]", &["--accept", "--output", "json"])
        .await;
    assert!(deployed, "{said}");
    let reply: Value = serde_json::from_str(said.lines().next().unwrap()).unwrap();
    assert_eq!(reply["added"], serde_json::json!(["state default", "state other:a*"]));
    assert_eq!(put(&host, "lamp").await / 100, 2);
    assert_eq!(version(&host).await, before.as_u64().unwrap() + 1);
}
