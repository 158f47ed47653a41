//! A function that says which of its versions answers.

use std::fs;
use std::path::PathBuf;

use ottavo_test_support::{TestHost, program};
use serde_json::Value;

/// Where it is reached.
pub(super) const PATH: &str = "/context";

/// Its manifest, with a description that tells versions apart.
pub(super) fn manifest(host: &TestHost, name: &str, mark: u32) -> PathBuf {
    let path = host.folder().join(format!("{name}-{mark}.toml"));
    let text = format!(
        "manifest = 1\nname = \"{name}\"\ndescription = \"mark {mark}\"\n[[http]]\nroute = \"{PATH}\"\nhost = \"localhost\"\n"
    );
    fs::write(&path, text).unwrap();
    path
}

/// The program with another digest for each mark: a section that nobody reads is added.
pub(super) fn wasm(host: &TestHost, mark: u8) -> PathBuf {
    let path = host.folder().join(format!("program-{mark}.wasm"));
    let mut bytes = fs::read(program("echo").unwrap()).unwrap();
    bytes.extend([0, 5, 4, b'm', b'a', b'r', mark]);
    fs::write(&path, bytes).unwrap();
    path
}

/// Runs a verb: its JSON result, or what it said.
pub(super) async fn run(host: &TestHost, arguments: &[&str]) -> Result<Value, String> {
    let arguments = [arguments, &["--output", "json"]].concat();
    let (status, out, err) = host.cli(&arguments).await.unwrap();
    match status.success() {
        true => Ok(serde_json::from_str(&out).unwrap()),
        false => Err(err),
    }
}

/// Deploys a version of the function `f` that differs by its description only.
pub(super) async fn deploy(host: &TestHost, mark: u32, flags: &[&str]) -> Result<Value, String> {
    deploy_file(host, program("echo").unwrap(), mark, flags).await
}

/// The same with an artifact of its own.
pub(super) async fn deploy_file(
    host: &TestHost,
    wasm: PathBuf,
    mark: u32,
    flags: &[&str],
) -> Result<Value, String> {
    let manifest = manifest(host, "f", mark);
    let (wasm, manifest) = (wasm.to_str().unwrap(), manifest.to_str().unwrap());
    run(host, &[&["deploy", wasm, "--manifest", manifest], flags].concat()).await
}

/// The version that answers a request.
pub(super) async fn answers(host: &TestHost) -> u64 {
    let answer = host.get(PATH).await.unwrap();
    assert_eq!(answer.status, 200, "{}", answer.text());
    version(&answer.json())
}

/// The version that gave this answer.
pub(super) fn version(answer: &Value) -> u64 {
    answer["facts"]["version"].as_str().unwrap().parse().unwrap()
}

/// The kept versions with their shares, the newest first.
pub(super) async fn shares(host: &TestHost) -> Vec<(u64, u64)> {
    let list = run(host, &["versions", "f"]).await.unwrap();
    let of = |v: &Value| (v["version"].as_u64().unwrap(), v["share"].as_u64().unwrap());
    list["versions"].as_array().unwrap().iter().map(of).collect()
}

/// The files of the host's artifacts.
pub(super) fn artifacts(host: &TestHost) -> usize {
    fs::read_dir(host.data_dir().join("functions/artifacts")).unwrap().count()
}
