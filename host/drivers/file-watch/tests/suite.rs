//! The behaviour suite of bindings on the driver `file-watch`, and what is its own.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use ottavo_blocks::binding::suite::{self, Harness, Time};
use ottavo_blocks::binding::{Binding, Input, Inputs};
use ottavo_core::{CallContext, Caller, Kind, Result, Shutdown, SystemClock};
use ottavo_driver_file_watch::FileWatch;
use ottavo_registry::{Driver, OpenContext};
use serde_json::{Value, json};

async fn open(table: Value) -> Result<(Arc<dyn Binding>, Shutdown)> {
    let shutdown = Shutdown::new();
    let context = OpenContext {
        name: "test".parse().expect("valid"),
        folder: "/nonexistent".into(),
        clock: Arc::new(SystemClock),
        shutdown: shutdown.clone(),
    };
    Ok((FileWatch.open(context, table).await?, shutdown))
}

async fn subscribe(store: &Arc<dyn Binding>) -> Result<Inputs> {
    store.subscribe(&CallContext::new("t".into(), Caller::Anonymous, Duration::from_secs(10))).await
}

/// A listener on a folder that settles at once.
async fn listen(folder: &Path, more: Value) -> (Inputs, Shutdown) {
    let mut table = json!({ "folder": folder, "settle": "20ms" });
    let more = more.as_object().expect("a table").clone();
    table.as_object_mut().expect("a table").extend(more);
    let (store, shutdown) = open(table).await.expect("open");
    (subscribe(&store).await.expect("subscribed"), shutdown)
}

async fn next(inputs: &mut Inputs) -> Input {
    let input = tokio::time::timeout(Duration::from_secs(30), inputs.next()).await;
    input.expect("in time").expect("not over").expect("no error")
}

/// The next one, in short.
async fn told(inputs: &mut Inputs) -> String {
    let Input { kind, subject, .. } = next(inputs).await;
    let kind = kind.strip_prefix("dev.ottavo.file.").expect("of a file").to_owned();
    format!("{kind} {}", subject.expect("a path"))
}

#[tokio::test]
async fn every_case_passes() {
    let folder = tempfile::tempdir().expect("a folder");
    let (store, _) = open(json!({ "folder": folder.path() })).await.expect("open");
    let report = suite::run_all_at_once(&Harness { store, time: Time::Real }).await;
    assert_eq!(report.failures(), [""; 0], "\n{report}");
}

async fn everything_is_told(poll: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    fs::write(path("a"), "1").expect("written");
    let (mut inputs, shutdown) = listen(folder.path(), json!({ "poll": poll })).await;
    let first = next(&mut inputs).await;
    assert_eq!((&*first.kind, first.subject.as_deref()), ("dev.ottavo.file.created", Some("a")));
    assert_eq!(
        (&*first.content_type, &first.data[..]),
        ("application/json", &br#"{"path":"a","size":1}"#[..])
    );
    fs::write(path("a"), "22").expect("written");
    assert_eq!(told(&mut inputs).await, "changed a");
    // a folder that is new to the listener, with what was in it before it was seen
    fs::create_dir_all(path("b/c")).expect("made");
    fs::write(path("b/c/d \n\u{1b}ä"), "").expect("written");
    assert_eq!(told(&mut inputs).await, "created b/c/d \n\u{1b}ä");
    fs::write(path("b/c/e"), "").expect("written");
    assert_eq!(told(&mut inputs).await, "created b/c/e");
    fs::rename(path("b/c"), path("b/f")).expect("renamed");
    let mut renamed = Vec::new();
    for _ in 0..4 {
        renamed.push(told(&mut inputs).await);
    }
    renamed.sort();
    let expected =
        ["created b/f/d \n\u{1b}ä", "created b/f/e", "deleted b/c/d \n\u{1b}ä", "deleted b/c/e"];
    assert_eq!(renamed, expected);
    fs::remove_file(path("a")).expect("removed");
    let last = next(&mut inputs).await;
    assert_eq!((&*last.kind, &last.data[..]), ("dev.ottavo.file.deleted", &br#"{"path":"a"}"#[..]));
    shutdown.begin();
    let end = inputs.next().await.expect("told").expect_err("the end");
    assert_eq!(end.kind(), Kind::Unavailable);
    assert!(inputs.next().await.is_none(), "the error is the last");
}

#[tokio::test]
async fn what_is_there_new_changed_and_gone_is_told() {
    everything_is_told("1h").await;
}

fn link(to: &Path, from: &Path) {
    std::os::unix::fs::symlink(to, from).expect("linked");
}

#[tokio::test]
async fn links_hidden_files_and_what_is_no_text_are_left_out_and_nothing_outside_is_told() {
    let (outside, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fs::write(outside.path().join("secret"), "1").unwrap();
    let path = |name: &str| folder.path().join(name);
    link(outside.path(), &path("folder-link"));
    link(&outside.path().join("secret"), &path("file-link"));
    link(folder.path(), &path("circle"));
    fs::write(path(".hidden"), "1").unwrap();
    fs::create_dir(path(".git")).unwrap();
    fs::write(path(".git/x"), "1").unwrap();
    fs::write(folder.path().join(OsStr::from_bytes(b"no\xfftext")), "1").unwrap();
    fs::write(path("a||b"), "1").unwrap();
    let (mut inputs, _shutdown) = listen(folder.path(), json!({})).await;
    fs::write(path("z"), "1").unwrap();
    assert_eq!(told(&mut inputs).await, "created z");
    // a folder becomes a link to the outside
    fs::create_dir(path("turn")).unwrap();
    fs::write(path("turn/own"), "1").unwrap();
    assert_eq!(told(&mut inputs).await, "created turn/own");
    fs::remove_dir_all(path("turn")).unwrap();
    link(outside.path(), &path("turn"));
    assert_eq!(told(&mut inputs).await, "deleted turn/own");
    fs::write(path("zz"), "1").unwrap();
    assert_eq!(told(&mut inputs).await, "created zz");
}

#[tokio::test]
async fn files_that_are_there_and_folders_within_can_be_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::create_dir(path("within")).unwrap();
    fs::write(path("old"), "1").unwrap();
    let table = json!({ "existing": false, "recursive": false });
    let (mut inputs, _shutdown) = listen(folder.path(), table).await;
    fs::write(path("within/x"), "1").unwrap();
    fs::write(path("new"), "1").unwrap();
    assert_eq!(told(&mut inputs).await, "created new");
    fs::write(path("old"), "22").unwrap();
    assert_eq!(told(&mut inputs).await, "changed old");
}

#[tokio::test]
async fn a_file_that_is_being_written_is_told_once_it_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let (mut inputs, _shutdown) = listen(folder.path(), json!({ "settle": "400ms" })).await;
    let path = folder.path().join("slow");
    let writer = async {
        for size in 1..=20 {
            fs::write(&path, "x".repeat(size)).unwrap();
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let (input, ()) = tokio::join!(next(&mut inputs), writer);
    assert_eq!(input.data, r#"{"path":"slow","size":20}"#);
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_unavailable_and_one_that_goes_ends_the_listening() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("inbox");
    let (store, _) = open(json!({ "folder": folder, "poll": "50ms" })).await.expect("open");
    let cx = CallContext::new("t".into(), Caller::Anonymous, Duration::from_secs(10));
    let error = subscribe(&store).await.err().expect("not there");
    assert_eq!(error.kind(), Kind::Unavailable);
    assert_eq!(error.message(), "the folder of the binding is not there");
    assert_eq!(store.health(&cx).await.expect_err("not there").kind(), Kind::Unavailable);
    fs::create_dir(&folder).unwrap();
    store.health(&cx).await.expect("there");
    let mut inputs = subscribe(&store).await.expect("there");
    let mut waits = inputs.next();
    assert!(futures_util::poll!(&mut waits).is_pending());
    fs::remove_dir(&folder).unwrap();
    let error = waits.await.expect("told").expect_err("gone");
    assert_eq!(error.kind(), Kind::Unavailable);
}

#[tokio::test]
async fn wrong_options_are_refused() {
    for (table, said) in [
        (json!({}), "`folder`"),
        (json!({ "folder": "" }), "`folder` is empty"),
        (json!({ "folder": "x", "poll": "1ms" }), "use 50ms or more"),
        (json!({ "folder": "x", "settle": "2h" }), "use 1h or less"),
    ] {
        let error = open(table).await.err().expect("refused");
        assert!(error.message().contains(said), "{error}");
    }
}
