//! A configuration that cannot be used: a clear message, the next step, and exit code 78.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Output;

use ottavo_manifest::Manifest;
use ottavo_test_support::{TestHost, binary, root};
use serde_json::Value;
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

async fn ottavo(
    folder: &Path,
    args: &[&str],
    env: &[(&str, &str)],
) -> (Option<i32>, String, String) {
    let mut command = Command::new(binary());
    command.current_dir(folder).args(args).envs(env.iter().copied()).kill_on_drop(true);
    let output = tokio::time::timeout(std::time::Duration::from_secs(60), command.output());
    let output = output.await.expect("it ends").unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

/// An unknown key, a wrong type, and mistakes in the options of drivers.
const WRONG: &str = r#"
[http]
lissten = 1
max_connections = "many"
[state.default]
driver = "redis"
urll = "redis://hunter2@localhost"
[state.other]
driver = "memroy"
[state.sentinel]
driver = "redis"
url = "redis://:hunter2@localhost"
mode = "sentinel"
"#;

#[tokio::test]
async fn all_mistakes_of_a_file_are_told_at_once_with_their_places() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("ottavo.toml"), WRONG).unwrap();
    let expected = [
        "error: ottavo.toml:3:1: `http.lissten` is unknown: use one of body_timeout, errors,",
        "error: ottavo.toml:4:1: `http.max_connections` is text: write a whole number from 1 to 1000000",
        "error: ottavo.toml:5:8: `state.default` has no `url`: write text,",
        "error: ottavo.toml:7:1: `state.default.urll` is unknown: use one of ca, cert, connect_timeout, driver,",
        "error: ottavo.toml:9:1: `state.other.driver` is `memroy`: use one of local, memory, redis",
        "error: ottavo.toml:13:1: `state.sentinel` cannot be: `mode` is `sentinel` without `master`",
    ];
    let served = serve(folder.path(), &[]).await;
    let served = (served.status.code(), String::from_utf8_lossy(&served.stderr).into_owned());
    let (code, out, checked) = ottavo(folder.path(), &["config", "check"], &[]).await;
    assert_eq!((code, out.as_str()), (Some(78), ""));
    assert_eq!(served, (Some(78), checked.clone()), "both say the same");
    let lines: Vec<_> = checked.lines().collect();
    assert_eq!(lines.len(), expected.len(), "{checked}");
    for (line, expected) in lines.iter().zip(expected) {
        assert!(line.starts_with(expected), "no `{expected}` in: {line}");
    }
    assert!(!checked.contains("hunter2"), "{checked}");

    let args = ["config", "check", "ottavo.toml", "--output", "json"];
    let (code, out, _) = ottavo(folder.path(), &args, &[]).await;
    let found: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, found["problems"].as_array().unwrap().len()), (Some(78), expected.len()));
    assert_eq!(found["problems"][0]["path"], "http.lissten");
    assert_eq!(
        (&found["problems"][0]["line"], &found["problems"][0]["column"]),
        (&3.into(), &1.into())
    );
}

#[tokio::test]
async fn every_file_of_configs_and_every_manifest_is_fine() {
    let mut seen = 0;
    for entry in fs::read_dir(root().join("configs")).unwrap() {
        let file = entry.unwrap().path();
        let (code, _, err) =
            ottavo(&root(), &["config", "check", file.to_str().unwrap()], &[]).await;
        assert_eq!(code, Some(0), "{err}");
        seen += 1;
    }
    assert!(seen >= 3, "configs/ holds the ready-to-run configurations");
    let mut seen = 0;
    for folder in ["examples", "tests/programs"] {
        for entry in fs::read_dir(root().join(folder)).unwrap() {
            let file = entry.unwrap().path().join("function.toml");
            let Ok(text) = fs::read_to_string(&file) else { continue };
            if let Err(problems) = Manifest::parse(&file, &text) {
                panic!("{problems}");
            }
            seen += 1;
        }
    }
    assert!(seen >= 9, "{seen} manifests");
}

#[tokio::test]
async fn what_is_in_force_is_shown_with_its_origin_and_without_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let text = "[http]\nerrors = \"opaque\"\n[state.a]\ndriver = \"redis\"\n\
                url = \"redis://user:hunter2@localhost\"\npassword = { env = \"REDIS_PASSWORD\" }\n";
    fs::write(folder.path().join("o.toml"), text).unwrap();
    let env = [("REDIS_PASSWORD", "hunter2"), ("OTTAVO_DATA_DIR", "/from/env")];
    let args = ["config", "show", "o.toml", "--http", "127.0.0.1:0"];
    let (code, out, err) = ottavo(folder.path(), &args, &env).await;
    assert_eq!(code, Some(0), "{err}");
    for (line, origin) in [
        ("data_dir = \"/from/env\"", "# environment variable OTTAVO_DATA_DIR"),
        ("listen = \"127.0.0.1:0\"", "# --http"),
        ("errors = \"opaque\"", "# o.toml:2:1"),
        ("timeout = \"10s\"", "# default"),
        ("password = \"***\"", "# o.toml:6:1, from environment variable REDIS_PASSWORD"),
        ("url = \"redis://***@localhost\"", "# o.toml:5:1"),
        ("connect_timeout = \"2s\"", "# default"),
        ("# cache_dir is not set", ""),
    ] {
        let found = out.lines().any(|found| found.starts_with(line) && found.ends_with(origin));
        assert!(found, "no `{line} {origin}` in:\n{out}");
    }
    let _: toml::Table = out.parse().expect("what is shown is TOML");
    let json = [&args[..], &["--output", "json"]].concat();
    let (_, json, _) = ottavo(folder.path(), &json, &env).await;
    let all: Value = serde_json::from_str(&json).unwrap();
    assert!(all.as_array().unwrap().len() > 30, "{all}");
    assert!(!out.contains("hunter2") && !json.contains("hunter2"), "{out}{json}");
}

#[tokio::test]
async fn a_file_of_a_secret_that_others_can_read_is_warned_of() {
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("secret");
    fs::write(&secret, "hunter2\n").unwrap();
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o644)).unwrap();
    let text = "[state.a]\ndriver = \"redis\"\nurl = \"redis://localhost\"\n\
                password = { file = \"secret\" }\n";
    fs::write(folder.path().join("ottavo.toml"), text).unwrap();
    let (code, _, err) = ottavo(folder.path(), &["config", "check"], &[]).await;
    assert_eq!(code, Some(0), "{err}");
    assert!(err.starts_with("warning: ottavo.toml:4:1: `state.a.password` is read from"), "{err}");
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o600)).unwrap();
    let (_, _, err) = ottavo(folder.path(), &["config", "check"], &[]).await;
    assert!(!err.contains("warning"), "{err}");
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
