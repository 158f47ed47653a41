//! The deploy API over TCP: for who shows a token, and nobody else.

use std::net::SocketAddr;

use bytes::Bytes;
use ottavo_test_support::{Answer, TestHost, binary, program, root, secret_file, send};
use serde_json::Value;
use tempfile::TempDir;
use tokio::process::Command;

use super::{eventually, token};

async fn host(folder: &TempDir) -> TestHost {
    let file = folder.path().join("tokens");
    secret_file(&file, &format!("ci {}\n", token('c')));
    let config = format!("[deploy]\nlisten = \"127.0.0.1:0\"\ntoken_file = {file:?}\n");
    TestHost::builder().config(config).start().await.unwrap()
}

async fn ask(address: SocketAddr, path: &str, authorization: Option<&str>) -> Answer {
    let mut request = http::Request::builder().uri(path).header("host", "localhost");
    if let Some(value) = authorization {
        request = request.header("authorization", value);
    }
    send(address, request.body(Bytes::new()).unwrap()).await.unwrap()
}

/// `ottavo` as it runs on another machine, with the token in its environment.
async fn remote(address: SocketAddr, token: &str, args: &[&str]) -> (bool, String) {
    let mut command = Command::new(binary());
    command.args(args).env("OTTAVO_HOST", format!("http://{address}")).env("OTTAVO_TOKEN", token);
    let output = command.kill_on_drop(true).output().await.unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(text).unwrap())
}

#[tokio::test]
async fn who_shows_no_good_token_is_told_so_whatever_they_ask() {
    let folder = tempfile::tempdir().unwrap();
    let host = host(&folder).await;
    let address = host.deploy_address().unwrap();
    let nearly = format!("Bearer {}", &token('c')[1..]);
    for (authorization, part) in [
        (None, "authorization: Bearer TOKEN"),
        (Some("Basic x"), "send `Bearer TOKEN`"),
        (Some(nearly.as_str()), "none of this host's"),
    ] {
        for path in ["/v1/host", "/v1/functions", "/nothing"] {
            let answer = ask(address, path, authorization).await;
            assert_eq!(answer.status, 401, "{path}");
            let error = &answer.json()["error"];
            assert_eq!(error["kind"], "unauthenticated");
            assert!(error["message"].as_str().unwrap().contains(part), "{error}");
            assert!(!answer.text().contains("cccc"), "{}", answer.text());
        }
    }
    let good = format!("Bearer {}", token('c'));
    assert_eq!(ask(address, "/v1/host", Some(&good)).await.status, 200);

    // rotated: what is gone is refused
    secret_file(&folder.path().join("tokens"), &token('e'));
    eventually(async || ask(address, "/v1/host", Some(&good)).await.status, 401).await;
    // what cannot be used changes nothing, and health says so
    secret_file(&folder.path().join("tokens"), "hunter2");
    let bad = async || {
        let told = host.health("/actuator/health").await.unwrap().json();
        told["components"]["deploy.token_file"]["status"] == "DOWN"
    };
    eventually(bad, true).await;
    let new = format!("Bearer {}", token('e'));
    assert_eq!(ask(address, "/v1/host", Some(&new)).await.status, 200);
    // the socket asks for none
    assert!(host.cli(&["list"]).await.unwrap().0.success());
}

#[tokio::test]
async fn the_command_line_deploys_from_elsewhere_with_a_token() {
    let folder = tempfile::tempdir().unwrap();
    let host = host(&folder).await;
    let address = host.deploy_address().unwrap();
    let wasm = program("hello-rust").unwrap();
    let manifest = root().join("examples/hello-rust/function.toml");
    let deploy = ["deploy", wasm.to_str().unwrap(), "--manifest", manifest.to_str().unwrap()];
    let (deployed, said) = remote(address, &token('x'), &deploy).await;
    assert!(!deployed && said.contains("none of this host's"), "{said}");
    let (deployed, said) = remote(address, &token('c'), &deploy).await;
    assert!(deployed, "{said}");
    assert_eq!(host.get("/hello/ann").await.unwrap().status, 200);

    let file = folder.path().join("tokens").display().to_string();
    let (listed, said) =
        remote(address, "", &["list", "--token-file", &file, "--output", "json"]).await;
    assert!(listed, "{said}");
    let listed: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(listed["functions"][0]["name"], "hello");
    let (logged, said) = remote(address, &token('c'), &["logs", "hello"]).await;
    assert!(logged, "{said}");

    let (listed, said) = remote(address, "", &["list"]).await;
    assert!(!listed && said.contains("OTTAVO_TOKEN"), "{said}");
    let args = ["list", "--host", "http://host.example.com:1"];
    let (listed, said) = remote(address, &token('c'), &args).await;
    assert!(!listed && said.contains("use `https://`"), "{said}");
}
