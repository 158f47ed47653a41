//! A configuration that cannot be used: a clear message, the next step, and exit code 78.

use std::fs;
use std::path::Path;
use std::process::Output;

use ottavo_test_support::{TestHost, binary};
use tokio::process::Command;

async fn serve(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(binary());
    command.arg("serve").current_dir(folder).args(args).kill_on_drop(true);
    let ports = ["--http", "127.0.0.1:0", "--grpc", "127.0.0.1:0", "--actuator", "127.0.0.1:0"];
    for pair in ports.chunks(2).filter(|pair| !args.contains(&pair[0])) {
        command.args(pair);
    }
    let output = tokio::time::timeout(std::time::Duration::from_secs(60), command.output());
    output.await.expect("it refuses to start and ends").unwrap()
}

async fn refused(folder: &Path, args: &[&str], expected: &[&str]) {
    let output = serve(folder, args).await;
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(78), "{error}");
    for part in expected {
        assert!(error.contains(part), "no `{part}` in: {error}");
    }
}

#[tokio::test]
async fn all_mistakes_of_a_file_are_told_at_once_with_their_lines() {
    let folder = tempfile::tempdir().unwrap();
    let text =
        "[http]\nlisten = \"127.0.0.1:0\"\nlissten = 1\n[state.default]\ndriver = \"memroy\"\n";
    fs::write(folder.path().join("ottavo.toml"), text).unwrap();
    refused(folder.path(), &[], &["ottavo.toml:3", "lissten"]).await;
    fs::write(folder.path().join("ottavo.toml"), text.replace("lissten = 1\n", "")).unwrap();
    refused(folder.path(), &[], &["ottavo.toml:4", "memroy", "local, memory"]).await;
}

#[tokio::test]
async fn an_unknown_option_of_a_driver_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let text = "[state.default]\ndriver = \"memory\"\nurl = \"x\"\n";
    fs::write(folder.path().join("ottavo.toml"), text).unwrap();
    refused(folder.path(), &[], &["state.default", "url"]).await;
}

#[tokio::test]
async fn a_port_in_use_is_told_with_the_setting_to_change() {
    let folder = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    for (flag, setting) in [("--http", "http"), ("--grpc", "grpc"), ("--actuator", "actuator")] {
        refused(folder.path(), &[flag, &address], &[&address, setting]).await;
    }
}

#[tokio::test]
async fn a_data_directory_that_cannot_be_used_is_told() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    refused(folder.path(), &["--data-dir", "file"], &["file", "data directory"]).await;
}

#[tokio::test]
async fn a_second_host_on_the_same_data_is_refused_and_the_first_serves_on() {
    let host = TestHost::start().await.unwrap();
    let data = host.data_dir();
    let data = data.to_str().unwrap();
    let folder = tempfile::tempdir().unwrap();
    refused(folder.path(), &["--data-dir", data], &["another host"]).await;
    assert_eq!(host.health("/actuator/health/readiness").await.unwrap().status, 200);
}
