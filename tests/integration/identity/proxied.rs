//! Clients behind a proxy that speaks the PROXY protocol.

use ottavo_test_support::{Authority, TestHost, program, root};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::PATIENCE;

const REQUEST: &[u8] = b"GET /context HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";

async fn host(more: &str) -> TestHost {
    let config = format!("[http]\nproxy_protocol = true\nheader_timeout = \"2s\"\n{more}");
    let host = TestHost::builder().config(config).start().await.unwrap();
    let manifest = root().join("tests/programs/echo/function.toml");
    host.deploy_with(&program("echo").unwrap(), &manifest).await.unwrap();
    host
}

fn second(command: u8, family: u8, rest: &[u8]) -> Vec<u8> {
    let length = u16::try_from(rest.len()).unwrap().to_be_bytes();
    [&b"\r\n\r\n\0\r\nQUIT\n"[..], &[command, family], &length, rest].concat()
}

/// What comes back until the connection is closed; a reset is an end too.
async fn answer(host: &TestHost, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(host.http()).await.unwrap();
    // it may be closed before all of it is taken
    drop(stream.write_all(bytes).await);
    let mut answer = Vec::new();
    let read = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut answer)).await;
    drop(read.expect("the connection is closed"));
    String::from_utf8(answer).unwrap()
}

fn remote(answer: &str) -> String {
    let (head, body) = answer.split_once("\r\n\r\n").expect("an answer");
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    let told: Value = serde_json::from_str(body).unwrap();
    told["remote"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_client_is_who_the_proxy_says_in_both_versions() {
    let host = host("").await;
    for (header, expected) in [
        (b"PROXY TCP4 192.0.2.7 127.0.0.1 56324 80\r\n".to_vec(), "192.0.2.7:56324"),
        (b"PROXY TCP6 2001:db8::7 ::1 56324 80\r\n".to_vec(), "[2001:db8::7]:56324"),
        (second(0x21, 0x11, &[192, 0, 2, 7, 127, 0, 0, 1, 1, 2, 0, 80]), "192.0.2.7:258"),
    ] {
        let told = answer(&host, &[&header, REQUEST].concat()).await;
        assert_eq!(remote(&told), expected);
    }
    // for itself, as when it asks whether we are there
    let told = answer(&host, &[&second(0x20, 0, &[]), REQUEST].concat()).await;
    assert!(remote(&told).starts_with("127.0.0.1:"), "{told}");
}

#[tokio::test]
async fn a_connection_without_a_good_header_is_closed_without_an_answer() {
    let host = host("").await;
    for bytes in [
        REQUEST.to_vec(),
        [b"PROXY TCP4 nobody 127.0.0.1 1 80\r\n", REQUEST].concat(),
        [&second(0x21, 0x11, &[0; 3]), REQUEST].concat(),
        [&second(0x21, 0x11, &[0; 60_000]), REQUEST].concat(),
        // it stops in the middle, and has `header_timeout` for the rest
        b"PROXY TCP4 192.0.2.7 ".to_vec(),
        Vec::new(),
    ] {
        assert_eq!(answer(&host, &bytes).await, "", "{}", bytes.escape_ascii());
    }
    let good = [b"PROXY UNKNOWN\r\n", REQUEST].concat();
    assert!(remote(&answer(&host, &good).await).starts_with("127.0.0.1:"));
}

#[tokio::test]
async fn the_header_comes_before_tls() {
    let (folder, own) = (tempfile::tempdir().unwrap(), Authority::new());
    own.write(folder.path());
    let at = folder.path().display();
    let host =
        host(&format!("tls = {{ cert = \"{at}/cert.pem\", key = \"{at}/key.pem\" }}\n")).await;
    let mut stream = TcpStream::connect(host.http()).await.unwrap();
    stream.write_all(b"PROXY TCP4 192.0.2.7 127.0.0.1 56324 80\r\n").await.unwrap();
    let mut stream = own.secure(stream, None, &["http/1.1"]).await.unwrap();
    stream.write_all(REQUEST).await.unwrap();
    let mut answer = String::new();
    drop(stream.read_to_string(&mut answer).await);
    assert_eq!(remote(&answer), "192.0.2.7:56324");
}
