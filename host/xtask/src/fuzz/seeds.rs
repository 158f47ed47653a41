//! What a run begins with: examples of the repository, and programs as far as they are built. Nothing
//! of it is committed for this.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::Bench;

/// A larger program would take the whole time to be tried once.
const MAX_PROGRAM: u64 = 60 << 10;

/// Requests of the deploy API, each after the byte that chooses its kind.
const REQUESTS: &[&str] = &[
    "\u{0}{\"manifest\":{\"manifest\":1,\"name\":\"a\",\"http\":[{\"route\":\"/a/:b\"}],\"needs\":{\"state\":[\"default:a/*\"]}},\"artifact\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\",\"accept\":true}",
    "\u{1}{\"operation\":\"split\",\"shares\":[{\"version\":2,\"percent\":10}],\"sticky\":\"x-user\"}",
    "\u{2}{\"method\":\"GET\",\"path\":\"/\",\"headers\":[],\"body\":\"\"}",
    "\u{3}{\"follow\":true,\"level\":\"warn\"}",
    "\u{4}{\"operation\":\"get\",\"key\":\"a\"}",
    "\u{5}{\"operation\":\"publish\",\"topic\":\"a\",\"data\":\"\"}",
];

/// Events in JSON, and the parts of messages.
const EVENTS: &[&str] = &[
    "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\",\"time\":\"2026-01-02T03:04:05.6Z\",\"datacontenttype\":\"application/json\",\"data\":{\"a\":[1,2.5e3,null]},\"more\":\"x\"}",
    "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\",\"data_base64\":\"AAEC\",\"expiration\":\"2026-01-02T03:04:05+02:00\"}",
    "application/json; charset=utf-8\u{0}id\u{0}type\u{0}subject\u{0}key\u{0}{\"a\":1}\u{0}name=value",
    "application/cloudevents+json\u{0}\u{0}\u{0}\u{0}\u{0}{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\"}",
];

/// Texts of `[needs]`, of all kinds.
const GRANTS: &[&str] = &[
    "default\ndefault:a/*\norders:*\n*\napp:shop\nhttps://api.example.com\n*.example.com:8443\n10.0.0.0/8",
];

/// Writes the seeds of a target anew; their folder.
pub(super) fn gather(bench: &Bench<'_>, name: &str) -> Result<PathBuf> {
    let folder = bench.target.join("seeds").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder).with_context(|| format!("make {folder:?}"))?;
    let root = &bench.place.root;
    let texts = match name {
        "control" => REQUESTS,
        "events" => EVENTS,
        "grants" => GRANTS,
        _ => &[],
    };
    let files = match name {
        "settings" => found(&[root.join("configs"), root.join("examples")], "toml"),
        "manifest" => found(&[root.join("examples"), root.join("tests/programs")], "toml"),
        "module" => found(&[bench.place.programs()], "wasm"),
        _ => Vec::new(),
    };
    for (number, text) in texts.iter().enumerate() {
        fs::write(folder.join(format!("text-{number}")), text)?;
    }
    for (number, file) in files.iter().enumerate() {
        fs::copy(file, folder.join(format!("file-{number}")))?;
    }
    if name == "module" {
        fs::write(folder.join("module"), b"\0asm\x01\0\0\0")?;
        fs::write(folder.join("component"), b"\0asm\x0d\0\x01\0")?;
    }
    if name == "door" {
        // a message of each method: a store, and a key or what else is text
        for method in 0..32_u8 {
            let message = [method, 0x0a, 1, b's', 0x12, 1, b'k', 0x1a, 1, b'v'];
            fs::write(folder.join(format!("message-{method}")), message)?;
        }
    }
    Ok(folder)
}

/// The small files of this kind below some folders, sorted.
fn found(folders: &[PathBuf], extension: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    folders.iter().for_each(|folder| below(folder, extension, &mut files));
    files.sort();
    files
}

fn below(folder: &Path, extension: &str, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        if path.is_dir() {
            below(&path, extension, files);
        } else if path.extension() == Some(OsStr::new(extension))
            && fs::metadata(&path).is_ok_and(|about| about.len() <= MAX_PROGRAM)
        {
            files.push(path);
        }
    }
}
