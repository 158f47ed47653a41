//! `ottavo doctor`

use std::net::TcpListener;
use std::path::Path;

use ottavo_test_support::{TestHost, binary};
use serde_json::Value;
use tokio::process::Command;

const FREE: &str = "[http]\nlisten = \"127.0.0.1:0\"\n[grpc]\nlisten = \"127.0.0.1:0\"\n\
                    [actuator]\nlisten = \"127.0.0.1:0\"\n[engine]\nmax_instances = 20\n";

/// Runs it in `folder`, with this configuration.
async fn doctor(folder: &Path, config: &str, change: impl Fn(&mut Command)) -> (i32, Vec<Value>) {
    std::fs::write(folder.join("ottavo.toml"), config).unwrap();
    let mut command = Command::new(binary());
    command.args(["doctor", "--output", "json"]).current_dir(folder);
    command.env_remove("OTTAVO_HOST").env("XDG_DATA_HOME", folder);
    change(&mut command);
    let output = command.output().await.unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(!text.contains("hunter2"), "{text}");
    let report: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(report["healthy"], output.status.success());
    let findings = report["findings"].as_array().unwrap().clone();
    (output.status.code().unwrap(), findings)
}

fn finding<'f>(findings: &'f [Value], area: &str, what: &str) -> &'f Value {
    let found = findings
        .iter()
        .find(|f| f["area"] == area && f["what"].as_str().unwrap_or_default().starts_with(what));
    found.unwrap_or_else(|| panic!("no {area} {what} in {findings:#?}"))
}

#[tokio::test]
async fn a_machine_that_can_run_a_host_is_healthy_and_its_host_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let (code, found) = doctor(folder.path(), FREE, |_| {}).await;
    assert_eq!(code, 0, "{found:#?}");
    assert_eq!(finding(&found, "host", "")["status"], "absent");
    assert_eq!(finding(&found, "instance pool", "")["status"], "ok");
    assert!(finding(&found, "pagemap_scan", "")["status"].is_string());

    let host = TestHost::start().await.unwrap();
    let ours = format!("[http]\nlisten = \"{}\"\n", host.http());
    let config = FREE.replace("[http]\nlisten = \"127.0.0.1:0\"\n", &ours);
    let (code, found) = doctor(folder.path(), &config, |command| {
        command.env("OTTAVO_HOST", host.data_dir());
    })
    .await;
    assert_eq!(code, 0, "{found:#?}");
    let text = finding(&found, "host", "")["text"].as_str().unwrap();
    assert!(text.contains(&format!("process {}", host.pid())), "{text}");
    let port = finding(&found, "port", "http");
    assert!(port["text"].as_str().unwrap().contains("the host listens"), "{port}");
}

#[tokio::test]
async fn what_is_wrong_is_told_with_its_fix_and_without_passwords() {
    let folder = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let ours = format!("[http]\nlisten = \"{}\"\n", taken.local_addr().unwrap());
    let config = FREE.replace("[http]\nlisten = \"127.0.0.1:0\"\n", &ours)
        + "[state.orders]\ndriver = \"redis\"\nurl = \"redis://u:hunter2@127.0.0.1:1/0\"\n";
    let (code, found) = doctor(folder.path(), &config, |_| {}).await;
    assert_eq!(code, 1);
    let port = finding(&found, "port", "http");
    assert_eq!(port["status"], "wrong");
    assert!(port["fix"].as_str().unwrap().contains("`http.listen`"), "{port}");
    let store = finding(&found, "store", "state.orders");
    assert_eq!(store["status"], "wrong");
    assert!(store["text"].as_str().unwrap().contains("127.0.0.1:1"), "{store}");

    let (code, found) = doctor(folder.path(), "[htp]\n[grpc]\nlisten = 1\n", |_| {}).await;
    assert_eq!(code, 1);
    let problems = found.iter().filter(|f| f["area"] == "configuration").count();
    assert_eq!(problems, 2, "{found:#?}");
}

#[tokio::test]
async fn a_missing_compiler_is_named_with_its_command_and_needed_only_for_its_functions() {
    let folder = tempfile::tempdir().unwrap();
    let nothing = |command: &mut Command| {
        command.env("PATH", "/no/such/folder");
    };
    let (code, found) = doctor(folder.path(), FREE, nothing).await;
    assert_eq!(code, 0, "{found:#?}");
    let rust = finding(&found, "compiler", "rust");
    assert_eq!(rust["status"], "absent");
    assert!(rust["fix"].as_str().unwrap().contains("rustup.rs"), "{rust}");

    let manifest = "manifest = 1\nname = \"a\"\n[build]\nlanguage = \"rust\"\n";
    std::fs::write(folder.path().join("function.toml"), manifest).unwrap();
    let (code, found) = doctor(folder.path(), FREE, nothing).await;
    assert_eq!(code, 1);
    assert_eq!(finding(&found, "compiler", "rust")["status"], "wrong");
    assert_eq!(finding(&found, "compiler", "go")["status"], "absent");
}
