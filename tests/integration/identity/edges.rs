//! Functions and the gRPC door over TLS, and addresses that other machines reach.

use std::net::SocketAddr;
use std::path::Path;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use ottavo_test_support::{Authority, TestHost, program, root, secret_file};
use ottavo_wire::v1::StateGetRequest;
use ottavo_wire::v1::state_client::StateClient;
use rcgen::{Certificate, KeyPair};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;
use tonic::codegen::Service;
use tonic::transport::{Channel, Endpoint, Uri};

use super::settings::check;
use super::{PATIENCE, eventually, token};

fn tls(folder: &Path, more: &str) -> String {
    let at = folder.display();
    format!("tls = {{ cert = \"{at}/cert.pem\", key = \"{at}/key.pem\"{more} }}\n")
}

/// The configuration of a host whose listeners for functions and apps speak TLS.
fn config(folder: &Path, more: &str) -> String {
    let tls = tls(folder, more);
    format!("[state.default]\ndriver = \"memory\"\n[grpc]\n{tls}[http]\n{tls}")
}

async fn deploy(host: &TestHost) {
    let manifest = root().join("tests/programs/echo/function.toml");
    host.deploy_with(&program("echo").unwrap(), &manifest).await.unwrap();
}

/// What surrounds a call, in the words of the function.
async fn context(stream: TlsStream<TcpStream>) -> Value {
    let h2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
    let stream = TokioIo::new(stream);
    let uri = if h2 { "https://localhost/context" } else { "/context" };
    let request = http::Request::builder().uri(uri).header("host", "localhost");
    let request = request.body(Full::new(Bytes::new())).unwrap();
    let response = if h2 {
        let (mut sender, task) = http2::handshake(TokioExecutor::new(), stream).await.unwrap();
        tokio::spawn(task);
        sender.send_request(request).await
    } else {
        let (mut sender, task) = http1::handshake(stream).await.unwrap();
        tokio::spawn(task);
        sender.send_request(request).await
    };
    let response = response.unwrap();
    assert_eq!(response.status(), 200);
    let body = response.into_body().collect().await.unwrap().to_bytes();
    serde_json::from_slice(&body).unwrap()
}

/// Whether a connection without a word about itself is closed.
async fn is_closed(mut stream: TcpStream) -> bool {
    let ended = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut Vec::new())).await;
    ended.is_ok()
}

#[tokio::test]
async fn functions_answer_over_tls_in_both_versions_and_know_it() {
    let (folder, own) = (tempfile::tempdir().unwrap(), Authority::new());
    own.write(folder.path());
    let host = TestHost::builder().config(config(folder.path(), "")).start().await.unwrap();
    deploy(&host).await;
    for (offered, agreed) in [
        (&["h2", "http/1.1"][..], Some(&b"h2"[..])),
        (&["http/1.1"], Some(b"http/1.1")),
        (&[], None),
    ] {
        let stream = own.connect(host.http(), None, offered).await.unwrap();
        assert_eq!(stream.get_ref().1.alpn_protocol(), agreed);
        let from = stream.get_ref().0.local_addr().unwrap();
        let told = context(stream).await;
        assert_eq!(told["facts"]["scheme"], "https");
        assert_eq!(told["remote"], from.to_string());
    }
    // who does not speak TLS gets no answer
    assert!(host.get("/context").await.is_err());
    assert!(host.value("k").await.is_err());
    get(host.grpc(), &own, None).await.unwrap();
}

#[tokio::test]
async fn who_does_not_finish_the_handshake_holds_up_nobody_and_is_closed() {
    let (folder, own) = (tempfile::tempdir().unwrap(), Authority::new());
    own.write(folder.path());
    let config = config(folder.path(), "");
    let config = format!("{config}max_connections = 2\nheader_timeout = \"2s\"\n");
    let host = TestHost::builder().config(config).start().await.unwrap();
    deploy(&host).await;
    let silent = TcpStream::connect(host.http()).await.unwrap();
    let mut stalled = TcpStream::connect(host.http()).await.unwrap();
    // the head of a record that never comes
    stalled.write_all(&[0x16, 3, 1, 2, 0, 1]).await.unwrap();
    // there is room for two: the eldest of those who have asked for nothing gives way
    let stream = own.connect(host.http(), None, &["h2"]).await.unwrap();
    assert_eq!(context(stream).await["facts"]["scheme"], "https");
    assert!(is_closed(silent).await);
    assert!(is_closed(stalled).await);

    let mut stalled = TcpStream::connect(host.grpc()).await.unwrap();
    stalled.write_all(&[0x16, 3, 1, 2, 0, 1]).await.unwrap();
    get(host.grpc(), &own, None).await.unwrap();
    assert!(is_closed(stalled).await);
}

/// Connects a channel over TLS.
struct Connector(Option<TlsStream<TcpStream>>);

impl Service<Uri> for Connector {
    type Response = TokioIo<TlsStream<TcpStream>>;
    type Error = std::io::Error;
    type Future = std::future::Ready<Result<Self::Response, Self::Error>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        let stream = self.0.take().map(TokioIo::new);
        std::future::ready(stream.ok_or_else(|| std::io::ErrorKind::NotConnected.into()))
    }
}

/// Asks the gRPC door for a key over TLS; none when there is no connection.
async fn get(
    address: SocketAddr,
    server: &Authority,
    client: Option<(Certificate, KeyPair)>,
) -> Option<()> {
    let stream = server.connect(address, client, &["h2"]).await?;
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    let endpoint = Endpoint::from_static("https://localhost");
    let channel = endpoint.connect_with_connector(Connector(Some(stream))).await.ok()?;
    let request = StateGetRequest { store: "default".into(), key: "k".into(), options: vec![] };
    StateClient::<Channel>::new(channel).get(request).await.ok().map(drop)
}

#[tokio::test]
async fn certificates_of_both_listeners_change_and_those_of_clients_are_asked_for() {
    let (folder, clients) = (tempfile::tempdir().unwrap(), Authority::new());
    let (old, new) = (Authority::new(), Authority::new());
    let at = folder.path();
    old.write(at);
    secret_file(&at.join("clients.pem"), &clients.pem);
    let config = config(at, &format!(", client_ca = \"{}/clients.pem\"", at.display()));
    let host = TestHost::builder().config(config).start().await.unwrap();
    deploy(&host).await;
    let (http, grpc) = (host.http(), host.grpc());
    let kept = old.connect(http, Some(clients.sign()), &["h2"]).await.unwrap();
    get(grpc, &old, Some(clients.sign())).await.unwrap();
    for stranger in [None, Some(old.sign())] {
        // in TLS 1.3 the client learns it with its first read
        if let Some(mut stream) = old.connect(http, stranger, &["http/1.1"]).await {
            assert!(stream.read_to_end(&mut Vec::new()).await.is_err());
        }
    }
    assert!(get(grpc, &old, None).await.is_none());
    assert!(get(grpc, &old, Some(old.sign())).await.is_none());

    new.write(at);
    eventually(
        async || {
            (
                new.connect(http, Some(clients.sign()), &["h2"]).await.is_some(),
                get(grpc, &new, Some(clients.sign())).await.is_some(),
            )
        },
        (true, true),
    )
    .await;
    assert!(old.connect(http, Some(clients.sign()), &["h2"]).await.is_none());
    assert_eq!(context(kept).await["facts"]["scheme"], "https", "it goes on as it began");

    secret_file(&at.join("cert.pem"), "no certificate");
    let told = async || {
        let told = host.health("/actuator/health").await.unwrap().json();
        ["http.tls", "grpc.tls"].map(|name| {
            let told = &told["components"][name]["details"]["error"]["message"];
            told.as_str().is_some_and(|message| message.contains("has no certificate"))
        })
    };
    eventually(told, [true; 2]).await;
    get(grpc, &new, Some(clients.sign())).await.unwrap();
    new.write(at);
    eventually(told, [false; 2]).await;
}

#[tokio::test]
async fn a_host_that_takes_over_speaks_what_its_own_settings_say() {
    let (folder, own) = (tempfile::tempdir().unwrap(), Authority::new());
    own.write(folder.path());
    let plain = "[state.default]\ndriver = \"memory\"\n";
    let secure = config(folder.path(), "");
    let host = TestHost::builder().config(plain).start().await.unwrap();
    deploy(&host).await;
    let http = host.http();
    let host = host.take_over(&secure).await.unwrap();
    assert_eq!(host.http(), http);
    let stream = own.connect(http, None, &["h2"]).await.unwrap();
    assert_eq!(context(stream).await["facts"]["scheme"], "https");
    get(host.grpc(), &own, None).await.unwrap();
    let host = host.take_over(&secure).await.unwrap();
    let stream = own.connect(http, None, &["http/1.1"]).await.unwrap();
    assert_eq!(context(stream).await["facts"]["scheme"], "https");
    let host = host.take_over(plain).await.unwrap();
    assert_eq!(host.get("/context").await.unwrap().json()["facts"]["scheme"], "http");
}

#[tokio::test]
async fn each_listener_wants_something_before_other_machines_reach_it() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    Authority::new().write(at);
    secret_file(&at.join("tokens"), &token('c'));
    let shown = at.display();
    let (http, grpc) = ("[http]\nlisten = \"0.0.0.0:2045\"\n", "[grpc]\nlisten = \"[::]:34904\"\n");
    let actuator = "[actuator]\nlisten = \"192.0.2.1:34999\"\n";
    let app = format!("[app.shop]\ntoken_file = \"{shown}/tokens\"\neverything = true\n");
    let mutual = tls(at, &format!(", client_ca = \"{shown}/ca.pem\""));
    let tls = tls(at, "");
    let plaintext = "plaintext = true\n";
    let bad = tls.replace("cert.pem", "tokens");
    for (text, part) in [
        (http.to_owned(), "or `http.plaintext = true`"),
        (format!("{http}{bad}"), "`http.tls` `"),
        (format!("{grpc}{tls}"), "add `[app.NAME]`"),
        (format!("{grpc}{plaintext}"), "or write `client_ca` in `grpc.tls`"),
        (format!("{grpc}{app}"), "or `grpc.plaintext = true`"),
        (format!("[grpc]\nlisten = \"unix:/tmp/x\"\n{tls}"), "beside a unix socket"),
        (actuator.to_owned(), "set `actuator.public = true`"),
    ] {
        let (code, said) = check(at, &text).await;
        assert!(code == 78 && said.contains(part), "no `{part}` in: {said}");
    }
    for text in [
        format!("{http}{tls}"),
        format!("{http}{plaintext}"),
        format!("{grpc}{tls}{app}"),
        format!("{grpc}{plaintext}{app}"),
        format!("{grpc}{mutual}"),
        format!("{actuator}public = true\n"),
    ] {
        let (code, said) = check(at, &text).await;
        assert_eq!(code, 0, "{said} of: {text}");
    }
}
