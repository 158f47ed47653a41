//! `ottavo run`

use std::process::Stdio;
use std::time::Duration;

use bytes::Bytes;
use ottavo_test_support::{binary, program, root, send};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(60);

/// `ottavo run` in an empty folder, without a host.
fn run(args: &[&str]) -> Command {
    let mut command = Command::new(binary());
    command.arg("run").args(args).env_remove("OTTAVO_HOST");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

async fn output(args: &[&str]) -> (Option<i32>, String, String) {
    let output = timeout(PATIENCE, run(args).output()).await.expect("it ends").unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[tokio::test]
async fn a_file_is_called_once_with_what_it_needs_in_memory() {
    let file = program("inventory-rust").unwrap();
    let file = file.to_str().unwrap();
    let manifest = root().join("examples/inventory-rust/function.toml");
    let manifest = ["--manifest", manifest.to_str().unwrap()];
    let args = [&[file], &manifest[..], &["--path", "/inventory?name=a", "-X", "PUT", "-d", "7"]];
    let (code, _, err) = output(&args.concat()).await;
    assert_eq!(code, Some(0), "{err}");
    // the next call begins with nothing
    let args = [&[file], &manifest[..], &["--path", "/inventory?name=a"]];
    let (code, _, err) = output(&args.concat()).await;
    assert_eq!(code, Some(1), "{err}");
    assert!(err.contains("404"), "{err}");

    let (code, out, err) = output(&[program("echo").unwrap().to_str().unwrap()]).await;
    assert_eq!(code, Some(0), "{err}");
    let told: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&told["method"], &told["path"]), (&"GET".into(), &"/".into()));
}

#[tokio::test]
async fn what_the_function_says_and_why_it_failed_is_shown() {
    let file = program("faults").unwrap();
    let file = file.to_str().unwrap();
    let (code, out, err) = output(&[file, "--path", "/log-flood?lines=1&bytes=3"]).await;
    assert_eq!((code, out.as_str()), (Some(0), "1 lines"), "{err}");
    assert!(err.contains("INFO  faults@1") && err.contains("xxx line"), "{err}");
    let (code, _, err) = output(&[file, "--path", "/panic?text=oh"]).await;
    assert_eq!(code, Some(1));
    assert!(err.contains("panicked") && err.contains("oh"), "{err}");
    let missing = program("bad-interface").unwrap();
    let (code, _, err) = output(&[missing.to_str().unwrap()]).await;
    assert_eq!(code, Some(1));
    assert!(err.contains("example:missing/thing@1.0.0"), "{err}");
    assert_eq!(output(&[file, "--path", "no-slash"]).await.0, Some(2));
}

#[tokio::test]
async fn it_is_served_until_it_is_stopped() {
    let file = program("echo").unwrap();
    let mut child = run(&[file.to_str().unwrap(), "--http", "127.0.0.1:0"]).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let url = loop {
        let line = timeout(PATIENCE, lines.next_line()).await.expect("it says where").unwrap();
        let line = line.expect("it runs");
        if let Some((_, rest)) = line.split_once("answers at http://") {
            break rest.split(';').next().unwrap().to_owned();
        }
    };
    let address = url.split('/').next().unwrap().parse().unwrap();
    let request = http::Request::get("/echo/x").header("host", "a").body(Bytes::new()).unwrap();
    assert_eq!(send(address, request).await.unwrap().json()["path"], "/echo/x");
    let pid = child.id().unwrap().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().await.unwrap().success());
    assert!(timeout(PATIENCE, child.wait()).await.expect("it ends").unwrap().success());
}
