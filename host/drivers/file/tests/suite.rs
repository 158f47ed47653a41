//! The behaviour suite of secrets on the driver `file`, in every form, and what is its own.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ottavo_blocks::secret::suite::{self, FIXTURE, Harness, Time};
use ottavo_blocks::secret::{Key, Secrets};
use ottavo_core::{CallContext, Caller, Error, Kind, Result, Shutdown, StoreName, SystemClock};
use ottavo_driver_file::File;
use ottavo_registry::{Driver, OpenContext};
use serde_json::{Map, Value, json};
use tempfile::TempDir;

async fn open(path: &Path) -> Result<Arc<dyn Secrets>> {
    let context = OpenContext {
        name: "test".parse::<StoreName>().expect("valid"),
        folder: "/nonexistent".into(),
        clock: Arc::new(SystemClock),
        shutdown: Shutdown::new(),
    };
    File.open(context, json!({ "path": path })).await
}

fn cx() -> CallContext {
    CallContext::new("test".into(), Caller::Anonymous, Duration::from_secs(10))
}

/// Writes a file as most programs do, for its user alone.
fn write(path: &Path, data: impl AsRef<[u8]>) {
    fs::create_dir_all(path.parent().expect("in a folder")).expect("created");
    fs::write(path, data).expect("written");
    mode(path, 0o600);
}

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("changed");
}

async fn get(store: &Arc<dyn Secrets>, name: &str) -> Result<Option<Vec<u8>>> {
    let got = store.get(&cx(), &Key::parse(name).expect("valid"), None).await?;
    Ok(got.map(|bundle| bundle.values[0].1.expose().to_vec()))
}

async fn expect_every_case(store: Arc<dyn Secrets>) {
    let harness = Harness { store, time: Time::Real };
    let report = suite::run_all(&harness).await;
    assert_eq!(report.failures(), [""; 0], "\n{report}");
    let report = suite::run_all_at_once(&harness).await;
    assert_eq!(report.failures(), [""; 0], "\n{report}");
}

/// The secrets of the suite, nested, or with their names as they are.
fn fixture(nested: bool) -> Value {
    let mut root = Map::new();
    for (name, value) in FIXTURE {
        let mut table = &mut root;
        let (above, last) = match name.rsplit_once('/') {
            Some((above, last)) if nested => (Some(above), last),
            _ => (None, name),
        };
        for part in above.into_iter().flat_map(|above| above.split('/')) {
            let next = table.entry(part).or_insert_with(|| json!({}));
            table = next.as_object_mut().expect("a table");
        }
        table.insert(last.to_owned(), json!(value));
    }
    Value::Object(root)
}

#[tokio::test]
async fn every_case_passes_on_a_file_of_each_form() {
    let folder = TempDir::new().expect("a folder");
    for nested in [true, false] {
        let json = folder.path().join("secrets.json");
        write(&json, fixture(nested).to_string());
        expect_every_case(open(&json).await.expect("open")).await;
        let toml = folder.path().join("secrets.toml");
        let text: toml::Table = serde_json::from_value(fixture(nested)).expect("a table");
        write(&toml, text.to_string());
        expect_every_case(open(&toml).await.expect("open")).await;
    }
}

#[tokio::test]
async fn every_case_passes_on_a_folder_and_no_name_leads_out_of_it() {
    let folder = TempDir::new().expect("a folder");
    let root = folder.path().join("root");
    for (name, value) in FIXTURE {
        write(&root.join(name), value);
    }
    let outside = folder.path().join("outside");
    write(&outside, "hunter2");
    symlink(&outside, root.join("link")).expect("linked");
    symlink(folder.path(), root.join("up")).expect("linked");
    symlink("gone", root.join("dangling")).expect("linked");
    symlink("loop", root.join("loop")).expect("linked");
    write(&root.join(".hidden"), "hunter2");
    fs::create_dir(root.join("empty")).expect("created");
    let store = open(&root).await.expect("open");
    for name in
        ["link", "up", "up/outside", "dangling", "loop", ".hidden", "empty", "suite/../link"]
    {
        assert_eq!(get(&store, name).await.expect(name), None, "{name}");
    }
    expect_every_case(store).await;
}

#[tokio::test]
async fn bytes_of_a_folder_come_as_they_are() {
    let folder = TempDir::new().expect("a folder");
    let bytes: Vec<u8> = (0..=255).chain(*b"\n\n").collect();
    write(&folder.path().join("key.der"), &bytes);
    let store = open(folder.path()).await.expect("open");
    assert_eq!(get(&store, "key.der").await.expect("read"), Some(bytes));
}

#[tokio::test]
async fn a_folder_that_is_swapped_by_a_link_is_read_at_once() {
    let folder = TempDir::new().expect("a folder");
    let root = folder.path();
    // as a mount of secrets is laid out
    write(&root.join("..1/password"), "one");
    write(&root.join("..2/password"), "two");
    symlink("..1", root.join("..data")).expect("linked");
    symlink("..data/password", root.join("password")).expect("linked");
    let store = open(root).await.expect("open");
    assert_eq!(get(&store, "password").await.expect("read"), Some(b"one".to_vec()));
    symlink("..2", root.join("..new")).expect("linked");
    fs::rename(root.join("..new"), root.join("..data")).expect("swapped");
    assert_eq!(get(&store, "password").await.expect("read"), Some(b"two".to_vec()));
    assert_eq!(store.get_bulk(&cx()).await.expect("read").len(), 1);
}

#[tokio::test]
async fn a_file_that_changes_is_read_again_by_the_next_call() {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("secrets.toml");
    write(&path, "password = \"one\"");
    let store = open(&path).await.expect("open");
    for value in ["two", "six", "ten"] {
        // in place, of the same size, and within one tick of the clock
        fs::write(&path, format!("password = \"{value}\"")).expect("written");
        assert_eq!(get(&store, "password").await.expect("read"), Some(value.into()));
    }
    // by another file in its place
    let next = folder.path().join("next");
    write(&next, "password = \"new\"\nmore = \"x\"");
    fs::rename(&next, &path).expect("renamed");
    assert_eq!(get(&store, "password").await.expect("read"), Some(b"new".to_vec()));
    assert_eq!(get(&store, "more").await.expect("read"), Some(b"x".to_vec()));
}

fn shown(error: &Error) -> String {
    format!("{error} {error:?}")
}

#[tokio::test]
async fn a_file_that_makes_no_sense_changes_nothing_and_health_says_so() {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("secrets.toml");
    write(&path, "password = \"one\"");
    let store = open(&path).await.expect("open");
    write(&path, "password = hunter2");
    assert_eq!(get(&store, "password").await.expect("as before"), Some(b"one".to_vec()));
    let error = store.health(&cx()).await.expect_err("broken");
    assert_eq!(error.kind(), Kind::FailedPrecondition);
    assert!(!shown(&error).contains("hunter2") && shown(&error).contains("line 1"), "{error:?}");
    write(&path, "password = \"two\"");
    assert_eq!(get(&store, "password").await.expect("read"), Some(b"two".to_vec()));
    store.health(&cx()).await.expect("whole again");
}

#[tokio::test]
async fn what_others_may_read_or_is_gone_is_not_given() {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("root/secrets.toml");
    write(&path, "password = \"one\"");
    let (file, root) = (open(&path).await, path.parent().expect("in a folder"));
    let stores =
        [(file.expect("open"), "password"), (open(root).await.expect("open"), "secrets.toml")];
    for (store, name) in &stores {
        assert!(get(store, name).await.expect("read").is_some());
    }
    for others in [0o640, 0o604, 0o660] {
        mode(&path, others);
        for (store, name) in &stores {
            let error = get(store, name).await.expect_err("others may read it");
            assert_eq!(error.kind(), Kind::FailedPrecondition, "{error:?}");
            // the path is for the operator
            assert!(!error.message().contains("secrets.toml"), "{error}");
            assert!(error.source_text().expect("a source").contains("chmod 600"), "{error:?}");
        }
        for path in [&path, root] {
            let error = open(path).await.err().expect("refused");
            assert!(error.message().contains("chmod 600"), "{error}");
            assert!(error.message().starts_with("`path` is `"), "{error}");
        }
    }
    fs::remove_file(&path).expect("removed");
    let [(file, _), (folder, name)] = &stores;
    assert_eq!(get(file, "password").await.expect_err("gone").kind(), Kind::Unavailable);
    assert_eq!(file.health(&cx()).await.expect_err("gone").kind(), Kind::Unavailable);
    assert_eq!(get(folder, name).await.expect("a folder without it"), None);
    write(&path, "password = \"two\"");
    assert_eq!(get(file, "password").await.expect("back"), Some(b"two".to_vec()));
}

#[tokio::test]
async fn a_path_that_cannot_be_is_named() {
    let folder = TempDir::new().expect("a folder");
    for (name, text, why) in [
        ("a.yaml", "x: 1", "ends neither in `.toml` nor in `.json`"),
        ("a.toml", "x = hunter2", "line 1 is not TOML"),
        ("a.json", "{\"x\": hunter2}", "is not JSON at line 1"),
        ("b.json", "{\"x\": [1]}", "`x` is no text"),
    ] {
        let path = folder.path().join(name);
        write(&path, text);
        let error = open(&path).await.err().expect("refused");
        assert!(error.message().contains(why) && !shown(&error).contains("hunter2"), "{error:?}");
        assert!(error.message().starts_with("`path` is `"), "{error}");
    }
    let large = folder.path().join("large.toml");
    write(&large, format!("x = \"{}\"", "y".repeat(1 << 20)));
    let error = open(&large).await.err().expect("refused");
    assert!(error.message().ends_with("it has more than 1 MiB"), "{error}");
    let error = open(&folder.path().join("none.toml")).await.err().expect("refused");
    assert_eq!(error.kind(), Kind::Unavailable);
}
