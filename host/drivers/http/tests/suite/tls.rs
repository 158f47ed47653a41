//! Certificates are checked, always.

use std::fs;

use ottavo_core::{Kind, Shutdown};
use ottavo_driver_http::{Client, Config};
use ottavo_test_support::Peer;
use tempfile::TempDir;

use super::{ANYWHERE, cx, get};

/// A server for `localhost`, and the folder with its certificate `cert.pem`.
async fn secure() -> (Peer, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let (cert, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
    fs::write(&cert, made.cert.pem()).unwrap();
    fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    (Peer::with_tls(&cert, &key).await.unwrap(), folder)
}

fn trusting(folder: &TempDir) -> Client {
    let ca = Some(folder.path().join("cert.pem"));
    Client::new(&Config { ca, ..Config::default() }, &Shutdown::new()).unwrap()
}

#[tokio::test]
async fn a_server_with_a_trusted_certificate_is_spoken_to_over_one_connection() {
    let (peer, folder) = secure().await;
    let client = trusting(&folder);
    for _ in 0..10 {
        let url = format!("https://localhost:{}/a", peer.address().port());
        let answer = client.send(&cx(), get(url), ANYWHERE).await.unwrap();
        // HTTP/2, as both sides have it
        assert_eq!(answer.version(), http::Version::HTTP_2);
        assert_eq!(answer.headers()["x-line"], "GET /a");
    }
    assert_eq!(peer.accepted(), 1);
}

#[tokio::test]
async fn a_certificate_for_another_name_or_of_an_unknown_signer_is_refused() {
    let (peer, folder) = secure().await;
    let port = peer.address().port();
    let other_name =
        trusting(&folder).send(&cx(), get(format!("https://127.0.0.1:{port}/")), ANYWHERE).await;
    let (_other, other) = secure().await;
    let other_signer =
        trusting(&other).send(&cx(), get(format!("https://localhost:{port}/")), ANYWHERE).await;
    for outcome in [other_name, other_signer] {
        let error = outcome.unwrap_err();
        assert_eq!((error.kind(), error.retryable()), (Kind::Unavailable, false), "{error:?}");
        assert!(error.message().contains("TLS"), "{error}");
    }
    assert_eq!(peer.requests(), 0);
}

#[tokio::test]
async fn a_server_without_tls_is_refused() {
    let (_peer, folder) = secure().await;
    let plain = Peer::start().await.unwrap();
    let url = format!("https://localhost:{}/", plain.address().port());
    let error = trusting(&folder).send(&cx(), get(url), ANYWHERE).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unavailable, "{error:?}");
    assert_eq!(plain.requests(), 0);
}

#[test]
fn a_file_that_holds_no_certificate_is_refused_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty.pem");
    fs::write(&empty, "").unwrap();
    for (ca, why) in [(empty, "no certificate"), (folder.path().join("missing"), "cannot be read")]
    {
        let error = Client::new(&Config { ca: Some(ca), ..Config::default() }, &Shutdown::new());
        let error = error.err().expect("refused");
        assert!(error.message().contains(why), "{error}");
    }
}
