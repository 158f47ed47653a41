//! What operators do and what callers are refused can be read afterwards.

use std::path::Path;

use ottavo_test_support::{TestHost, program, root, secret_file};
use ottavo_wire::v1::StateGetRequest;
use serde_json::Value;
use tonic::Request;

use super::token;

fn lines(file: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(file).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn deploys_and_refusals_are_written_down_before_they_are_answered() {
    let folder = tempfile::tempdir().unwrap();
    let (tokens, file) = (folder.path().join("tokens"), folder.path().join("audit"));
    secret_file(&tokens, &token('s'));
    let config = format!(
        "[audit]\nfile = {file:?}\n[app.shop]\ntoken_file = {tokens:?}\nstate = [\"default:cart/*\"]\n\
         [log]\nfilter = \"warn,audit=info\"\n"
    );
    let host = TestHost::builder().config(config).start().await.unwrap();

    host.deploy(root().join("examples/hello-rust")).await.unwrap();
    let uid = format!("uid {}", rustix::process::geteuid().as_raw());
    let told = lines(&file);
    let deployed = told.last().unwrap();
    assert_eq!((&deployed["action"], &deployed["outcome"]), (&"deploy".into(), &"done".into()));
    assert_eq!(deployed["who"], *uid);
    assert!(deployed["what"].as_str().unwrap().starts_with("hello "), "{deployed}");
    assert!(deployed["at"].as_str().unwrap().ends_with('Z'), "{deployed}");

    let empty = folder.path().join("empty.wasm");
    std::fs::write(&empty, b"no wasm").unwrap();
    let manifest = root().join("examples/hello-rust/function.toml");
    host.deploy_with(&empty, &manifest).await.unwrap_err();
    for (args, action, outcome) in [
        (&["rollback", "hello"] as &[&str], "rollback", "refused"),
        (&["activate", "hello", "v1"], "activate", "done"),
        (&["delete", "hello"], "delete", "done"),
    ] {
        let (_, out, err) = host.cli(args).await.unwrap();
        let told = lines(&file);
        let last = told.last().unwrap();
        let found = (last["action"].as_str().unwrap(), last["outcome"].as_str().unwrap());
        assert_eq!(found, (action, outcome), "{last} {out}{err}");
        assert_eq!(last["who"], *uid);
    }

    let mut state = host.state().await.unwrap();
    let ask = |key: &str, token: &str| {
        let message = StateGetRequest { store: "default".into(), key: key.into(), options: vec![] };
        let mut request = Request::new(message);
        let value = format!("Bearer {token}").parse().unwrap();
        request.metadata_mut().insert("authorization", value);
        request
    };
    state.get(ask("users/1", &token('s'))).await.unwrap_err();
    let told = lines(&file);
    let last = told.last().unwrap();
    assert_eq!((&last["action"], &last["who"]), (&"grant".into(), &"app shop".into()));
    assert!(last["reason"].as_str().unwrap().contains("`users/1`"), "{last}");

    // a flood fills no disk
    let before = told.len();
    for _ in 0..200 {
        state.get(ask("cart/1", &token('t'))).await.unwrap_err();
    }
    let told = lines(&file);
    let refused = &told[before..];
    assert_eq!(refused.len(), 20, "{refused:?}");
    assert!(refused.iter().all(|line| line["action"] == "token"), "{refused:?}");
    assert!(refused[0]["who"].as_str().unwrap().starts_with("127.0.0.1:"), "{refused:?}");

    // what was only counted is told when the host stops
    let log = host.log();
    host.signal("-TERM").await.unwrap();
    host.wait().await.unwrap();
    let told = lines(&file);
    let last = told.last().unwrap();
    assert!(last["reason"].as_str().unwrap().starts_with("180 more"), "{last}");
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(!text.contains(&token('s')) && !text.contains(&token('t')));
    assert!(log.contains("audit") && log.contains("rollback"), "{log}");
}

#[tokio::test]
async fn what_a_function_is_denied_is_told_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("audit");
    let config = format!("[audit]\nfile = {file:?}\n");
    let host = TestHost::builder().config(config).start().await.unwrap();
    let manifest = folder.path().join("function.toml");
    let text = "manifest = 1\nname = \"inventory\"\n[[http]]\nroute = \"/inventory\"\n";
    std::fs::write(&manifest, text).unwrap();
    host.deploy_with(&program("inventory-rust").unwrap(), &manifest).await.unwrap();
    assert_eq!(host.get("/inventory?name=book1").await.unwrap().status, 500);
    let told = lines(&file);
    let last = told.last().unwrap();
    assert_eq!((&last["action"], &last["who"]), (&"grant".into(), &"function inventory".into()));
}
