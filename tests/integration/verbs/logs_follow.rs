//! `ottavo logs --follow`: what is written comes, and nobody is held by a reader.

use std::process::Stdio;
use std::time::{Duration, Instant};

use ottavo_test_support::{TestHost, binary, root};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::UnixStream;
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(60);

async fn host(config: &str) -> TestHost {
    let host = TestHost::builder().config(config).start().await.unwrap();
    host.deploy(root().join("tests/programs/faults")).await.unwrap();
    host
}

/// `ottavo logs faults -f`, and its lines.
fn follow(host: &TestHost) -> (Child, Lines<BufReader<ChildStdout>>) {
    let mut command = Command::new(binary());
    command.args(["logs", "faults", "-f", "--output", "json"]).env("OTTAVO_HOST", host.data_dir());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let mut child = command.spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    (child, lines)
}

async fn next(lines: &mut Lines<BufReader<ChildStdout>>) -> Value {
    let line = timeout(PATIENCE, lines.next_line()).await.expect("a line comes").unwrap();
    serde_json::from_str(&line.expect("there is one more")).unwrap()
}

/// A request to follow, on a connection that nobody reads.
async fn ask(host: &TestHost) -> BufReader<UnixStream> {
    let mut stream = UnixStream::connect(host.data_dir().join("deploy.sock")).await.unwrap();
    let body = r#"{"follow":true}"#;
    let request = format!(
        "POST /v1/functions/faults/logs HTTP/1.1\r\nhost: a\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    BufReader::new(stream)
}

/// The first line of the answer.
async fn status(stream: &mut BufReader<UnixStream>) -> String {
    let mut line = String::new();
    timeout(PATIENCE, stream.read_line(&mut line)).await.expect("it is answered").unwrap();
    line
}

#[tokio::test]
async fn lines_come_as_they_are_written_over_versions_until_the_function_is_deleted() {
    let host = host("").await;
    host.get("/faults/log-flood?lines=1&bytes=1").await.unwrap();
    let (mut child, mut lines) = follow(&host);
    assert_eq!(next(&mut lines).await["message"], "x");
    host.get("/faults/log-flood?lines=1&bytes=2").await.unwrap();
    assert_eq!(next(&mut lines).await["message"], "xx");

    let folder = tempfile::tempdir().unwrap();
    let manifest = folder.path().join("function.toml");
    let text = std::fs::read_to_string(root().join("tests/programs/faults/function.toml")).unwrap();
    std::fs::write(&manifest, format!("{text}reuse = {{ calls = 2 }}\n")).unwrap();
    let wasm = ottavo_test_support::program("faults").unwrap();
    host.deploy_with(&wasm, &manifest).await.unwrap();
    host.get("/faults/log-flood?lines=1&bytes=3").await.unwrap();
    let line = next(&mut lines).await;
    assert_eq!((&line["message"], &line["version"]), (&"xxx".into(), &2.into()));

    let (status, _, err) = host.cli(&["delete", "faults"]).await.unwrap();
    assert!(status.success(), "{err}");
    assert_eq!(next(&mut lines).await["end"], "deleted");
    let status = timeout(PATIENCE, child.wait()).await.expect("it ends").unwrap();
    assert!(status.success());
}

#[tokio::test]
async fn following_ends_when_the_host_stops_and_when_nobody_reads_its_output() {
    let host = host("").await;
    let (mut child, mut lines) = follow(&host);
    let (mut closed, unread) = follow(&host);
    host.get("/faults/log-flood?lines=1&bytes=1").await.unwrap();
    assert_eq!(next(&mut lines).await["message"], "x");
    drop(unread);
    let deadline = Instant::now() + PATIENCE;
    while closed.try_wait().unwrap().is_none() {
        assert!(Instant::now() < deadline, "it goes on for nobody");
        host.get("/faults/log-flood?lines=1&bytes=1").await.unwrap();
    }
    host.signal("-TERM").await.unwrap();
    let (status, _folder) = host.wait().await.unwrap();
    assert!(status.success());
    loop {
        let line = next(&mut lines).await;
        if line["end"] == "stopping" {
            break;
        }
        assert_eq!(line["message"], "x");
    }
    assert!(timeout(PATIENCE, child.wait()).await.expect("it ends").unwrap().success());
}

#[tokio::test]
async fn a_reader_that_does_not_read_holds_neither_functions_nor_memory_nor_the_end() {
    let host = host("[shutdown]\ngrace = \"50s\"\n").await;
    let mut slow = ask(&host).await;
    let _never = ask(&host).await;
    assert!(status(&mut slow).await.contains("200"));
    let before = host.resident_bytes().unwrap();
    for _ in 0..100 {
        let flood = host.get("/faults/log-flood?lines=100&bytes=1000").await.unwrap();
        assert_eq!(flood.status, 200, "{}", flood.text());
    }
    let grown = host.resident_bytes().unwrap().saturating_sub(before);
    assert!(grown < 64 << 20, "{} KiB for two readers", grown >> 10);
    // what it missed is counted once it reads again
    let mut text = Vec::new();
    timeout(PATIENCE, async {
        let mut part = vec![0; 64 << 10];
        while !String::from_utf8_lossy(&text).contains("\"dropped\":") {
            let read = slow.read(&mut part).await.unwrap();
            assert!(read > 0, "it ends without a word");
            text.extend_from_slice(&part[..read]);
        }
    })
    .await
    .expect("it is told what it missed");
    drop(slow);

    let begun = Instant::now();
    host.signal("-TERM").await.unwrap();
    let (status, _folder) = host.wait().await.unwrap();
    assert!(status.success());
    assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn readers_are_few_enough_that_a_deploy_finds_its_way() {
    let host = host("").await;
    let mut readers = Vec::new();
    for _ in 0..64 {
        let mut reader = ask(&host).await;
        assert!(status(&mut reader).await.contains("200"));
        readers.push(reader);
    }
    assert!(status(&mut ask(&host).await).await.contains("429"));
    host.deploy(root().join("examples/hello-rust")).await.unwrap();
    drop(readers);
    let deadline = Instant::now() + PATIENCE;
    while !status(&mut ask(&host).await).await.contains("200") {
        assert!(Instant::now() < deadline, "readers that went away are still counted");
    }
}
