//! Code is in memory while it is called, once for all who run it: else it is on disk.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use futures_util::future::join_all;
use ottavo_test_support::{TestHost, program};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// For anything that takes long only when it is broken.
const PATIENCE: Duration = Duration::from_secs(60);

/// A program that no other test has.
fn own(host: &TestHost, from: &str) -> PathBuf {
    let mut bytes = fs::read(program(from).unwrap()).unwrap();
    bytes.extend([0, 12, 3, b'n', b'e', b'w']);
    bytes.extend(fastrand::u64(..).to_le_bytes());
    let path = host.folder().join(format!("own-{}.wasm", fastrand::u64(..)));
    fs::write(&path, bytes).unwrap();
    path
}

async fn deploy(host: &TestHost, name: &str, wasm: &Path, limits: &str) {
    host.deploy_bytes(name, &fs::read(wasm).unwrap(), limits).await.unwrap();
}

async fn start(folder: TempDir) -> TestHost {
    TestHost::builder().folder(folder).start().await.unwrap()
}

/// A host that gives code back soon.
async fn forgetful() -> TestHost {
    let engine = "max_instances = 200\nunload_after = \"100ms\"";
    TestHost::builder().engine(engine).start().await.unwrap()
}

/// The compiled functions whose code the process has, once for each time that it has it.
fn loaded(host: &TestHost) -> Vec<PathBuf> {
    let maps = fs::read_to_string(format!("/proc/{}/maps", host.pid())).unwrap();
    let code = maps.lines().filter(|line| line.contains(" r-xp ") && line.contains(".cwasm"));
    code.map(|line| line[line.find('/').unwrap()..].trim_end_matches(" (deleted)").into()).collect()
}

async fn until_given_back(host: &TestHost) {
    let wait = async {
        while !loaded(host).is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(PATIENCE, wait).await.expect("the code is given back");
}

/// Asks these paths at the same time, four times each.
async fn statuses(host: &TestHost, paths: &[&str]) -> BTreeSet<u16> {
    let all = paths.iter().cycle().take(paths.len() * 4).map(|path| host.get(path));
    join_all(all).await.into_iter().map(|answer| answer.unwrap().status).collect()
}

#[tokio::test]
async fn a_start_loads_nothing_and_those_of_one_component_share_it() {
    let host = TestHost::start().await.unwrap();
    let wasm = own(&host, "echo");
    for name in ["one", "two", "three"] {
        deploy(&host, name, &wasm, "").await;
    }
    assert_eq!(loaded(&host).len(), 1);
    let host = start(host.kill().await.unwrap()).await;
    assert_eq!(loaded(&host), Vec::<PathBuf>::new());
    let (_, described, _) = host.cli(&["describe", "one"]).await.unwrap();
    assert!(described.contains("ottavo:runtime/http-handler"), "{described}");
    assert_eq!(loaded(&host), Vec::<PathBuf>::new());
    assert_eq!(statuses(&host, &["/one/a", "/two/a", "/three/a"]).await, [200].into());
    assert_eq!(loaded(&host).len(), 1);
}

#[tokio::test]
async fn a_catalogue_that_does_not_say_what_is_exported_is_loaded_once() {
    let host = TestHost::start().await.unwrap();
    deploy(&host, "one", &own(&host, "echo"), "").await;
    let folder = host.kill().await.unwrap();
    let path = folder.path().join("data/functions/catalogue.json");
    let mut catalogue: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    let record = catalogue["functions"]["one"]["versions"]["1"].as_object_mut().unwrap();
    record.remove("handles").expect("it was noted");
    fs::write(&path, catalogue.to_string()).unwrap();
    let host = start(folder).await;
    assert_eq!(loaded(&host).len(), 1);
    let host = start(host.kill().await.unwrap()).await;
    assert_eq!(loaded(&host).len(), 0);
    assert_eq!(host.get("/one/a").await.unwrap().status, 200);
}

#[tokio::test]
async fn what_is_not_called_is_given_back_and_no_call_fails_for_it() {
    let host = forgetful().await;
    let wasm = own(&host, "echo");
    deploy(&host, "fresh", &wasm, "").await;
    deploy(&host, "kept", &wasm, "reuse = { calls = 1000, idle = \"50ms\" }").await;
    for _ in 0..5 {
        until_given_back(&host).await;
        assert_eq!(statuses(&host, &["/fresh/a", "/kept/a"]).await, [200].into());
    }
    // while the rounds go on
    for pause in 0..40 {
        assert_eq!(statuses(&host, &["/fresh/a", "/kept/a"]).await, [200].into());
        tokio::time::sleep(Duration::from_millis(5 * pause)).await;
    }
}

#[tokio::test]
async fn what_is_missing_on_disk_is_compiled_again() {
    let host = forgetful().await;
    deploy(&host, "one", &own(&host, "echo"), "").await;
    let compiled = loaded(&host);
    until_given_back(&host).await;
    for path in &compiled {
        fs::remove_file(path).unwrap();
    }
    assert_eq!(statuses(&host, &["/one/a"]).await, [200].into());
    assert!(compiled[0].exists());
}

#[tokio::test]
async fn what_does_not_load_says_so_to_its_callers_alone() {
    let host = forgetful().await;
    deploy(&host, "fine", &own(&host, "echo"), "").await;
    until_given_back(&host).await;
    deploy(&host, "gone", &own(&host, "hello-rust"), "").await;
    let [compiled] = &*loaded(&host) else { panic!("one is loaded") };
    until_given_back(&host).await;
    let name = compiled.file_name().unwrap().to_str().unwrap();
    let (digest, _) = name.split_once('-').unwrap();
    let artifact = host.data_dir().join(format!("functions/artifacts/{digest}.wasm"));
    fs::remove_file(compiled).unwrap();
    fs::remove_file(artifact).unwrap();
    for _ in 0..3 {
        assert_eq!(statuses(&host, &["/gone/a"]).await, [503].into());
    }
    let answer = host.get("/gone/a").await.unwrap();
    let said = answer.text();
    assert!(said.contains("function `gone` does not load: no artifact"), "{said}");
    assert_eq!(host.log().matches("a deployed function does not load").count(), 1);
    let answer = host.health("/actuator/health").await.unwrap();
    let health = answer.text();
    assert!(health.contains("function.gone") && !health.contains("function.fine"), "{health}");
    assert_eq!(statuses(&host, &["/fine/a"]).await, [200].into());
    // and a deploy makes it whole
    deploy(&host, "gone", &own(&host, "echo"), "").await;
    assert_eq!(statuses(&host, &["/gone/a"]).await, [200].into());
}

#[tokio::test]
async fn a_request_that_has_found_its_function_is_answered_after_a_delete() {
    let host = forgetful().await;
    deploy(&host, "one", &own(&host, "echo"), "").await;
    until_given_back(&host).await;
    let mut client = TcpStream::connect(host.http()).await.unwrap();
    let head = "POST /one/a HTTP/1.1\r\nhost: localhost\r\ncontent-length: 5\r\n\
                expect: 100-continue\r\nconnection: close\r\n\r\n";
    client.write_all(head.as_bytes()).await.unwrap();
    // the host says this when it reads the body: by then the function is found
    let mut answer = [0; 25];
    client.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 100 Continue\r\n\r\n");
    let (status, out, err) = host.cli(&["delete", "one"]).await.unwrap();
    assert!(status.success(), "{out}{err}");
    client.write_all(b"hello").await.unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert_eq!(host.get("/one/a").await.unwrap().status, 404);
}
