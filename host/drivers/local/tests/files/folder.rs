//! What is in the folder: whole files, and those of other programs.

use std::path::Path;

use ottavo_blocks::file::{NewFile, PageLimit};
use ottavo_core::Kind;

use crate::{cx, get, list, name, open, put, try_open};

/// Everything below a folder that is no folder.
fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => found.push(path.file_name().unwrap().to_string_lossy().into_owned()),
        }
    }
    found.sort();
    found
}

#[tokio::test]
async fn a_dropped_writer_leaves_no_file_and_no_folder() {
    let root = tempfile::tempdir().unwrap();
    let store = open(root.path()).await;
    let mut writer = store.create(&cx(), NewFile::new(name("some/folder/a"))).await.unwrap();
    writer.write(&cx(), "data".into()).await.unwrap();
    assert_eq!(files(root.path()).len(), 1, "what is written is on the disk");
    drop(writer);
    assert_eq!(files(root.path()), [""; 0]);
    assert!(!root.path().join("some").exists());
    put(&*store, "some/folder/a", "data").await.unwrap();
    store.delete(&cx(), &name("some/folder/a")).await.unwrap();
    assert!(!root.path().join("some").exists(), "empty folders go with their last file");
}

#[tokio::test]
async fn what_a_crash_left_half_written_is_gone_when_the_store_is_opened_again() {
    let root = tempfile::tempdir().unwrap();
    let store = open(root.path()).await;
    put(&*store, "kept", "data").await.unwrap();
    let mut writer = store.create(&cx(), NewFile::new(name("lost"))).await.unwrap();
    writer.write(&cx(), "data".into()).await.unwrap();
    // as a crash would: nothing is dropped, and the lock goes with the process
    let half = files(root.path());
    assert_eq!(half.len(), 2);
    let copy = tempfile::tempdir().unwrap();
    let copied = std::process::Command::new("cp")
        .args(["-a", "--"])
        .arg(root.path().join("."))
        .arg(copy.path())
        .status();
    assert!(copied.unwrap().success());
    let again = open(copy.path()).await;
    assert_eq!(files(copy.path()), ["kept"]);
    assert_eq!(get(&*again, "kept").await.as_deref(), Some("data"));
}

#[tokio::test]
async fn files_are_there_when_the_store_is_opened_again() {
    let root = tempfile::tempdir().unwrap();
    let before = put(&*open(root.path()).await, "a/b", "data").await.unwrap();
    let store = open(root.path()).await;
    assert_eq!(store.stat(&cx(), &name("a/b")).await.unwrap(), Some(before));
    assert_eq!(get(&*store, "a/b").await.as_deref(), Some("data"));
}

#[tokio::test]
async fn a_folder_is_for_one_store() {
    let root = tempfile::tempdir().unwrap();
    let first = open(root.path()).await;
    let error = try_open(root.path()).await.err().expect("in use");
    assert_eq!(error.kind(), Kind::FailedPrecondition);
    assert!(error.message().contains(root.path().to_str().unwrap()), "{error}");
    drop(first);
    open(root.path()).await;
}

#[tokio::test]
async fn a_folder_that_cannot_be_is_refused_with_its_path() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "in the way").unwrap();
    for path in [file.join("below"), file] {
        let error = try_open(&path).await.err().expect("no folder");
        assert_eq!(error.kind(), Kind::Unavailable);
        assert!(error.message().contains(path.to_str().unwrap()), "{error}");
    }
}

#[tokio::test]
async fn a_file_of_another_program_is_served_and_its_changes_show() {
    let root = tempfile::tempdir().unwrap();
    let store = open(root.path()).await;
    std::fs::create_dir(root.path().join("theirs")).unwrap();
    std::fs::write(root.path().join("theirs/a"), "one").unwrap();
    assert_eq!(get(&*store, "theirs/a").await.as_deref(), Some("one"));
    let before = store.stat(&cx(), &name("theirs/a")).await.unwrap().unwrap();
    std::fs::write(root.path().join("theirs/a"), "three").unwrap();
    let after = store.stat(&cx(), &name("theirs/a")).await.unwrap().unwrap();
    assert_ne!(before.etag, after.etag);
    // names that no caller could say
    for hidden in ["back\\slash", "two||of||them"] {
        std::fs::write(root.path().join(hidden), "x").unwrap();
    }
    assert_eq!(list(&*store, "").await, ["theirs/a"]);
}

#[tokio::test]
async fn a_large_folder_is_listed_page_by_page() {
    let root = tempfile::tempdir().unwrap();
    let store = open(root.path()).await;
    let expected: Vec<String> = (0..500).map(|n| format!("{:03}/{:03}", n / 100, n)).collect();
    for name in &expected {
        let path = root.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, "x").unwrap();
    }
    let (mut names, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let limit = PageLimit::parse(7).unwrap();
        let page = store.list(&cx(), "", cursor.as_deref(), limit).await.unwrap();
        names.extend(page.files.into_iter().map(|info| info.name.into_string()));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(names, expected);
}
