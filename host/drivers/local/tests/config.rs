//! The behaviour suite of configuration on the driver `local`, and what its files mean.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use futures_util::StreamExt as _;
use ottavo_blocks::config::suite::{self, Harness, Time};
use ottavo_blocks::config::{Config, Item, Key, Scope, Update, Updates, Wanted};
use ottavo_core::{CallContext, Caller, Kind, Result, Shutdown, StoreName, SystemClock};
use ottavo_driver_local::Local;
use ottavo_registry::{Driver, OpenContext};
use serde_json::json;

async fn open(folder: &Path, shutdown: &Shutdown) -> Arc<dyn Config> {
    let context = OpenContext {
        name: "test".parse::<StoreName>().expect("valid"),
        folder: folder.to_owned(),
        clock: Arc::new(SystemClock),
        shutdown: shutdown.clone(),
    };
    Local.open(context, json!({})).await.expect("open")
}

fn cx() -> CallContext {
    CallContext::new("test".into(), Caller::Anonymous, Duration::from_secs(10))
}

fn scope() -> Scope {
    Scope::parse("shop", "", "").expect("valid")
}

async fn all(store: &Arc<dyn Config>) -> Result<Vec<(String, String)>> {
    let items = store.get(&cx(), &scope(), &Wanted::All).await?;
    Ok(items.into_iter().map(|item| (item.key.into_string(), item.value)).collect())
}

async fn save(store: &Arc<dyn Config>, key: &str, value: &str) -> Result<()> {
    let item = Item::new(Key::parse(key).expect("valid"), value);
    store.save(&cx(), &scope(), vec![item]).await
}

async fn next(updates: &mut Updates) -> Result<Update> {
    let update = tokio::time::timeout(Duration::from_secs(30), updates.next()).await;
    update.expect("in time").expect("not over")
}

fn pair(key: &str, value: &str) -> (String, String) {
    (key.to_owned(), value.to_owned())
}

#[tokio::test]
async fn every_case_passes() {
    let folder = tempfile::tempdir().expect("a folder");
    let harness = Harness { store: open(folder.path(), &Shutdown::new()).await, time: Time::Real };
    let report = suite::run_all(&harness).await;
    assert_eq!(report.failures(), [""; 0], "\n{report}");
    for _ in 0..2 {
        let report = suite::run_all_at_once(&harness).await;
        assert_eq!(report.failures(), [""; 0], "\n{report}");
    }
}

#[tokio::test]
async fn what_people_write_is_read_and_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = open(folder.path(), &Shutdown::new()).await;
    let mut updates = store.subscribe(&cx(), &scope(), &Wanted::All).await.expect("subscribed");
    assert_eq!(next(&mut updates).await.expect("the first"), Update::default());

    let file = folder.path().join("shop/default/default.toml");
    fs::create_dir_all(file.parent().expect("in a folder")).expect("created");
    fs::write(&file, "# by hand\nlimit = \"5\"\nmode = { value = \"on\", tags = { a = \"b\" } }\n")
        .expect("written");
    assert_eq!(all(&store).await.expect("read"), [pair("limit", "5"), pair("mode", "on")]);
    assert_eq!(next(&mut updates).await.expect("told").items.len(), 2);

    // in place, of the same size
    fs::write(&file, "# by hand\nlimit = \"6\"\nmode = { value = \"on\", tags = { a = \"b\" } }\n")
        .expect("written");
    assert_eq!(all(&store).await.expect("read")[0], pair("limit", "6"));
    let told = next(&mut updates).await.expect("told");
    assert_eq!((told.items.len(), told.items[0].value.as_str()), (1, "6"));

    // a program's change keeps the others, and is what people read next
    save(&store, "limit", "7").await.expect("saved");
    assert_eq!(all(&store).await.expect("read"), [pair("limit", "7"), pair("mode", "on")]);
    let text = fs::read_to_string(&file).expect("read");
    assert!(text.contains("limit = \"7\"") && text.contains("a = \"b\""), "{text}");
    fs::remove_file(&file).expect("removed");
    assert_eq!(all(&store).await.expect("read"), []);
}

#[tokio::test]
async fn a_file_that_makes_no_sense_changes_nothing_and_is_not_written_over() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = open(folder.path(), &Shutdown::new()).await;
    save(&store, "a", "1").await.expect("saved");
    let file = folder.path().join("shop/default/default.toml");
    fs::write(&file, "a = \"2\"\nb = ").expect("written");
    assert_eq!(all(&store).await.expect("as before"), [pair("a", "1")]);
    let error = save(&store, "a", "3").await.expect_err("it would lose what was written");
    assert_eq!(error.kind(), Kind::FailedPrecondition);
    assert!(error.source_text().expect("for the operator").contains("line 2"), "{error:?}");
    assert_eq!(fs::read_to_string(&file).expect("read"), "a = \"2\"\nb = ");
    // who never saw another one has nothing to answer
    let second = open(folder.path(), &Shutdown::new()).await;
    assert_eq!(all(&second).await.expect_err("no sense").kind(), Kind::FailedPrecondition);
    fs::write(&file, "a = \"2\"\n").expect("written");
    save(&store, "b", "3").await.expect("saved");
    assert_eq!(all(&store).await.expect("read"), [pair("a", "2"), pair("b", "3")]);
}

#[tokio::test]
async fn a_file_that_was_emptied_just_now_is_waited_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = open(folder.path(), &Shutdown::new()).await;
    save(&store, "a", "1").await.expect("saved");
    let mut updates = store.subscribe(&cx(), &scope(), &Wanted::All).await.expect("subscribed");
    assert_eq!(next(&mut updates).await.expect("the first").items.len(), 1);
    let path = folder.path().join("shop/default/default.toml");
    let file = fs::File::create(&path).expect("emptied");
    // it stays "just now" for as long as this test needs
    let (now, hour) = (SystemTime::now(), Duration::from_secs(3600));
    file.set_modified(now + hour).expect("touched");
    assert_eq!(all(&store).await.expect("as before"), [pair("a", "1")]);
    let error = save(&store, "b", "2").await.expect_err("it may be half-way");
    assert_eq!(error.kind(), Kind::FailedPrecondition);
    // an empty file that stays is meant
    file.set_modified(now - hour).expect("touched");
    assert_eq!(all(&store).await.expect("read"), []);
    let gone: Vec<_> = next(&mut updates).await.expect("told").deleted;
    assert_eq!(gone, [Key::parse("a").expect("valid")]);
}

#[tokio::test]
async fn items_are_there_after_the_store_was_closed() {
    let folder = tempfile::tempdir().expect("a folder");
    save(&open(folder.path(), &Shutdown::new()).await, "a", "1").await.expect("saved");
    let again = open(folder.path(), &Shutdown::new()).await;
    assert_eq!(all(&again).await.expect("read"), [pair("a", "1")]);
}

#[tokio::test]
async fn a_store_that_drops_is_told_and_so_is_the_end_of_the_host() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().join("store");
    let shutdown = Shutdown::new();
    let store = open(&root, &shutdown).await;
    let subscribe = async || {
        let mut updates = store.subscribe(&cx(), &scope(), &Wanted::All).await.expect("subscribed");
        next(&mut updates).await.expect("the first");
        updates
    };
    let mut updates = subscribe().await;
    fs::rename(&root, folder.path().join("away")).expect("renamed");
    assert_eq!(next(&mut updates).await.expect_err("gone").kind(), Kind::Unavailable);
    assert!(updates.next().await.is_none(), "the error is the last");
    assert_eq!(all(&store).await.expect_err("gone").kind(), Kind::Unavailable);
    assert_eq!(store.health(&cx()).await.expect_err("gone").kind(), Kind::Unavailable);

    fs::rename(folder.path().join("away"), &root).expect("renamed");
    store.health(&cx()).await.expect("back");
    let mut updates = subscribe().await;
    shutdown.begin();
    assert_eq!(next(&mut updates).await.expect_err("the end").kind(), Kind::Unavailable);
}
