//! The deploy API over TLS: with certificates that change, and for clients that have one.

use std::net::SocketAddr;
use std::path::Path;

use ottavo_test_support::{Authority, TestHost, binary, secret_file};
use rcgen::{Certificate, KeyPair};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::process::Command;

use super::settings::check;
use super::{eventually, token};

async fn host(folder: &Path, more: &str) -> TestHost {
    secret_file(&folder.join("tokens"), &token('c'));
    let at = folder.display();
    let config = format!(
        "[deploy]\nlisten = \"127.0.0.1:0\"\ntoken_file = \"{at}/tokens\"\n\
         tls = {{ cert = \"{at}/cert.pem\", key = \"{at}/key.pem\"{more} }}\n"
    );
    TestHost::builder().config(config).start().await.unwrap()
}

/// What `ottavo list` says, trusting the certificates of a file.
async fn list(address: SocketAddr, ca: &Path) -> (bool, String) {
    let mut command = Command::new(binary());
    command.arg("list").arg("--ca").arg(ca).env("OTTAVO_TOKEN", token('c'));
    command.env("OTTAVO_HOST", format!("https://{address}")).kill_on_drop(true);
    let output = command.output().await.unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(text).unwrap())
}

#[tokio::test]
async fn certificates_change_with_their_files_and_bad_ones_change_nothing() {
    let (folder, old, new) = (tempfile::tempdir().unwrap(), Authority::new(), Authority::new());
    let at = folder.path();
    old.write(at);
    let host = host(at, "").await;
    let address = host.deploy_address().unwrap();
    let (old_ca, new_ca) = (at.join("old"), at.join("new"));
    secret_file(&old_ca, &old.pem);
    secret_file(&new_ca, &new.pem);
    // who says nothing holds up nobody else
    let silent: Vec<_> =
        [TcpStream::connect(address).await, TcpStream::connect(address).await].into();
    let (listed, said) = list(address, &old_ca).await;
    assert!(listed, "{said}");
    assert!(!list(address, &new_ca).await.0);
    drop(silent);

    new.write(at);
    eventually(async || list(address, &new_ca).await.0, true).await;
    assert!(!list(address, &old_ca).await.0);

    secret_file(&at.join("cert.pem"), "no certificate");
    let health = async || host.health("/actuator/health").await.unwrap();
    eventually(async || health().await.status, 503).await;
    let told = health().await.json();
    let told = &told["components"]["deploy.tls"]["details"]["error"]["message"];
    assert!(told.as_str().unwrap().contains("has no certificate"), "{told}");
    assert!(list(address, &new_ca).await.0, "those before stay");
    new.write(at);
    eventually(async || health().await.status, 200).await;
}

/// The status of a request by a client with this certificate; none when there is no connection.
async fn status(
    address: SocketAddr,
    server: &Authority,
    client: Option<(Certificate, KeyPair)>,
) -> Option<String> {
    let mut stream = server.connect(address, client, &[]).await?;
    let request = format!(
        "GET /v1/host HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {}\r\nconnection: close\r\n\r\n",
        token('c')
    );
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut answer = Vec::new();
    // a server need not say goodbye
    drop(stream.read_to_end(&mut answer).await);
    let answer = String::from_utf8(answer).unwrap();
    answer.lines().next().map(str::to_owned)
}

#[tokio::test]
async fn with_a_client_ca_who_has_no_certificate_of_it_gets_no_answer() {
    let (folder, own, clients) = (tempfile::tempdir().unwrap(), Authority::new(), Authority::new());
    let at = folder.path();
    own.write(at);
    secret_file(&at.join("clients.pem"), &clients.pem);
    let host = host(at, &format!(", client_ca = \"{}/clients.pem\"", at.display())).await;
    let address = host.deploy_address().unwrap();
    let known = status(address, &own, Some(clients.sign())).await;
    assert_eq!(known.as_deref(), Some("HTTP/1.1 200 OK"));
    assert_eq!(status(address, &own, None).await, None);
    assert_eq!(status(address, &own, Some(own.sign())).await, None);
}

#[tokio::test]
async fn what_other_machines_reach_wants_a_token_and_tls() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    Authority::new().write(at);
    secret_file(&at.join("tokens"), &token('c'));
    let shown = at.display();
    let listen = "[deploy]\nlisten = \"0.0.0.0:2046\"\n";
    let tokens = format!("token_file = \"{shown}/tokens\"\n");
    let tls = format!("tls = {{ cert = \"{shown}/cert.pem\", key = \"{shown}/key.pem\" }}\n");
    for (more, part) in [
        (String::new(), "write `token_file` beside it"),
        (tokens.clone(), "which other machines reach: write `tls ="),
        (tls.clone(), "write `token_file` beside it"),
        (
            format!("{tokens}tls = {{ cert = \"{shown}/tokens\", key = \"{shown}/key.pem\" }}\n"),
            "has no certificate",
        ),
        (format!("{tokens}tls = {{ cert = \"{shown}/cert.pem\" }}\n"), "has no `key`"),
    ] {
        let (code, said) = check(at, &format!("{listen}{more}")).await;
        assert!(code == 78 && said.contains(part), "no `{part}` in: {said}");
    }
    for more in [tls, "plaintext = true\n".to_owned()] {
        let (code, said) = check(at, &format!("{listen}{tokens}{more}")).await;
        assert_eq!(code, 0, "{said}");
    }
}
