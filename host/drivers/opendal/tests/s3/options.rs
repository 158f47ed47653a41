//! The table of a store: what is refused before anything is asked, TLS, and the place in the bucket.

use std::fs;

use ottavo_core::Kind;
use serde_json::json;

use super::*;

fn checked(changes: &[(&str, Value)]) -> Result<()> {
    let mut table = json!({
        "bucket": "files",
        "access_key_id": "shown-never-1",
        "secret_access_key": "shown-never-2",
        "endpoint": "http://127.0.0.1:1",
    });
    for (key, value) in changes {
        table[*key] = value.clone();
    }
    Driver::<dyn File>::check(&S3, &table)
}

#[tokio::test]
async fn a_wrong_table_is_refused_with_its_key() {
    checked(&[]).unwrap();
    checked(&[("endpoint", json!("https://s3.example.com"))]).unwrap();
    checked(&[("addressing", json!("host")), ("root", json!("a/b"))]).unwrap();
    for (key, value) in [
        ("bucket", json!("")),
        ("bucket", json!("a/b")),
        ("bucket", json!("a b")),
        ("access_key_id", json!("")),
        ("secret_access_key", json!("")),
        ("secret_access_key", json!(4711)),
        ("endpoint", json!("")),
        ("endpoint", json!("s3.example.com")),
        ("endpoint", json!("ftp://s3.example.com")),
        ("endpoint", json!("http://127.0.0.1:1/path")),
        ("endpoint", json!("http://user:shown-never-3@127.0.0.1:1")),
        ("addressing", json!("virtual")),
        ("part_size", json!("1MiB")),
        ("part_size", json!("1GiB")),
        ("root", json!("../x")),
        ("connect_timeout", json!("0s")),
        ("ca", json!("/nonexistent/ca.pem")),
        ("unknown", json!(1)),
    ] {
        let error = checked(&[(key, value.clone())]).expect_err(key);
        assert_eq!(error.kind(), Kind::InvalidArgument, "{key} = {value}: {error:?}");
        let text = format!("{error:?}");
        assert!(!text.contains("shown-never") && !text.contains("4711"), "{text}");
        if key != "secret_access_key" && key != "addressing" {
            assert!(text.contains(key), "{key} = {value}: {text}");
        }
    }
}

#[tokio::test]
async fn stores_with_other_roots_do_not_see_each_other() {
    let server = TestObjects::start().await.unwrap();
    let under = async |root: &str| {
        let mut table = server.table();
        table["root"] = root.into();
        try_open(table, &Shutdown::new()).await.unwrap()
    };
    let (one, two) = (under("one").await, under("/two/of/them/").await);
    put(&*one, "a", b"1").await.unwrap();
    put(&*two, "b", b"2").await.unwrap();
    assert_eq!(list(&*one, "").await, ["a"]);
    assert_eq!(list(&*two, "").await, ["b"]);
    assert_eq!(get(&*two, "a").await, None);
    assert_eq!(fs::read(server.bucket().join("two/of/them/b")).unwrap(), b"2");
    let both = open(&server).await;
    assert_eq!(list(&*both, "").await, ["one/a", "two/of/them/b"]);
}

#[tokio::test]
async fn a_service_over_tls_is_trusted_by_its_certificate_only() {
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let (cert, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
    fs::write(&cert, made.cert.pem()).unwrap();
    fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let server = TestObjects::with_tls(&cert, &key).await.unwrap();
    let mut table = server.table();
    table["ca"] = cert.to_str().unwrap().into();
    let store = try_open(table.clone(), &Shutdown::new()).await.unwrap();
    put(&*store, "a", &noise(1 << 20)).await.unwrap();
    assert!(get(&*store, "a").await.unwrap() == noise(1 << 20), "other bytes");

    let other = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    fs::write(&cert, other.cert.pem()).unwrap();
    let store = try_open(table, &Shutdown::new()).await.unwrap();
    let error = put(&*store, "a", b"1").await.expect_err("an unknown signer");
    assert_eq!(error.kind(), Kind::Unavailable, "{error:?}");
}
