//! Sentinel, TLS and passwords.

use std::fs;
use std::time::Duration;

use ottavo_blocks::state::suite::{self, Harness, Time};
use ottavo_core::Kind;
use ottavo_test_support::TestRedis;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use serde_json::json;
use tokio::time::{Instant, sleep};

use crate::open::{at, get, open, set, text};

#[tokio::test]
async fn sentinels_name_the_master_again_after_a_failover() {
    let mut master = TestRedis::start().await.unwrap();
    let lines = format!("replicaof 127.0.0.1 {}\n", master.port());
    let replica = TestRedis::with_config(&lines).await.unwrap();
    let lines = format!(
        "sentinel monitor orders 127.0.0.1 {} 1\nsentinel down-after-milliseconds orders 300\n\
         sentinel failover-timeout orders 3000\n",
        master.port()
    );
    let sentinel = TestRedis::sentinel(&lines).await.unwrap();
    let url = [sentinel.url(), "redis://127.0.0.1:1".to_owned()];
    let table = json!({ "url": url, "mode": "sentinel", "master": "orders" });
    let store = open(table).await.unwrap();
    set(&store, "a", "1").await.unwrap();
    assert_eq!(master.cli(&["hget", "a", "data"]).await.unwrap(), "1");
    // the sentinel must know the replica before it can promote it, and the replica the value
    let deadline = Instant::now() + Duration::from_secs(30);
    let wait = async || {
        assert!(Instant::now() < deadline, "no failover");
        sleep(Duration::from_millis(20)).await;
    };
    while replica.cli(&["hget", "a", "data"]).await.unwrap() != "1" {
        wait().await;
    }
    let port = replica.port().to_string();
    while !sentinel.cli(&["sentinel", "replicas", "orders"]).await.unwrap().contains(&port) {
        wait().await;
    }
    master.kill().await.unwrap();
    while let Err(error) = set(&store, "a", "2").await {
        assert_eq!(error.kind(), Kind::Unavailable, "{error:?}");
        wait().await;
    }
    assert_eq!(replica.cli(&["hget", "a", "data"]).await.unwrap(), "2");
}

#[tokio::test]
async fn a_master_that_no_sentinel_knows_is_unavailable() {
    let sentinel = TestRedis::sentinel("").await.unwrap();
    let table = json!({ "url": sentinel.url(), "mode": "sentinel", "master": "nobody" });
    let store = open(table).await.expect("it starts");
    let error = get(&store, "a").await.expect_err("no such master");
    assert_eq!(error.kind(), Kind::Unavailable, "{error:?}");
}

#[tokio::test]
async fn a_password_is_needed_given_and_never_shown() {
    let redis = TestRedis::with_config("requirepass \"s3 cret/\"\n").await.unwrap();
    let address = format!("127.0.0.1:{}", redis.port());
    for table in [
        json!({ "url": format!("redis://:s3%20cret%2F@{address}") }),
        json!({ "url": format!("redis://default:wrong@{address}"), "password": "s3 cret/" }),
        json!({ "url": format!("redis://{address}"), "username": "default", "password": "s3 cret/" }),
    ] {
        let store = open(table).await.expect("signed in");
        set(&store, "a", "1").await.unwrap();
    }
    for table in [
        json!({ "url": format!("redis://:hunter2@{address}") }),
        json!({ "url": format!("redis://{address}"), "password": "hunter2" }),
        json!({ "url": format!("redis://nobody:hunter2@{address}") }),
    ] {
        let error = open(table).await.err().expect("a wrong password is found at start");
        assert_eq!(error.kind(), Kind::FailedPrecondition, "{error:?}");
        assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
    }
}

#[tokio::test]
async fn a_password_that_is_missing_is_found_at_start() {
    let redis = TestRedis::with_config("requirepass secret\n").await.unwrap();
    let error = open(json!({ "url": redis.url() })).await.err().expect("no password");
    assert_eq!(error.kind(), Kind::FailedPrecondition, "{error:?}");
}

#[tokio::test]
async fn a_password_that_changes_later_fails_calls_until_it_is_back() {
    let redis = TestRedis::start().await.unwrap();
    let store = at(&redis.url()).await;
    redis.cli(&["config", "set", "requirepass", "secret"]).await.unwrap();
    redis.cli(&["-a", "secret", "client", "kill", "type", "normal"]).await.unwrap();
    let deadline = Instant::now() + Duration::from_secs(20);
    let error = loop {
        match get(&store, "a").await {
            Err(error) if error.kind() == Kind::FailedPrecondition => break error,
            other => assert!(Instant::now() < deadline, "{other:?}"),
        }
    };
    assert!(error.message().contains("password"), "{error}");
    redis.cli(&["-a", "secret", "config", "set", "requirepass", ""]).await.unwrap();
    while let Err(error) = set(&store, "a", "1").await {
        assert!(Instant::now() < deadline, "{error:?}");
        sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn every_case_passes_over_tls_and_a_stranger_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: String| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let issuer = |name: &str| {
        let mut authority = CertificateParams::new(vec![]).unwrap();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        authority.distinguished_name.push(rcgen::DnType::CommonName, name);
        CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap()
    };
    let (ours, other) = (issuer("ours"), issuer("other"));
    let pair = |name: &str| {
        let key = KeyPair::generate().unwrap();
        let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
        let cert = CertificateParams::new(names).unwrap().signed_by(&key, &ours).unwrap();
        let cert = write(&format!("{name}.crt"), cert.pem());
        (cert, write(&format!("{name}.key"), key.serialize_pem()))
    };
    let (ca, strange_ca) = (write("ca.crt", ours.pem()), write("other.crt", other.pem()));
    let ((server, server_key), (client, client_key)) = (pair("server"), pair("client"));
    let lines = format!(
        "tls-cert-file {server}\ntls-key-file {server_key}\ntls-ca-cert-file {ca}\n\
         tls-auth-clients yes\n"
    );
    let redis = TestRedis::with_tls(&lines).await.unwrap();
    let url = format!("rediss://127.0.0.1:{}", redis.port());
    let table = json!({ "url": url, "ca": ca, "cert": client, "key": client_key });
    let store = open(table).await.unwrap();
    let report = suite::run_all_at_once(&Harness { store, time: Time::Real }).await;
    assert_eq!(report.failures(), [""; 0], "\n{report}");

    for table in [
        json!({ "url": url, "ca": strange_ca, "cert": client, "key": client_key }),
        json!({ "url": url, "ca": ca }),
        json!({ "url": url }),
        json!({ "url": redis.url() }),
    ] {
        let store = open(table.clone()).await.expect("it starts");
        let error = set(&store, "a", "1").await.expect_err("a stranger");
        assert_eq!(error.kind(), Kind::Unavailable, "{table}: {error:?}");
    }
}

#[tokio::test]
async fn a_database_has_its_own_keys_and_one_that_is_not_there_is_found_at_start() {
    let redis = TestRedis::start().await.unwrap();
    let (zero, seven) = (at(&redis.url()).await, at(&format!("{}/7", redis.url())).await);
    set(&seven, "a", "1").await.unwrap();
    assert_eq!(text(&zero, "a").await, None);
    let error = open(json!({ "url": format!("{}/99", redis.url()) })).await.err().expect("no 99");
    assert_eq!(error.kind(), Kind::FailedPrecondition, "{error:?}");
}
