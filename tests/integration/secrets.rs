//! Secrets: what a configuration has in a secret store, what apps and functions read of one, and that
//! none of it shows.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use ottavo_test_support::{TestHost, TestRedis};
use ottavo_wire::from_status;
use ottavo_wire::v1::secret_client::SecretClient;
use ottavo_wire::v1::{SecretGetBulkRequest, SecretGetRequest};
use tonic::transport::Channel;

/// Writes the secrets of a host, for this user alone.
fn write(folder: &Path, text: &str) -> PathBuf {
    let (path, fresh) = (folder.join("secrets.toml"), folder.join("fresh"));
    fs::write(&fresh, text).unwrap();
    fs::set_permissions(&fresh, fs::Permissions::from_mode(0o600)).unwrap();
    fs::rename(&fresh, &path).unwrap();
    path
}

fn vault(path: &Path) -> String {
    format!("[secret.vault]\ndriver = \"file\"\npath = {path:?}\n")
}

async fn client(host: &TestHost) -> SecretClient<Channel> {
    let endpoint = format!("http://{}", host.grpc());
    SecretClient::new(Channel::from_shared(endpoint).unwrap().connect().await.unwrap())
}

async fn get(host: &TestHost, name: &str) -> ottavo_core::Result<Option<String>> {
    let (store, name) = ("vault".to_owned(), name.to_owned());
    let request = SecretGetRequest { store, name, version: None };
    let answer = client(host).await.get(request).await.map_err(|status| from_status(&status))?;
    let bundle = answer.into_inner().bundle;
    Ok(bundle.map(|bundle| String::from_utf8(bundle.values[0].data.to_vec()).unwrap()))
}

#[tokio::test]
async fn a_store_is_opened_with_what_a_secret_store_has() {
    let folder = tempfile::tempdir().unwrap();
    let redis = TestRedis::start().await.unwrap();
    let path = write(folder.path(), &format!("[redis]\nurl = {:?}\n", redis.url()));
    let config = format!(
        "{}[state.default]\ndriver = \"redis\"\nurl = {{ secret = \"vault:redis/url\" }}\n",
        vault(&path)
    );
    let host = TestHost::builder().config(config).start().await.unwrap();
    redis.cli(&["set", "book1", "100"]).await.unwrap();
    assert_eq!(host.value("book1").await.unwrap().as_deref(), Some(&b"100"[..]));
}

#[tokio::test]
async fn a_secret_that_is_not_there_keeps_the_host_from_starting_and_says_where_it_is_needed() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(folder.path(), "[redis]\nurl = \"redis://:hunter2@127.0.0.1:1\"\n");
    let config = format!(
        "{}[state.default]\ndriver = \"redis\"\nurl = {{ secret = \"vault:redis/uri\" }}\n",
        vault(&path)
    );
    let error = TestHost::builder().config(config).start().await.err().expect("refused");
    let error = format!("{error:#}");
    let said = "ottavo.toml:6:1: `state.default.url` needs the secret `redis/uri` of the secret \
                store `vault`: it is missing";
    assert!(error.contains(said), "{error}");

    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let error = TestHost::builder().config(vault(&path)).start().await.err().expect("refused");
    let error = format!("{error:#}");
    let said = "ottavo.toml:2:1: `secret.vault`: `path` is `";
    assert!(error.contains(said) && error.contains("chmod 600"), "{error}");
    assert!(!error.contains("hunter2"), "{error}");
}

#[tokio::test]
async fn a_rotation_is_seen_without_a_restart_and_nothing_shows() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(folder.path(), "token = \"hunter2\"\n");
    let config = format!("{}[log]\nfilter = \"trace\"\n", vault(&path));
    let host = TestHost::builder().config(config).start().await.unwrap();
    assert_eq!(get(&host, "token").await.unwrap().as_deref(), Some("hunter2"));
    write(folder.path(), "token = \"hunter3\"\n");
    assert_eq!(get(&host, "token").await.unwrap().as_deref(), Some("hunter3"));
    assert_eq!(get(&host, "nothing").await.unwrap(), None);
    let all = SecretGetBulkRequest { store: "vault".to_owned() };
    let all = client(&host).await.get_bulk(all).await.unwrap().into_inner();
    assert_eq!(all.secrets.len(), 1);
    assert!(!format!("{all:?}").contains("hunter"), "{all:?}");

    // others may read it now: nobody gets it until that is mended
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let error = get(&host, "token").await.expect_err("refused");
    assert_eq!(error.kind(), ottavo_core::Kind::FailedPrecondition);
    assert!(!error.message().contains("secrets.toml"), "the path is the operator's: {error}");
    fs::remove_file(&path).unwrap();
    let error = get(&host, "token").await.expect_err("gone");
    assert_eq!(error.kind(), ottavo_core::Kind::Unavailable);
    let log = host.log();
    assert!(!log.contains("hunter"), "{log}");
    assert!(log.contains("the secrets were read again"), "{log}");
}

#[tokio::test]
async fn the_environment_is_a_store_of_what_has_its_prefix() {
    let config = "[secret.vault]\ndriver = \"env\"\nprefix = \"SHOP_\"\n";
    let host =
        TestHost::builder().config(config).env("SHOP_DB__PASSWORD", "hunter2").env("SHOT", "x");
    let host = host.start().await.unwrap();
    assert_eq!(get(&host, "db/password").await.unwrap().as_deref(), Some("hunter2"));
    let all = SecretGetBulkRequest { store: "vault".to_owned() };
    let all = client(&host).await.get_bulk(all).await.unwrap().into_inner();
    assert_eq!(
        all.secrets.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(),
        ["db/password"]
    );
}
