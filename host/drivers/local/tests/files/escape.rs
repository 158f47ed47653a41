//! No name and no link leads out of the folder.

use std::os::unix::fs::symlink;
use std::path::Path;

use ottavo_blocks::file::{File, PageLimit, Range};
use ottavo_core::Kind;

use crate::{cx, get, list, name, open, put};

/// A store beside a folder with a secret, with links of every kind to it.
async fn with_links(base: &Path) -> std::sync::Arc<dyn File> {
    let (root, outside) = (base.join("root"), base.join("outside"));
    std::fs::create_dir_all(outside.join("folder")).unwrap();
    std::fs::write(outside.join("secret"), "secret").unwrap();
    let store = open(&root).await;
    put(&*store, "inside/file", "data").await.unwrap();
    symlink(outside.join("secret"), root.join("absolute")).unwrap();
    symlink("../outside/secret", root.join("relative")).unwrap();
    symlink(&outside, root.join("folder")).unwrap();
    symlink("../../outside", root.join("inside/up")).unwrap();
    symlink("file", root.join("inside/within")).unwrap();
    symlink(outside.join("new"), root.join("dangling")).unwrap();
    store
}

const LINKS: [&str; 8] = [
    "absolute",
    "relative",
    "folder/secret",
    "folder/folder",
    "inside/up/secret",
    "inside/within",
    "dangling",
    "folder",
];

#[tokio::test]
async fn a_link_is_followed_by_no_read() {
    let base = tempfile::tempdir().unwrap();
    let store = with_links(base.path()).await;
    for link in LINKS {
        assert_eq!(get(&*store, link).await, None, "{link}");
        assert_eq!(store.stat(&cx(), &name(link)).await.unwrap(), None, "{link}");
    }
    assert_eq!(list(&*store, "").await, ["inside/file"]);
    for prefix in ["folder/", "inside/up/", "a"] {
        assert_eq!(list(&*store, prefix).await, [""; 0], "{prefix}");
    }
}

#[tokio::test]
async fn a_link_is_followed_by_no_write() {
    let base = tempfile::tempdir().unwrap();
    let store = with_links(base.path()).await;
    for link in LINKS.into_iter().chain(["folder/new", "folder/deep/new", "inside/up/new"]) {
        let error = put(&*store, link, "overwritten").await.expect_err(link);
        assert_eq!(error.kind(), Kind::FailedPrecondition, "{link}: {error}");
        store.delete(&cx(), &name(link)).await.unwrap();
    }
    let outside = base.path().join("outside");
    assert_eq!(std::fs::read_to_string(outside.join("secret")).unwrap(), "secret");
    let mut left: Vec<_> =
        std::fs::read_dir(outside).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["folder", "secret"]);
    assert!(base.path().join("root/absolute").is_symlink(), "a link is not deleted either");
}

#[tokio::test]
async fn a_prefix_that_leads_up_lists_nothing() {
    let base = tempfile::tempdir().unwrap();
    let store = with_links(base.path()).await;
    let limit = PageLimit::parse(10).unwrap();
    // the rule book refuses these before; the driver would not go there either
    for prefix in ["../", "../outside/", "/", "inside/../../outside/"] {
        let page = store.list(&cx(), prefix, None, limit).await;
        let names = page.map(|page| page.files.len()).unwrap_or_default();
        assert_eq!(names, 0, "{prefix}");
    }
}

#[tokio::test]
async fn what_is_no_file_is_not_there_and_nothing_waits_for_it() {
    let base = tempfile::tempdir().unwrap();
    let store = open(base.path()).await;
    let pipe = std::process::Command::new("mkfifo").arg(base.path().join("pipe")).status();
    assert!(pipe.unwrap().success());
    let _socket = std::os::unix::net::UnixListener::bind(base.path().join("socket")).unwrap();
    std::fs::create_dir(base.path().join("folder")).unwrap();
    for other in ["pipe", "socket", "folder"] {
        assert!(store.open(&cx(), &name(other), Range::default()).await.unwrap().is_none());
        let error = put(&*store, other, "data").await.expect_err(other);
        assert_eq!(error.kind(), Kind::FailedPrecondition, "{other}: {error}");
    }
    assert_eq!(list(&*store, "").await, [""; 0]);
}
