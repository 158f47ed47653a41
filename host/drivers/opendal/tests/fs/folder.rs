//! Links, drafts, and what other programs put into the folder.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use ottavo_blocks::file::{ContentType, Metadata, Precondition};
use ottavo_core::Kind;

use super::*;

/// Everything below a folder, folders with a `/` behind.
fn all(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        match entry.file_type().unwrap().is_dir() {
            true => {
                found.extend(all(&entry.path()).iter().map(|below| format!("{name}/{below}")));
                found.push(format!("{name}/"));
            }
            false => found.push(name),
        }
    }
    found.sort();
    found
}

#[tokio::test]
async fn no_link_is_followed_in_or_out() {
    let (root, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let store = open(root.path()).await;
    fs::write(other.path().join("secret"), "secret").unwrap();
    put(&*store, "real/a", "1").await.unwrap();
    symlink(other.path(), root.path().join("folder")).unwrap();
    symlink(other.path().join("secret"), root.path().join("file")).unwrap();
    symlink("real", root.path().join("inside")).unwrap();
    symlink("real/a", root.path().join("beside")).unwrap();
    symlink(other.path().join("new"), root.path().join("nowhere")).unwrap();
    assert!(Command::new("mkfifo").arg(root.path().join("pipe")).status().unwrap().success());
    for text in ["folder/secret", "file", "inside/a", "beside", "nowhere", "pipe", "folder"] {
        assert_eq!(get(&*store, text).await, None, "{text}");
        assert_eq!(store.stat(&cx(), &name(text)).await.unwrap(), None, "{text}");
        let error = put(&*store, text, "x").await.expect_err(text);
        assert_eq!(error.kind(), Kind::FailedPrecondition, "{text}: {error:?}");
        store.delete(&cx(), &name(text)).await.unwrap();
    }
    assert_eq!(list(&*store, "").await, ["real/a"]);
    for prefix in ["folder/", "inside/", "folder/s", "pipe/"] {
        assert_eq!(list(&*store, prefix).await, [""; 0], "{prefix}");
    }
    assert_eq!(fs::read_to_string(other.path().join("secret")).unwrap(), "secret");
    assert_eq!(all(other.path()), ["secret"]);
    for kept in ["folder", "file", "inside", "beside", "nowhere", "pipe"] {
        assert!(root.path().join(kept).symlink_metadata().is_ok(), "{kept} was deleted");
    }
}

#[tokio::test]
async fn what_is_not_finished_leaves_neither_a_file_nor_a_folder() {
    let root = tempfile::tempdir().unwrap();
    let shutdown = Shutdown::new();
    let store = try_open(root.path(), &shutdown).await.unwrap();
    let mut dropped = store.create(&cx(), NewFile::new(name("a/b/c"))).await.unwrap();
    dropped.write(&cx(), Bytes::from_static(b"half")).await.unwrap();
    let mut open = store.create(&cx(), NewFile::new(name("d/e"))).await.unwrap();
    open.write(&cx(), Bytes::from_static(b"half")).await.unwrap();
    assert_eq!(all(root.path()).len(), 3, "{:?}", all(root.path()));
    drop(dropped);
    // the one that is still written ends with the host
    shutdown.begin();
    shutdown.finish(Duration::from_secs(30)).await.unwrap();
    assert_eq!(all(root.path()), [".writing||/"]);
    let error = open.finish(&cx()).await.expect_err("the host stopped");
    assert_eq!(error.kind(), Kind::Unavailable, "{error:?}");
}

#[tokio::test]
async fn files_of_other_programs_are_served_as_they_are() {
    let root = tempfile::tempdir().unwrap();
    let store = open(root.path()).await;
    fs::create_dir(root.path().join("b")).unwrap();
    fs::write(root.path().join("b/a"), "by hand").unwrap();
    fs::write(root.path().join("x||y"), "of no app").unwrap();
    fs::write(root.path().join("space "), "cannot be named").unwrap();
    assert_eq!(get(&*store, "b/a").await.as_deref(), Some("by hand"));
    assert_eq!(list(&*store, "").await, ["b/a", "x||y"]);
    let info = store.stat(&cx(), &name("b/a")).await.unwrap().unwrap();
    assert_eq!((info.size, info.content_type, info.metadata), (7, None, Metadata::default()));
}

#[tokio::test]
async fn what_is_said_of_a_file_is_there_with_it_and_never_before() {
    let root = tempfile::tempdir().unwrap();
    let (writer, reader) = (open(root.path()).await, open(root.path()).await);
    let content_type = Some(ContentType::parse("text/plain").unwrap());
    let pairs = (0..100).map(|n| (format!("name-{n}"), "value".to_owned())).collect();
    let metadata = Metadata::parse(pairs).unwrap();
    let file = NewFile { content_type, metadata, ..NewFile::new(name("a")) };
    writer.create(&cx(), file.clone()).await.unwrap().finish(&cx()).await.unwrap();
    let info = reader.stat(&cx(), &file.name).await.unwrap().unwrap();
    assert_eq!((info.content_type, info.metadata), (file.content_type, file.metadata));
}

#[tokio::test]
async fn preconditions_are_refused_by_saying_who_has_them() {
    let root = tempfile::tempdir().unwrap();
    let store = open(root.path()).await;
    let file = NewFile { precondition: Precondition::Absent, ..NewFile::new(name("a")) };
    let error = store.create(&cx(), file).await.err().expect("unsupported");
    assert_eq!(error.kind(), Kind::Unsupported);
    assert!(error.message().contains("`local`"), "{error}");
}

#[tokio::test]
async fn names_that_opendal_would_trim_are_refused() {
    let root = tempfile::tempdir().unwrap();
    let store = open(root.path()).await;
    put(&*store, "a", "1").await.unwrap();
    for text in ["a ", " a", "a\n", "b/a\u{2003}"] {
        let error = put(&*store, text, "2").await.expect_err(text);
        assert_eq!(error.kind(), Kind::Unsupported, "{error:?}");
        let error = store.stat(&cx(), &name(text)).await.expect_err(text);
        assert_eq!(error.kind(), Kind::Unsupported, "{error:?}");
    }
    assert_eq!(get(&*store, "a").await.as_deref(), Some("1"));
}

#[tokio::test]
async fn a_folder_that_goes_away_is_unavailable_and_comes_back() {
    let parent = tempfile::tempdir().unwrap();
    let root = parent.path().join("files");
    let store = open(&root).await;
    store.health(&cx()).await.unwrap();
    fs::rename(&root, parent.path().join("away")).unwrap();
    let error = store.health(&cx()).await.expect_err("it is away");
    assert!(!error.message().contains("files"), "{error}");
    fs::rename(parent.path().join("away"), &root).unwrap();
    store.health(&cx()).await.unwrap();
    put(&*store, "a", "1").await.unwrap();
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_unavailable_until_it_can() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "in the way").unwrap();
    let store = open(&file.join("root")).await;
    let error = store.health(&cx()).await.expect_err("no folder");
    assert_eq!(error.kind(), Kind::Unavailable);
    assert!(error.source_text().is_some_and(|why| why.contains(file.to_str().unwrap())), "{error}");
    assert!(put(&*store, "a", "1").await.is_err());
    fs::remove_file(&file).unwrap();
    store.health(&cx()).await.unwrap();
    put(&*store, "a", "1").await.unwrap();
    assert_eq!(get(&*store, "a").await.as_deref(), Some("1"));
}
